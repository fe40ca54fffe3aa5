"""A picture comes into an image block: clean, in widths, as a file of the work."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from storefront.kit.db import db, step
from storefront.media.models import Media
from storefront.works.models import Item, Work
from storefront.works.services import add_item, publish_version
from tests.browser import Browser
from tests.cast import Cast
from tests.media.bombs import bomb
from tests.media.kept import keys, photo, picture
from tests.works.whole_work import make_whole_work


@pytest.fixture
def work(cast: Cast) -> Work:
    return make_whole_work(cast.alice)


@pytest.fixture
def block(work: Work, cast: Cast) -> str:
    with step():
        return add_item(
            work, "block", "", by=cast.alice, parent="read-me", content={"type": "image", "text": "A boat."}
        ).key


def send(client: Browser, work: Work, key: str, data: bytes, name: str = "boat.jpg", **more: Any) -> Any:
    address = f"/studio/{work.public_id}/items/{key}/picture"
    form = {"file": (io.BytesIO(data), name)}
    return client.post(address, data=form, content_type="multipart/form-data", **more)


def shown_by(work: Work, key: str) -> Item:
    db.session.expire_all()
    return db.session.get_one(Item, (work.id, db.session.get_one(Item, (work.id, key)).content["file"]))


def test_alice_puts_a_picture_into_a_block(client: Browser, cast: Cast, work: Work, block: str) -> None:
    answer = send(client.as_person(cast.alice), work, block, photo(3000, 1800))

    assert answer.headers["Location"] == f"/studio/{work.public_id}/items/read-me#{block}"
    file = shown_by(work, block)
    assert (file.title, file.parent_key, file.content["name"]) == ("boat", "read-me", "boat.webp")
    media = db.session.get_one(Media, file.content["sha256"])
    assert (media.width, media.height, media.widths) == (2560, 1536, [320, 640, 1280, 1920])
    page = client.get(f"/studio/{work.public_id}/items/read-me").text
    assert f'/pictures/{media.sha256}-1920.webp 1920w" sizes=' in page
    assert 'alt="A boat."' in page


@pytest.mark.parametrize("width", [320, 640, 1280, 1920])
def test_nothing_that_came_with_it_is_kept(client: Browser, cast: Cast, work: Work, block: str, width: int) -> None:
    """Turned the way it was held, then without EXIF, in the file too that a buyer would take out."""
    send(client.as_person(cast.alice), work, block, photo(3000, 1800, orientation=6))
    file = shown_by(work, block)
    cut = client.get(f"/studio/{work.public_id}/pictures/{file.content['sha256']}-{width}.webp").data
    whole = client.get(f"/studio/{work.public_id}/files/{file.key}").data

    for data in (cut, whole):
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "WEBP"
            assert image.height > image.width
            assert dict(image.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile"} & set(image.info)
    with Image.open(io.BytesIO(cut)) as image:
        assert image.width == min(width, 1536)


def test_another_picture_takes_the_place_of_the_first(client: Browser, cast: Cast, work: Work, block: str) -> None:
    send(client.as_person(cast.alice), work, block, photo())
    first = shown_by(work, block)
    key, sha256 = first.key, first.content["sha256"]
    with step():
        publish_version(work, "With a boat.", by=cast.alice)

    send(client, work, block, picture(900, 700), "shore.png")

    after = shown_by(work, block)
    assert (after.key, after.content["name"]) == (key, "shore.webp")
    assert after.content["sha256"] != sha256
    assert f"/pictures/{sha256}-640.webp" in client.get(f"/studio/{work.public_id}/versions/1/items/read-me").text
    assert client.get(f"/studio/{work.public_id}/pictures/{sha256}-640.webp").status_code == 200


def test_a_file_that_another_block_shows_is_left_alone(client: Browser, cast: Cast, work: Work, block: str) -> None:
    send(client.as_person(cast.alice), work, block, photo())
    first = shown_by(work, block)
    sha256 = first.content["sha256"]
    with step():
        twin = add_item(
            work, "block", "", by=cast.alice, parent="read-me", content={"type": "image", "text": "", "file": first.key}
        )

    send(client, work, twin.key, picture(900, 700), "shore.png")

    assert shown_by(work, block).content["sha256"] == sha256
    assert shown_by(work, twin.key).key != first.key


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "It is damaged, or it is no picture."),
        (b"<html><script>alert(1)</script>", "It is damaged, or it is no picture."),
        (photo()[:5000], "It is damaged, or it is no picture."),
        (picture(4, 4), "It is smaller than 8 by 8 pixels."),
        (bomb(8_000, 6_000), "It has 8,000 by 6,000 pixels, and 40 million is the most."),
        (bomb(20_000, 20_000), "It has hundreds of millions of pixels, and 40 million is the most."),
    ],
    ids=["svg", "html", "half", "tiny", "large", "bomb"],
)
def test_what_is_no_picture_is_said_beside_the_field(
    client: Browser, cast: Cast, work: Work, block: str, data: bytes, sentence: str
) -> None:
    kept, rows = keys(), db.session.scalar(sa.select(sa.func.count()).select_from(Media))
    db.session.rollback()

    answer = send(client.as_person(cast.alice), work, block, data, "boat.png")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="i-{block}-upload-error"' in answer.text
    assert (keys(), db.session.scalar(sa.select(sa.func.count()).select_from(Media))) == (kept, rows)


def test_only_an_image_block_takes_a_picture(client: Browser, cast: Cast, work: Work) -> None:
    assert send(client.as_person(cast.alice), work, "advice", photo()).status_code == 404


def test_a_picture_of_another_work_is_not_found_here(client: Browser, cast: Cast, work: Work, block: str) -> None:
    send(client.as_person(cast.alice), work, block, photo())
    sha256 = shown_by(work, block).content["sha256"]
    other = make_whole_work(cast.alice)

    assert client.get(f"/studio/{work.public_id}/pictures/{sha256}-640.webp").status_code == 200
    assert client.get(f"/studio/{work.public_id}/pictures/{sha256}-641.webp").status_code == 404
    assert client.get(f"/studio/{other.public_id}/pictures/{sha256}-640.webp").status_code == 404
    assert client.as_person(None).get(f"/studio/{work.public_id}/pictures/{sha256}-640.webp").status_code == 303

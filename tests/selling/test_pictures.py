"""A cover of one's own and a gallery: while it is edited, and as it hangs in the catalog."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image

from storefront.catalog.models import Listing, ListingPicture
from storefront.kit.db import db, settle_reads, step
from storefront.media.models import Media
from storefront.media.sweeping import GRACE, sweep
from storefront.selling.models import DraftPicture
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold
from tests.media.kept import keys, photo, picture
from tests.selling.desk import PAID, WORDS, address, look, make_draft, now, revision, type_in
from tests.worlds import make_pack, make_team


def send(client: Browser, listing: Listing, part: str, data: bytes, name: str = "sea.png", **more: Any) -> Any:
    form = {"file": (io.BytesIO(data), name)}
    return client.post(address(listing, part), data=form, content_type="multipart/form-data", **more)


def gallery(listing: Listing) -> list[tuple[str, str]]:
    db.session.rollback()
    rows = sa.select(DraftPicture.sha256, DraftPicture.alt).where(
        DraftPicture.listing_id == listing.id, DraftPicture.place > 0
    )
    return [(row.sha256, row.alt) for row in db.session.execute(rows.order_by(DraftPicture.place))]


def publish(client: Browser, listing: Listing) -> None:
    assert client.post(address(listing, "publication")).status_code == 303


@pytest.fixture
def listing(client: Browser, cast: Cast) -> Listing:
    """Alice's, with everything it needs but pictures."""
    made = make_draft(cast.alice)
    client.as_person(cast.alice)
    type_in(client, made, "words", WORDS)
    type_in(client, made, "price", PAID)
    return made


def test_an_own_cover_hangs_wherever_the_listing_does(client: Browser, listing: Listing) -> None:
    answer = send(client, listing, "cover", photo(2000, 1250))
    assert answer.headers["Location"].endswith("step=window#art")
    publish(client, listing)

    hung = now(listing)
    assert hung.cover_picture is not None
    assert hung.cover is not None
    mine = f"/pictures/{hung.cover_picture}-640.webp"
    assert mine.replace("640", "320") in client.get("/dashboard/listings").text
    client.as_person(None)
    for path in ("/catalog", f"/listings/{hung.slug}", "/@alice"):
        assert f"/pictures/{hung.cover_picture}-" in client.get(path).text
    shown = client.get(mine)
    assert (shown.status_code, shown.content_type) == (200, "image/webp")
    assert "public" in shown.headers["Cache-Control"]
    assert "immutable" in shown.headers["Cache-Control"]
    assert b"Camera" not in shown.data


def test_the_picture_of_a_shared_link_shows_the_own_cover(client: Browser, listing: Listing) -> None:
    send(client, listing, "cover", picture(1280, 800))
    publish(client, listing)
    page = client.as_person(None).get(f"/listings/{now(listing).slug}").text
    path = page.split('property="og:image" content="')[1].split('"')[0]

    with Image.open(io.BytesIO(client.get(path).data)) as poster:
        assert poster.size == (1200, 630)
        right = poster.convert("RGB").getpixel((1100, 60))
    assert isinstance(right, tuple)
    assert all(abs(seen - meant) < 12 for seen, meant in zip(right, (32, 92, 120), strict=True))


def test_covers_are_switched_back_and_forth_and_none_is_lost(client: Browser, listing: Listing) -> None:
    send(client, listing, "cover", photo())
    publish(client, listing)
    own, drawn = now(listing).cover_picture, now(listing).cover

    type_in(client, listing, "window", {"art": "kept"})
    publish(client, listing)
    assert (now(listing).cover_picture, now(listing).cover) == (None, drawn)
    assert f"/covers/{drawn}-640.webp" in client.get("/catalog").text

    type_in(client, listing, "window", {"art": "picture"})
    publish(client, listing)
    assert (now(listing).cover_picture, now(listing).cover) == (own, drawn)


def test_a_gallery_is_put_in_order_described_and_shown(client: Browser, listing: Listing) -> None:
    for width in (700, 800, 900):
        assert send(client, listing, "gallery", picture(width, 500)).status_code == 303
    first, second, third = (sha256 for sha256, _alt in gallery(listing))
    client.post(address(listing, f"gallery/{third}"), data={"way": "front"})
    client.post(address(listing, f"gallery/{first}"), data={"alt": "  The harbor\nat noon "})
    client.post(address(listing, f"gallery/{second}/removal"))
    assert gallery(listing) == [(first, "The harbor at noon"), (third, "")]
    publish(client, listing)

    page = client.as_person(None).get(f"/listings/{now(listing).slug}").text

    assert page.index(f"/pictures/{first}-1280.webp") < page.index(f"/pictures/{third}-1280.webp")
    assert second not in page
    assert 'alt="The harbor at noon"' in page
    assert 'href="#picture-2"' in page
    assert client.get(f"/pictures/{first}-320.webp").status_code == 200


def test_eight_pictures_are_the_most_and_none_hangs_twice(client: Browser, listing: Listing) -> None:
    for width in range(700, 708):
        send(client, listing, "gallery", picture(width, 500))
    last = send(client, listing, "gallery", picture(720, 500), headers={"Accept": "application/json"})
    assert (last.status_code, last.get_json()["detail"][:26]) == (422, "8 pictures are the most. T")

    client.post(address(listing, f"gallery/{gallery(listing)[7][0]}/removal"))
    twice = send(client, listing, "gallery", picture(700, 500))
    assert twice.status_code == 422
    assert "This picture is in the gallery already." in twice.text


@pytest.mark.parametrize(
    ("part", "data", "sentence"),
    [
        ("cover", picture(500, 300), "It is 500 pixels wide, and 640 is the least that looks sharp."),
        ("cover", b"<svg/>", "It is damaged, or it is no picture."),
        ("gallery", b"<html>", "It is damaged, or it is no picture."),
    ],
)
def test_what_can_not_hang_is_said_beside_the_field(
    client: Browser, listing: Listing, part: str, data: bytes, sentence: str
) -> None:
    answer = send(client, listing, part, data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert gallery(listing) == []


def test_a_draft_is_seen_by_its_people_and_by_whoever_has_the_link(
    client: Browser, cast: Cast, listing: Listing
) -> None:
    send(client, listing, "gallery", picture(700, 500))
    ((sha256, _alt),) = gallery(listing)
    client.post(address(listing, "share-link"))
    page = look(client, listing)
    link = "/previews/" + page.split("/previews/")[1].split('"')[0].split("<")[0].strip()

    assert client.get(address(listing, f"pictures/{sha256}-320.webp")).status_code == 200
    for stranger in (None, cast.mallory):
        assert client.as_person(stranger).get(f"/pictures/{sha256}-320.webp").status_code == 404
    assert client.as_person(cast.mallory).get(address(listing, f"pictures/{sha256}-320.webp")).status_code == 404
    client.as_person(None)
    assert f"{link}/pictures/{sha256}-" in client.get(link).text
    shown = client.get(f"{link}/pictures/{sha256}-320.webp")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")


def test_holders_see_the_cover_of_what_left_the_catalog_and_strangers_do_not(
    client: Browser, cast: Cast, listing: Listing
) -> None:
    send(client, listing, "cover", photo())
    publish(client, listing)
    hold(cast.bob, db.session.get_one(Listing, listing.id, populate_existing=True))
    client.post(address(listing, "retirement"))
    path = f"/pictures/{now(listing).cover_picture}-320.webp"

    assert client.as_person(cast.bob).get(path).status_code == 200
    assert "private" in client.get(path).headers["Cache-Control"]
    assert path in client.get("/library").text
    assert client.as_person(cast.mallory).get(path).status_code == 404
    assert client.as_person(None).get(path).status_code == 404


def test_discarding_brings_the_gallery_back_as_it_hangs(client: Browser, listing: Listing) -> None:
    send(client, listing, "gallery", picture(700, 500))
    publish(client, listing)
    before = gallery(listing)
    send(client, listing, "gallery", picture(800, 500))
    client.post(address(listing, f"gallery/{before[0][0]}/removal"))

    client.post(address(listing, "changes/removal"))

    assert gallery(listing) == before


def test_a_viewer_changes_no_picture(client: Browser, cast: Cast) -> None:

    team = make_team(cast.alice, viewer=cast.bob)
    made = make_draft(cast.alice, make_pack(cast.alice, into=team))
    kept = keys()
    assert send(client.as_person(cast.bob), made, "cover", photo()).status_code == 403
    assert send(client.as_person(cast.mallory), made, "gallery", photo()).status_code == 404
    assert keys() == kept


def test_the_sweep_spares_what_hangs_and_takes_what_went(
    client: Browser, listing: Listing, move_clock: Callable[[timedelta], None]
) -> None:
    send(client, listing, "cover", photo())
    send(client, listing, "gallery", picture(700, 500))
    send(client, listing, "gallery", picture(800, 500))
    publish(client, listing)
    gone = gallery(listing)[1][0]
    client.post(address(listing, f"gallery/{gone}/removal"))
    move_clock(GRACE + timedelta(hours=1))
    settle_reads()
    sweep()
    assert db.session.get(Media, gone) is not None  # the catalog still shows it
    db.session.rollback()

    publish(client, listing)
    settle_reads()
    sweep()

    db.session.expire_all()
    hung = set(db.session.scalars(sa.select(ListingPicture.sha256)))
    assert set(db.session.scalars(sa.select(Media.sha256))) == hung
    assert len(hung) == 2
    with step():
        db.session.execute(sa.delete(DraftPicture))
        db.session.execute(sa.delete(ListingPicture))
    sweep()
    assert keys() == set()
    assert revision(listing, "window") > 0

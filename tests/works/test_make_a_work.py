"""Making, renaming and deleting a work."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront.accounts.models import Workspace
from storefront.accounts.queries import personal_workspace
from storefront.events.models import Event
from storefront.kit.db import db, step
from storefront.library.holdings import holding_of
from storefront.works.models import Item, Version, Work
from storefront.works.services import make_work
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import hold
from tests.works.studio import studio
from tests.works.whole_work import make_whole_work
from tests.worlds import make_offer, make_pack, make_team

FORM = {"kind": "flow", "title": "  Morning   rounds ", "workspace": "alice"}


def works() -> list[Work]:
    return list(db.session.scalars(sa.select(Work).order_by(Work.id)))


def test_alice_begins_a_work(client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.alice).post("/studio/new", data=FORM)

    (work,) = works()
    assert (work.kind, work.title, work.workspace_id) == ("flow", "Morning rounds", personal_workspace(cast.alice).id)
    assert answer.headers["Location"] == studio(work)
    assert "Nothing is in this work yet." in client.get(studio(work)).text
    assert db.session.scalars(sa.select(Event.name).order_by(Event.id)).all()[-1] == "work.made"


@pytest.mark.parametrize("title", ["", "   ", "\u200b\u200b", "\u2066\u2069", "a" * 81])
def test_a_name_that_cannot_be_seen_or_is_too_long_is_refused(client: Browser, cast: Cast, title: str) -> None:
    answer = client.as_person(cast.alice).post("/studio/new", data={**FORM, "title": title})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert works() == []


@pytest.mark.parametrize("title", ["⛴️ Fähre", "كتاب النهر", "ספר הנהר", "<b>bold</b> & co"])
def test_any_script_is_a_name(client: Browser, cast: Cast, title: str) -> None:
    client.as_person(cast.alice).post("/studio/new", data={**FORM, "title": title})

    assert [work.title for work in works()] == [title]
    assert "<b>bold</b>" not in client.get(studio(works()[0])).text


def test_a_plan_without_works_of_ones_own_says_so(client: Browser, cast: Cast) -> None:
    answer = client.as_person(cast.bob).post("/studio/new", data={**FORM, "workspace": "bob"})

    assert answer.status_code == 403
    assert "works of your own" in answer.text
    assert works() == []


def test_a_team_is_chosen_by_its_editors_only(client: Browser, cast: Cast) -> None:
    make_team(cast.alice, "press", editor=cast.carol, viewer=cast.bob)

    assert client.as_person(cast.bob).post("/studio/new", data={**FORM, "workspace": "press"}).status_code == 422
    assert client.as_person(cast.mallory).post("/studio/new", data={**FORM, "workspace": "press"}).status_code == 422
    client.as_person(cast.carol).post("/studio/new", data={**FORM, "workspace": "press"})

    (work,) = works()
    assert db.session.get_one(Workspace, work.workspace_id).handle == "press"


def test_the_studio_lists_what_one_may_open_a_page_at_a_time(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, "press", viewer=cast.bob)
    with step():
        for number in range(30):
            make_work(personal_workspace(cast.alice), "pack", f"Work {number:02}")
        make_work(team, "pack", "The team's")

    first = client.as_person(cast.alice).get("/studio").text
    onward = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]

    assert first.index("The team&#39;s") < first.index("Work 29") < first.index("Work 07")
    assert "Work 06" not in first
    assert "Work 06" in client.get(onward.replace("&amp;", "&")).text
    assert "The team" in client.as_person(cast.bob).get("/studio").text
    assert "The team" not in client.as_person(cast.mallory).get("/studio").text


def test_a_work_is_renamed(client: Browser, cast: Cast) -> None:
    work = make_pack(cast.alice)
    client.as_person(cast.alice).post(studio(work, "/settings"), data={"title": "Field Notes, again"})
    refused = client.post(studio(work, "/settings"), data={"title": " "})

    db.session.expire_all()
    assert work.title == "Field Notes, again"
    assert refused.status_code == 422


def test_what_nothing_needs_is_deleted_with_its_items(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice)
    answer = client.as_person(cast.alice).post(studio(work, "/deletion"))

    assert answer.headers["Location"] == "/studio"
    assert works() == []
    assert db.session.scalars(sa.select(Item)).all() == []
    assert "Quiet Novel Kit” is deleted" in client.get("/studio").text


def test_versions_outlive_a_deleted_work_which_nobody_finds_any_more(client: Browser, cast: Cast) -> None:
    work = make_pack(cast.alice)
    client.as_person(cast.alice).post(studio(work, "/deletion"))

    assert client.get(studio(work)).status_code == 404
    assert "Field Notes" not in client.get("/studio").text.partition("is deleted")[2]
    assert db.session.scalars(sa.select(Item)).all() == []
    assert len(db.session.scalars(sa.select(Version)).all()) == 1


def test_a_deleted_work_makes_room_for_another(client: Browser, cast: Cast) -> None:
    dora = cast.person("Dora", plan="pro")
    make_pack(dora, "One")
    gone = make_pack(dora, "Two")
    form = {**FORM, "workspace": "dora"}
    assert client.as_person(dora).post("/studio/new", data=form).status_code == 403

    client.post(studio(gone, "/deletion"))

    assert client.post("/studio/new", data=form).status_code == 303


def test_a_listed_work_stays_and_says_why(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice)
    work = db.session.get_one(Work, listing.work_id)
    client.as_person(cast.alice)

    assert "The listing “Field Notes” shows it." in client.get(studio(work, "/settings")).text
    answer = client.post(studio(work, "/deletion"))
    assert answer.status_code == 409
    assert "The listing “Field Notes” shows it." in answer.text
    assert work.deleted_at is None


def test_a_copy_stays_with_its_license(client: Browser, cast: Cast) -> None:
    license = hold(cast.bob, make_offer(cast.alice))
    copy = f"/studio/{holding_of(cast.bob, license.public_id).studio_id}"

    answer = client.as_person(cast.bob).post(f"{copy}/deletion")

    assert answer.status_code == 409
    assert "came with a license" in answer.text
    assert client.get(copy).status_code == 200


def test_only_an_owner_deletes(client: Browser, cast: Cast) -> None:
    work = make_whole_work(cast.alice, make_team(cast.alice, "press", editor=cast.bob))

    assert "Only the owner" in client.as_person(cast.bob).get(studio(work, "/settings")).text
    assert client.post(studio(work, "/deletion")).status_code == 403
    assert len(works()) == 1

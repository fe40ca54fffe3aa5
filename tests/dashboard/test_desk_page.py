"""Today at the desk: true figures, what waits, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from storefront.catalog.services import suspend
from storefront.dashboard.figures import figures_for
from storefront.kit import clock
from storefront.kit.db import step
from storefront.ledger.queries import Balance
from tests.analytics.looking import change_plan, look_at
from tests.browser import Browser
from tests.cast import Cast
from tests.library.holding import give_back, hold, release
from tests.selling.desk import make_draft, now
from tests.worlds import make_offer, make_team


def test_a_new_creator_is_led_to_a_first_listing(client: Browser, cast: Cast) -> None:
    assert "1. Make a work." in client.as_person(cast.alice).get("/dashboard").text


def test_figures_are_those_of_the_licenses(
    client: Browser, cast: Cast, move_clock: Callable[[timedelta], None]
) -> None:
    sold, free = make_offer(cast.alice, "Sold", price=1200), make_offer(cast.alice, "Given", price=0)
    hold(cast.mallory, sold)
    move_clock(timedelta(days=40))
    hold(cast.bob, sold)
    hold(cast.bob, free)
    give_back(hold(cast.carol, sold))

    seen = figures_for(cast.alice, 30)

    assert (seen.sales, seen.gets, seen.before) == (1, 3, 1)
    assert seen.balances == {"USD": Balance("USD", held=2040)}
    assert seen.days[-1].earned == 1020
    assert len(seen.days) == 30
    page = client.as_person(cast.alice).get("/dashboard").text
    assert "$20.40" in page
    assert "As many as the 30 days before" in page
    assert "3 gets (1 sale) and 0 views" in page  # the chart in words
    assert "Refunded" in page


def test_what_needs_alice_is_listed_the_gravest_first(client: Browser, cast: Cast) -> None:
    make_draft(cast.alice)
    behind = make_offer(cast.alice, "Behind")
    release(behind, cast.alice)
    with step():
        suspend(now(make_offer(cast.alice, "Taken Down")), "Somebody else wrote it.")

    page = client.as_person(cast.alice).get("/dashboard").text

    places = [page.index(words) for words in ("Taken Down is suspended", "Behind has a newer version", "is a draft")]
    assert places == sorted(places)
    assert "Somebody else wrote it." in page


def test_figures_are_part_of_studio_and_go_by_the_owner(client: Browser, cast: Cast) -> None:
    team = make_team(cast.alice, viewer=cast.bob)
    hold(cast.carol, make_offer(cast.alice, "Ours", price=1000, into=team))
    assert "$8.50" in client.as_person(cast.bob).get("/dashboard").text
    assert "Ours" in client.get("/dashboard/sales.csv").text

    look_at("ours", 40)
    change_plan(cast.alice, "pro")

    page = client.as_person(cast.alice).get("/dashboard").text
    assert "Seeing how it went is part of Studio." in page
    assert "$8.50" not in page
    assert "2.5%" not in page
    for file in ("sales", "days"):
        refused = client.get(f"/dashboard/{file}.csv")
        assert refused.status_code == 403
        assert "is part of Studio" in refused.text


def test_views_gets_and_sales_are_one_chart_with_the_same_numbers_as_a_table(client: Browser, cast: Cast) -> None:
    sold, free = make_offer(cast.alice, "Sold", price=1200), make_offer(cast.alice, "Given", price=0)
    look_at("sold", 120)
    look_at("sold", 60, days_ago=29)
    look_at("given", 20)
    look_at("given", 1_000, days_ago=30)
    hold(cast.bob, sold)
    hold(cast.bob, free)

    seen = figures_for(cast.alice, 30)
    page = client.as_person(cast.alice).get("/dashboard").text

    assert (seen.views, seen.gets, seen.sales, seen.conversion) == (200, 2, 1, "1.0%")
    assert (seen.days[0].views, seen.days[-1].views) == (60, 140)
    assert "2 gets (1 sale) and 200 views." in page
    today = page.split("</table>")[0].rsplit("<tr>", 1)[1]
    assert [part.split("<")[0] for part in today.split('">')[1:]] == ["2", "1", "140"]
    assert client.get("/dashboard?days=7").text.count("140 views") == 2  # one day, and all of it in words


def test_a_year_is_drawn_by_weeks_and_says_the_same(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, "Sold")
    for days_ago in (0, 6, 7, 363, 364):
        look_at("sold", 10, days_ago=days_ago)

    seen = figures_for(cast.alice, 364)

    assert len(seen.chart.points) == 52
    assert [seen.chart.points[at].line for at in (0, 50, 51)] == [10, 10, 20]
    assert seen.views == sum(point.line for point in seen.chart.points) == 40
    assert "Week of" in client.as_person(cast.alice).get("/dashboard?days=364").text


def test_listings_lead_by_gets_views_or_earnings_with_their_conversion(client: Browser, cast: Cast) -> None:
    dear, free = make_offer(cast.alice, "Dear", price=9000), make_offer(cast.alice, "Given", price=0)
    make_offer(cast.alice, "Seen")
    hold(cast.bob, dear)
    hold(cast.bob, free)
    hold(cast.carol, free)
    look_at("seen", 300)
    look_at("given", 80)
    client.as_person(cast.alice)

    def leading(by: str) -> list[str]:
        part = client.get(f"/dashboard?by={by}").text.split('id="dashboard-top"')[1].split("</table>")[0]
        return [title for _at, title in sorted((part.find(f">{each}<"), each) for each in ("Dear", "Given", "Seen"))]

    assert leading("gets") == ["Given", "Dear", "Seen"]
    assert leading("views") == ["Seen", "Given", "Dear"]
    assert leading("earned")[0] == "Dear"
    assert leading("nonsense") == leading("gets")
    page = client.get("/dashboard").text
    assert '<td class="r tn" data-l="Conversion">2.5%</td>' in page  # two of eighty
    assert '<td class="r tn" data-l="Conversion">0.0%</td>' in page
    assert '<td class="r tn" data-l="Conversion">—</td>' in page  # nobody looked at it


def test_days_and_listings_are_a_file_that_streams(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice, "=Sum", slug="sum"))
    make_offer(cast.alice, "Seen")
    look_at("sum", 40)
    look_at("sum", 3, days_ago=2)
    look_at("seen", 9, days_ago=2)
    look_at("seen", 9, days_ago=7)

    answer = client.as_person(cast.alice).get("/dashboard/days.csv?days=7")

    assert "Content-Length" not in answer.headers  # sent as it is read
    now = clock.now().date()
    before = now - timedelta(days=2)
    assert answer.text.splitlines() == [
        "Date,Work,Views,Gets,Conversion,Sales,Yours,Currency",
        f"{now},'=Sum,40,1,2.5%,1,10.20,USD",
        f"{before},'=Sum,3,0,0.0%,0,0.00,USD",
        f"{before},Seen,9,0,0.0%,0,0.00,USD",
    ]


def test_mallory_sees_no_view_of_alice(client: Browser, cast: Cast) -> None:
    make_offer(cast.alice, "Hers")
    look_at("hers", 4_321)
    mallory = cast.person("Mona", plan="studio")
    make_offer(mallory, "Own")

    for path in ("/dashboard", "/dashboard/days.csv", "/dashboard/listings?sort=views", "/dashboard/listings.csv"):
        seen = client.as_person(mallory).get(path).text
        assert "Hers" not in seen
        assert "4,321" not in seen
        assert "4321" not in seen


def test_mallory_sees_no_sale_of_alice(client: Browser, cast: Cast) -> None:
    hold(cast.bob, make_offer(cast.alice, "Hers"))
    mallory = cast.person("Mona", plan="studio")

    assert "Hers" not in client.as_person(mallory).get("/dashboard").text
    assert "Hers" not in client.get("/dashboard/sales.csv").text


def test_all_sales_are_a_file_that_streams(client: Browser, cast: Cast) -> None:
    listing = make_offer(cast.alice, "=Sum", slug="sum")
    hold(cast.bob, listing)
    hold(cast.bob, make_offer(cast.alice, "Given", price=0))

    answer = client.as_person(cast.alice).get("/dashboard/sales.csv")

    assert "Content-Length" not in answer.headers  # sent as it is read
    lines = answer.text.splitlines()
    assert lines[0] == "Work,Date,License,State,Paid,Fee,Yours,Currency"
    assert len(lines) == 2
    assert lines[1].startswith("'=Sum,")
    assert lines[1].endswith(",completed,12.00,1.80,10.20,USD")


def test_the_desk_costs_the_same_for_any_number(
    client: Browser, cast: Cast, count_statements: Callable[..., Any]
) -> None:
    hold(cast.bob, make_offer(cast.alice, "One"))
    client.as_person(cast.alice)

    def cost() -> int:
        client.get("/dashboard")
        with count_statements() as statements:
            client.get("/dashboard?days=90")
        return len(statements)

    one = cost()
    for at in range(3):
        hold(cast.bob, make_offer(cast.alice, f"More {at}"))
    assert cost() == one <= 14

"""The pieces: what a page may rely on when it writes one."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask, render_template, render_template_string
from flask_wtf import FlaskForm
from wtforms import EmailField, Form, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from storefront.kit.charts import Chart, Measure, Point
from storefront.kit.errors import Refusal
from storefront.kit.fields import TagsField
from tests.conftest import make_app


class Window(Form):  # type: ignore[misc]  # WTForms ships no types
    title = StringField("Title", description="What people see on the card.")
    about = TextAreaField("About")
    email = EmailField("E-mail")
    price = StringField("Price")
    tags = TagsField("Tags")
    terms = RadioField(
        "License",
        choices=[SelectChoice("personal", "Personal"), SelectChoice("team", "Team")],
        default="team",
    )


class Pictures(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    files = MultipleFileField("Pictures")


SALES = Measure("Sales", "sale", "sales")
VIEWS = Measure("Views", "view", "views")


@pytest.fixture(scope="module")
def signed_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app inside a request of somebody signed out; no database is asked."""
    app = make_app(tmp_path_factory.mktemp("pieces"))
    app.jinja_env.globals["cover_url"] = lambda listing, width: f"/covers/{listing.cover}-{width}.webp"
    with app.test_request_context("/listings/field-notes?from=x"):
        yield app


def render(template: str, **context: object) -> str:
    """Render one line of a template as a page would see it, its white space folded."""
    return " ".join(render_template_string(template, **context).split())


def listing(**more: object) -> SimpleNamespace:
    facts = {
        "slug": "field-notes",
        "title": "Field <Notes>",
        "price": 1200,
        "currency": "USD",
        "kind": "pack",
    }
    facts |= {"creator_name": "Alice", "all_access": False, "cover": "c0ffee", "cover_picture": None}
    return SimpleNamespace(**{**facts, **more})


CARD = '{% from "ui/card.html" import card %}{{ card(row, owned) }}'


@pytest.mark.usefixtures("signed_out")
class TestCard:
    def test_it_has_one_link_and_says_price_kind_and_maker(self) -> None:
        html = render(CARD, row=listing(), owned=False)
        assert html.count("<a ") == 1
        assert '<a href="/listings/field-notes">Field &lt;Notes&gt;</a>' in html
        assert '<p class="price">$12.00</p>' in html
        assert "Prompt pack by </span>Alice" in html

    def test_what_is_yours_says_so_in_place_of_the_price(self) -> None:
        html = render(CARD, row=listing(), owned=True)
        assert '<span class="dot"></span>Yours' in html
        assert "$12.00" not in html

    def test_what_costs_nothing_is_free(self) -> None:
        assert '<p class="price">Free</p>' in render(CARD, row=listing(price=0), owned=False)

    def test_the_print_is_sized_and_comes_in_three_widths(self) -> None:
        html = render(CARD, row=listing(), owned=False)
        assert 'width="640" height="400"' in html
        widths = [f"/covers/c0ffee-{width}.webp {width}w" for width in (320, 640, 1280)]
        assert f'srcset="{", ".join(widths)}"' in html
        assert 'loading="lazy"' in html

    def test_without_a_cover_an_empty_frame_hangs(self) -> None:
        html = render(CARD, row=listing(cover=None), owned=False)
        assert "<img" not in html
        assert "border-dashed" in html


FIELD = '{% from "ui/field.html" import field %}'


@pytest.mark.usefixtures("signed_out")
class TestField:
    def test_hint_and_error_are_tied_to_the_control_in_that_order(self) -> None:
        form = Window()
        form.title.errors = ["Write a title."]
        html = render(FIELD + "{{ field(form.title) }}", form=form)
        assert '<label for="title">Title</label>' in html
        assert '<p class="hint" id="title-hint">What people see on the card.</p>' in html
        assert 'aria-describedby="title-hint title-error"' in html
        assert 'aria-invalid="true"' in html
        assert 'id="title-error"' in html

    def test_a_field_in_order_has_neither(self) -> None:
        html = render(FIELD + "{{ field(form.email, autocomplete='username') }}", form=Window())
        assert "aria-" not in html.replace('aria-hidden="true"', "")
        assert 'autocomplete="username"' in html
        assert 'class="input"' in html
        assert 'type="email"' in html

    def test_a_text_area_looks_like_one(self) -> None:
        assert 'class="textarea"' in render(FIELD + "{{ field(form.about) }}", form=Window())

    def test_what_was_typed_is_kept_and_escaped(self) -> None:
        html = render(FIELD + "{{ field(form.title) }}", form=Window(data={"title": '"><b>'}))
        assert 'value="&#34;&gt;&lt;b&gt;"' in html

    def test_a_money_field_ties_its_error(self) -> None:
        form = Window()
        form.price.errors = ["Make it $0.50 or more, or choose free."]
        html = render('{% from "ui/money_field.html" import money_field %}{{ money_field(form.price) }}', form=form)
        assert 'class="money bad"' in html
        assert 'aria-describedby="price-error"' in html
        assert 'inputmode="decimal"' in html

    def test_choices_say_their_consequence_and_which_is_chosen(self) -> None:
        template = '{% from "ui/choice.html" import choices %}{{ choices(form.terms, {"team": "For all of us."}) }}'
        html = render(template, form=Window())
        assert 'value="team" checked>' in html
        assert 'value="personal" >' not in html
        assert '<span class="note">For all of us.</span>' in html


BUTTON = '{% from "ui/button.html" import button, icon_button %}'


@pytest.mark.usefixtures("signed_out")
class TestButton:
    def test_it_names_its_word_while_it_works(self) -> None:
        html = render(BUTTON + '{{ button("Get for $12.00", "accent", "lg", busy="Getting") }}')
        assert html == (
            '<button class="btn btn-accent btn-lg" type="submit" data-busy="Getting">Get for $12.00</button>'
        )

    def test_with_an_address_it_is_a_link(self) -> None:
        html = render('{% from "ui/button.html" import button %}{{ button("Open", "plain", href="/x?a=1&b=2") }}')
        assert html == '<a class="btn btn-plain" href="/x?a=1&amp;b=2">Open</a>'

    def test_an_icon_alone_has_a_name(self) -> None:
        html = render(BUTTON + '{{ icon_button("Close", "x") }}')
        assert 'aria-label="Close"' in html


TAGS = '{% from "ui/tag_input.html" import tag_input %}{{ tag_input(form.tags, suggestions=["notes"]) }}'
UPLOAD = '{% from "ui/upload.html" import upload %}{{ upload(form, form.files, "/pictures", limit_mb=2) }}'


@pytest.mark.usefixtures("signed_out")
class TestTagInput:
    def test_without_script_it_is_a_line_with_commas(self) -> None:
        html = render(TAGS, form=Window(data={"tags": ["research", "<b>"]}))
        assert 'name="tags" type="text" value="research, &lt;b&gt;"' in html
        assert 'list="tags-known"' in html
        assert '<option value="notes">' in html

    def test_its_error_is_tied_to_it(self) -> None:
        form = Window()
        form.tags.errors = ["Add a tag."]
        html = render(TAGS, form=form)
        assert 'aria-describedby="tags-error"' in html
        assert 'aria-invalid="true"' in html
        assert 'class="tagbox bad"' in html


@pytest.mark.usefixtures("signed_out")
class TestUpload:
    def test_without_script_it_is_a_form_with_a_file_field_and_a_button(self) -> None:
        html = render(UPLOAD, form=Pictures(meta={"csrf": False}))
        assert '<form class="field" method="post" action="/pictures" enctype="multipart/form-data"' in html
        assert 'type="file"' in html
        assert 'name="files"' in html
        assert "Upload</button>" in html

    def test_it_says_what_it_takes(self) -> None:
        html = render(UPLOAD, form=Pictures(meta={"csrf": False}))
        assert 'aria-describedby="files-hint"' in html
        assert "WebP, PNG or JPEG, to 2 MB each" in html
        assert 'data-limit="2000000"' in html


@pytest.mark.usefixtures("signed_out")
class TestChart:
    CHART = Chart([Point("1 November", "1 Nov", 3, 20), Point("2 November", "2 Nov", 0, 7)], SALES, VIEWS)

    def test_the_drawing_the_words_and_the_table_say_the_same(self) -> None:
        html = render('{% from "ui/chart.html" import chart %}{{ chart(figures, "Sales") }}', figures=self.CHART)
        assert 'role="img" aria-label="1 November to 2 November: 3 sales and 27 views.' in html
        assert html.count("h0") - html.count("th0") == 3
        assert "<title>2 November: 0 sales, 7 views</title>" in html
        assert '<td>1 November</td> <td class="r" data-l="Sales">3</td> <td class="r" data-l="Views">20</td>' in html

    def test_a_chart_of_nothing_says_so(self) -> None:
        empty = Chart([Point("1 November", "1 Nov", 0)], SALES)
        template = '{% from "ui/chart.html" import chart %}{{ chart(figures, "Sales", nothing="No sales yet.") }}'
        assert '<p class="chart-nothing">No sales yet.</p>' in render(template, figures=empty)


@pytest.mark.usefixtures("signed_out")
class TestRefusal:
    def test_for_htmx_it_is_a_toast_that_stays(self) -> None:
        refusal = Refusal("All <copies> are used up.", action=("See the plans", "/pricing"))
        html = " ".join(render_template("errors/_toast.html", refusal=refusal).split())
        assert html.startswith('<div hx-swap-oob="beforeend:#toasts">')
        assert 'role="alert" data-toast="bad"' in html
        assert "All &lt;copies&gt; are used up." in html
        assert '<a href="/pricing">See the plans</a>' in html

    def test_as_a_page_it_says_what_why_and_a_way_on(self) -> None:
        refusal = Refusal("You are on Pro.", title="Selling needs Studio.", action=("See the plan", "/pricing"))
        html = render_template("errors/error.html", refusal=refusal, status=403)
        assert html.count("<h1") == 1
        assert "Selling needs Studio." in html
        assert 'href="/pricing">See the plan</a>' in html
        assert "req_" in html

    def test_a_broken_page_asks_nobody_who_you_are(self, signed_out: Flask) -> None:
        html = signed_out.jinja_env.get_template("errors/broken.html").render(status=500, request_id="req_1")
        assert "Something broke." in html
        assert "req_1" in html
        assert "htmx" not in html


@pytest.mark.usefixtures("signed_out")
class TestFrame:
    def test_a_signed_out_page_carries_no_token_and_comes_back_after_signing_in(self) -> None:
        html = render_template("errors/error.html", refusal=Refusal(), status=400)
        assert "csrf" not in html.lower()
        assert 'href="/login?next=/listings/field-notes%3Ffrom%3Dx"' in html
        assert 'class="skip" href="#main"' in html

    def test_nothing_is_inline(self) -> None:
        html = render_template("errors/error.html", refusal=Refusal(), status=400)
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert html.count("<script") == html.count("<script src=")

"""People may write what they like; only what is safe is shown."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from storefront.kit.markdown import ATTRIBUTES, LINK_REL, TAGS, render_markdown

# A scheme as browsers read it, blanks and control characters before it: https://url.spec.whatwg.org/#scheme-state
SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\t\r\n-]*):", re.IGNORECASE)


class Reader(HTMLParser):
    """Collects the tags and attributes of a page, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.found}


def assert_safe(html: str) -> None:
    """Only listed tags and attributes, and links that lead nowhere but to pages and mail."""
    for tag, attributes in Reader(html).found:
        assert tag in TAGS
        allowed = ATTRIBUTES.get(tag, set()) | {"rel"} if tag == "a" else ATTRIBUTES.get(tag, set())
        fixed = {"class": "scroll-x", "tabindex": "0"} if tag in ("div", "pre") else {}
        for name, value in attributes.items():
            assert name in allowed or fixed.get(name) == value
        scheme = SCHEME.match(attributes.get("href") or "")
        assert scheme is None or scheme[1].lower() in ("http", "https", "mailto")


def test_plain_text_is_a_paragraph() -> None:
    assert render_markdown("Two **bold** words & one < two.") == (
        "<p>Two <strong>bold</strong> words &amp; one &lt; two.</p>\n"
    )
    assert isinstance(render_markdown("x"), Markup)


def test_nothing_written_shows_nothing() -> None:
    assert render_markdown("") == ""
    assert render_markdown(" \n\n ") == ""


def test_lists_quotes_code_and_strikethrough() -> None:
    html = render_markdown("7. seven\n8. eight\n\n> said\n\n~~gone~~ `x < 1`\n\n---\n\n- a\n- b")
    assert '<ol start="7">\n<li>seven</li>' in html
    assert "<blockquote>\n<p>said</p>\n</blockquote>" in html
    assert "<s>gone</s> <code>x &lt; 1</code>" in html
    assert "<hr>" in html
    assert "<ul>\n<li>a</li>" in html


def test_a_table_scrolls_by_itself_and_has_no_inline_style() -> None:
    html = render_markdown("| plan | price |\n|---|--:|\n| one | $4.00 |")
    assert html.startswith('<div class="scroll-x" tabindex="0"><table>')
    assert html.rstrip().endswith("</table></div>")
    assert "<td>$4.00</td>" in html
    assert "style" not in html


@pytest.mark.parametrize("text", ["```python onclick=x\nif x < 1: <b>\n```", "    if x < 1: <b>\n"])
def test_code_stays_code(text: str) -> None:
    assert render_markdown(text) == '<pre tabindex="0"><code>if x &lt; 1: &lt;b&gt;\n</code></pre>\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n## B\n### C\n#### D\n##### E\n###### F", ["h3", "h4", "h5", "h6", "h6", "h6"]),
        ("## Used first\n## Again\n#### Skipped one", ["h3", "h3", "h4"]),
        ("Setext\n======\n\n> # Quoted", ["h3", "h3"]),
    ],
)
def test_headings_begin_at_h3_and_skip_no_level(text: str, expected: list[str]) -> None:
    tags = [tag for tag, _ in Reader(render_markdown(text)).found if tag.startswith("h")]
    assert tags == expected


def test_links_carry_no_weight_and_open_no_door() -> None:
    html = render_markdown('[here](https://example.com/a?b=1&c=2 "A page") <mailto:a@example.com> [in](/catalog)')
    links = [attributes for _, attributes in Reader(html).found if "href" in attributes]
    assert [link["href"] for link in links] == [
        "https://example.com/a?b=1&c=2",
        "mailto:a@example.com",
        "/catalog",
    ]
    assert {link["rel"] for link in links} == {LINK_REL}
    assert links[0]["title"] == "A page"


def test_a_picture_gives_way_to_its_words() -> None:
    html = render_markdown("![A *cat* & <dog>](https://example.com/track.gif) [![Home](x.png)](/)")
    assert "img" not in Reader(html).names
    assert "A cat &amp; &lt;dog&gt;" in html
    assert ">Home</a>" in html
    assert "track.gif" not in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="https://example.com" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
        "<iframe src='//example.com'></iframe>",
        "<svg/onload=alert(1)>",
        "<form action=/logout method=post><button>x</button></form>",
        "<!-- --!><script>alert(1)</script> -->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "> <script>\n> alert(1)\n> </script>",
        "- <details open ontoggle=alert(1)>",
        "**<b onmouseover=alert(1)>**",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_raw_html_is_shown_as_text(text: str) -> None:
    html = render_markdown(text)
    assert_safe(html)
    assert "&lt;" in html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "  javascript:alert(1)",
        "java\tscript:alert(1)",
        "javascript&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;&#x61;vascript&#58;alert(1)",
        "\\javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "file:///etc/passwd",
        "blob:https://example.com/1",
        "ftp://example.com/",
    ],
)
@pytest.mark.parametrize("form", ["[x]({})", "[x](<{}>)", "<{}>", "[x][1]\n\n[1]: {}", "![x]({})", "[![x]({0})]({0})"])
def test_a_link_that_runs_something_is_no_link(form: str, target: str) -> None:
    assert_safe(render_markdown(form.format(target)))


@pytest.mark.parametrize(
    "text",
    [
        '[x](https://example.com "\\" onclick=\\"alert(1)")',
        "[x](https://example.com/\"onclick='alert(1)')",
        "[a](https://example.com/<script>)",
        '``` "><script>alert(1)</script>\n```',
        "[x](https://example.com 'title\" onmouseover=\"alert(1)')",
        '<https://example.com/"onclick="alert(1)>',
    ],
)
def test_an_attribute_cannot_be_broken_out_of(text: str) -> None:
    assert_safe(render_markdown(text))


@pytest.mark.parametrize(
    "text",
    [
        "> " * 500 + "x",
        "- " * 500 + "x",
        "[" * 3000,
        "*" * 3000 + "a",
        "`" * 3000,
        "![" * 1000 + "](x)" * 1000,
        "\x00",
    ],
    ids=["quotes", "lists", "brackets", "stars", "ticks", "pictures", "nul"],
)
def test_deep_nesting_gives_a_page_not_an_error(text: str) -> None:
    assert_safe(render_markdown(text))


@given(st.text(alphabet=st.sampled_from("[]()<>!*_`~|#-\"'&;:/ \nabjavscriptonx=&#0123456789"), max_size=200))
def test_anything_at_all_is_safe(text: str) -> None:
    assert_safe(render_markdown(text))

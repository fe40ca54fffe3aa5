"""Markdown that people wrote, as HTML that is safe to show.

CommonMark with tables and strikethrough. Raw HTML is shown as the text it is, pictures give way to their
alternative text, and headings begin at h3, below a page's title and its section. markdown-it escapes; what
it makes then goes through nh3 with a short list of tags, so that a fault in one is caught by the other.
"""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

HEADINGS = ("h3", "h4", "h5", "h6")
LINK_REL = "nofollow noopener ugc"
LINK_SCHEMES = {"http", "https", "mailto"}
TAGS = {
    "a", "blockquote", "br", "code", "div", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul",
    "table", "thead", "tbody", "tr", "th", "td", *HEADINGS,
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
# What may scroll sideways takes the focus, so that a keyboard can scroll it (WCAG 2.1.1).
SCROLLERS = {"div": {"class": {"scroll-x"}, "tabindex": {"0"}}, "pre": {"tabindex": {"0"}}}


def render_markdown(text: str) -> Markup:
    """``text`` as sanitized HTML; any input gives a result, hostile or not.

    Links carry ``rel="nofollow noopener ugc"`` and lead only to http, https, mailto or this site.
    """
    html = nh3.clean(
        MARKDOWN.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values=SCROLLERS,
        link_rel=LINK_REL,
        url_schemes=LINK_SCHEMES,
    )
    return Markup(html)


class Renderer(RendererHTML):
    """HTML without pictures and styles, where what is wide scrolls by itself."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return str(escape(self.renderInlineAsText(tokens[idx].children, options, env)))

    def fence(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return f'<pre tabindex="0"><code>{escape(tokens[idx].content)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.fence(tokens, idx, options, env)

    def table_open(self, *_: object) -> str:
        return '<div class="scroll-x" tabindex="0"><table>\n'

    def table_close(self, *_: object) -> str:
        return "</table></div>\n"


def lower_headings(state: StateCore) -> None:
    """Name the heading levels that a text uses, whichever they are, h3, h4, h5, h6 in order."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({token.tag for token in headings})
    lowered = {level: HEADINGS[min(rank, len(HEADINGS) - 1)] for rank, level in enumerate(levels)}
    for token in headings:
        token.tag = lowered[token.tag]


MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=Renderer).enable(["table", "strikethrough"])
MARKDOWN.core.ruler.push("lower_headings", lower_headings)

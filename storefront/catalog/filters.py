"""What a catalog address asks for: read from any query string, written back in one canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from storefront.catalog.facets import ALL
from storefront.catalog.models import MODELS
from storefront.catalog.tags import distinct
from storefront.kit.search import terms

LONGEST_QUERY = 120
MOST_TAGS_ASKED = 8
PRICES = {"free": "Free", "paid": "Paid", "all_access": "In All-Access"}
KINDS = {"pack": "Prompt packs", "flow": "Flows", "project": "Projects"}
MODEL_WORDS = {model.lower().replace(" ", "-"): model for model in MODELS}
SORTS = {
    "trending": "Trending",
    "newest": "Newest",
    "price_asc": "Price, low first",
    "price_desc": "Price, high first",
}
RELEVANCE = {"relevance": "Best match"}
GROUPS: Mapping[str, Mapping[str, str]] = {"price": PRICES, "kind": KINDS, "model": MODEL_WORDS}


@dataclass(frozen=True)
class Chip:
    """One filter that is on, and the address without it."""

    text: str
    off_url: str
    excluded: bool = False


@dataclass(frozen=True)
class Filters:
    """What is asked for: every field holds known values only, in one order, each once."""

    q: str = ""
    tag: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    price: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    chosen_sort: str = ""
    words: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(terms(self.q)))

    @property
    def sorts(self) -> dict[str, str]:
        """The orders that make sense here, the one taken unasked first."""
        return {**RELEVANCE, **SORTS} if self.q else SORTS

    @property
    def sort(self) -> str:
        return self.chosen_sort or next(iter(self.sorts))

    @property
    def tags_typed(self) -> str:
        """Both kinds of tags, as one types them: ``writing, -horror``."""
        return ", ".join((*self.tag, *(f"-{tag}" for tag in self.without)))

    @property
    def only_tag(self) -> str:
        """The tag, where one tag is all that is asked for; else empty."""
        return self.tag[0] if len(self.tag) == 1 and self == Filters(tag=self.tag) else ""

    @property
    def required(self) -> list[str]:
        """Facets that a listing must have: each tag, and each group with one value chosen."""
        return [f"tag:{tag}" for tag in self.tag] + [one[0] for one in self._grouped() if len(one) == 1]

    @property
    def alternatives(self) -> list[list[str]]:
        """Groups of facets of which a listing must have at least one."""
        return [several for several in self._grouped() if len(several) > 1]

    @property
    def excluded(self) -> list[str]:
        return [f"tag:{tag}" for tag in self.without]

    @property
    def facets(self) -> list[str]:
        """Every facet whose count a page with these filters shows or needs."""
        grouped = [facet_of(group, value) for group, values in GROUPS.items() for value in values]
        return [ALL, *grouped, *(f"tag:{tag}" for tag in (*self.tag, *self.without))]

    @property
    def count(self) -> int:
        """How many filters are on."""
        return sum(map(len, (self.tag, self.without, self.price, self.kind, self.model)))

    @property
    def cleared_url(self) -> str:
        """The same search in the same order without a filter."""
        return Filters(q=self.q, chosen_sort=self.chosen_sort).url()

    @property
    def unsearched_url(self) -> str:
        """The same filters without the search."""
        return replace(self, q="", chosen_sort="" if self.sort == "relevance" else self.chosen_sort).url()

    def url(self, **more: str) -> str:
        """The one address of what is asked for; ``more`` are further parameters, such as ``after``."""
        lists = {"tag": self.tag, "not": self.without, "price": self.price, "kind": self.kind, "model": self.model}
        said = {"q": self.q, **{name: ",".join(values) for name, values in lists.items()}}
        said |= {"sort": "" if self.sort == next(iter(self.sorts)) else self.sort, **more}
        query = urlencode({name: value for name, value in said.items() if value}, safe=",")
        return f"/catalog?{query}" if query else "/catalog"

    def chips(self) -> list[Chip]:
        """The filters that are on, each with the address that takes it away. The search has its own field."""
        chips: list[Chip] = []
        for name, words in GROUPS.items():
            chips += [Chip(words[value], self._less(name, value)) for value in getattr(self, name)]
        chips += [Chip(tag, self._less("tag", tag)) for tag in self.tag]
        chips += [Chip(tag, self._less("without", tag), excluded=True) for tag in self.without]
        return chips

    def _less(self, name: str, value: str) -> str:
        left = tuple(each for each in getattr(self, name) if each != value)
        less: dict[str, Any] = {name: left}
        return replace(self, **less).url()

    def _grouped(self) -> list[list[str]]:
        chosen = ([facet_of(name, value) for value in getattr(self, name)] for name in GROUPS)
        return [facets for facets in chosen if facets]


def read_filters(arguments: MultiDict[str, str]) -> Filters:
    """Filters from a query string: repeated parameters and comma lists alike, what is unknown left out.

    A tag with a minus in front is one to leave out, as the tag field says.
    """
    typed = _listed(arguments, "tag")
    tags = distinct(tag for tag in typed if not tag.startswith("-"))
    without = distinct([*_listed(arguments, "not"), *(tag for tag in typed if tag.startswith("-"))])
    found: dict[str, Any] = {name: _known(arguments, name, words) for name, words in GROUPS.items()}
    filters = Filters(
        q=" ".join(arguments.get("q", "").replace("\x00", " ").split())[:LONGEST_QUERY].strip(),
        tag=tuple(sorted(tags))[:MOST_TAGS_ASKED],
        without=tuple(sorted(set(without) - set(tags)))[:MOST_TAGS_ASKED],
        **found,
    )
    sort = arguments.get("sort", "")
    is_chosen = sort in filters.sorts and sort != filters.sort
    return replace(filters, chosen_sort=sort) if is_chosen else filters


def _listed(arguments: MultiDict[str, str], name: str) -> list[str]:
    return [part.strip() for text in arguments.getlist(name) for part in text.split(",") if part.strip()]


def _known(arguments: MultiDict[str, str], name: str, words: Iterable[str]) -> tuple[str, ...]:
    joint = "_" if name == "price" else "-"
    asked = {value.casefold().replace(" ", joint).replace("-", joint) for value in _listed(arguments, name)}
    return tuple(word for word in words if word in asked)


def facet_of(group: str, value: str) -> str:
    """The facet behind one choice of a group: ``facet_of("model", "gpt")`` is ``model:GPT``."""
    return f"{group}:{MODEL_WORDS[value] if group == 'model' else value}"

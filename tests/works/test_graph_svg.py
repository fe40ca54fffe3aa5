"""The drawing of a flow shows all of it, to eyes and to ears, and carries nothing that could run."""

import re
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from storefront.works.graph_svg import MOST_STEPS, graph_svg, sentence, steps_in_order

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert(1)</script> & 'x' onload=alert(1) {0} {name} %s"


def step(key: str, kind: str = "prompt", title: str = "") -> dict[str, str]:
    return {"key": key, "title": title or key.title(), "kind": kind}


def edge(start: str, end: str, label: str = "") -> dict[str, str]:
    return {"from": start, "to": end, "label": label} if label else {"from": start, "to": end}


FLOW: dict[str, Any] = {
    "steps": [
        step("paste", "input"),
        step("sort"),
        step("right", "decision", "Do the piles look right?"),
        step("mail", "tool"),
        step("done", "output"),
        step("later", "hologram"),
    ],
    "edges": [
        edge("paste", "sort"),
        edge("sort", "right"),
        edge("right", "sort", "No"),
        edge("right", "mail", "Yes"),
        edge("right", "later"),
        edge("mail", "done"),
        edge("mail", "mail", "One more"),
        edge("mail", "mail", "Try again"),
    ],
}


def drawn(content: dict[str, Any], title: str = "Flow") -> ElementTree.Element:
    return ElementTree.fromstring(graph_svg(content, title))


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_every_step_is_a_box_with_its_title_and_kind_in_words() -> None:
    root = drawn(FLOW)
    boxes = with_class(root, "graph-step")
    assert [words(box.find(f"{SVG}text[@class='graph-kind']")) for box in boxes] == [  # type: ignore[arg-type]
        "Input", "Prompt", "Decision", "Tool", "Output", "Step",
    ]  # fmt: skip
    titles = [words(title) for title in with_class(root, "graph-title")]
    assert titles[0] == "Paste"
    assert titles[2].replace(" ", "") == "Dothepileslookright?"


def test_every_edge_has_an_arrow_and_the_ways_back_are_marked() -> None:
    root = drawn(FLOW)
    assert len(with_class(root, "graph-edge")) == len(with_class(root, "graph-head")) == 7
    assert len(with_class(root, "graph-back")) == 2
    assert {words(label) for label in with_class(root, "graph-label")} == {"No", "Yes", "One more, Try again"}


def test_the_drawing_says_in_words_what_it_shows() -> None:
    root = drawn(FLOW, "The daily run")
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "The daily run"
    description = root.findtext(f"{SVG}desc")
    assert description is not None
    assert description == " ".join(sentence(each) for each in steps_in_order(FLOW))
    assert "3. Do the piles look right? (decision), No: to 2, Yes: to 4, to 6." in description


def test_hostile_titles_and_labels_stay_text() -> None:
    content = {
        "steps": [step("a", HOSTILE, HOSTILE), step("b", "prompt", HOSTILE * 9)],
        "edges": [edge("a", "b", HOSTILE), edge("b", "b", HOSTILE)],
    }
    root = drawn(content, HOSTILE)
    assert root.findtext(f"{SVG}title") == HOSTILE
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "g", "rect", "path", "text", "tspan"}


def test_there_is_no_inline_style_no_script_and_no_id() -> None:
    for element in drawn(FLOW).iter():
        assert not {"style", "id", "fill", "stroke"} & set(element.attrib)
        assert not any(name.startswith("on") for name in element.attrib)


def test_every_class_is_in_the_style_sheet() -> None:
    css = (ROOT / "assets/css/graph.css").read_text()
    styled = set(re.findall(r"\.(graph[a-z-]*)", css))
    used = {name for element in drawn(FLOW).iter() for name in element.get("class", "").split()}
    plain = {"graph-step", "graph-prompt"}  # what they look like is the rule, the others the exception
    assert used - plain <= styled
    assert styled <= used


def test_nothing_to_draw_and_too_much_to_draw_are_empty() -> None:
    assert graph_svg({"steps": [], "edges": []}) == ""
    many = [step(f"s{i}") for i in range(MOST_STEPS + 1)]
    assert graph_svg({"steps": many, "edges": []}) == ""
    assert len(steps_in_order({"steps": many, "edges": []})) == MOST_STEPS + 1


def test_an_edge_to_nowhere_is_not_drawn() -> None:
    content = {"steps": [step("a"), step("b")], "edges": [edge("a", "gone", "x"), edge("a", "b")]}
    assert len(with_class(drawn(content), "graph-edge")) == 1


def test_the_same_content_gives_the_same_drawing() -> None:
    assert graph_svg(FLOW) == graph_svg(FLOW)


def demo_graphs() -> list[Any]:
    works = [tomllib.loads(file.read_text()) for file in sorted((ROOT / "storefront/demo/works").glob("*.toml"))]
    return [
        pytest.param(item["content"], id=f"{work['slug']}-{item['key']}")
        for work in works
        for item in work["items"]
        if item["kind"] == "graph"
    ]


@pytest.mark.parametrize("content", demo_graphs())
def test_the_flows_of_the_demo_can_be_drawn_whole(content: dict[str, Any]) -> None:
    root = drawn(content)
    assert len(with_class(root, "graph-step")) == len(content["steps"])
    assert len(with_class(root, "graph-edge")) == len(content["edges"])
    assert not any("…" in words(title) for title in with_class(root, "graph-title"))
    assert int(root.get("width", "0")) < 1000

"""The demo content is data that people read: right in shape, whole, and never twice the same."""

import re
from collections import Counter

import pytest

from tests.demo.shapes import CONTENT, LISTING, faults
from tests.demo.shelf import PEOPLE, WORKS, Item, Work, contents, depth, of_kind, prose, snapshots, words

each_work = pytest.mark.parametrize("work", WORKS, ids=lambda work: work["slug"])

STEP_KINDS = {"prompt", "input", "decision", "output", "tool"}
BLOCK_EXTRAS = {
    "heading": set(),
    "text": set(),
    "quote": {"attribution"},
    "code": {"language"},
    "prompt": {"prompt"},
}
MODELS = {"Claude", "GPT", "Gemini", "Llama", "Mistral", "Local models"}
PROMISED = {
    "field-notes-prompts": ("pack", 1200, "version_only", False),
    "quiet-novel-kit": ("project", 2900, "indefinite", False),
    "inbox-triage-flow": ("flow", 900, "indefinite", True),
    "starter-prompts": ("pack", 0, "indefinite", False),
}


def test_a_shelf_of_works_by_their_creators() -> None:
    creators = {person["handle"] for person in PEOPLE if person["plan"] == "studio"}
    assert len(WORKS) >= 40
    assert len(creators) >= 8
    assert {work["creator"] for work in WORKS} == creators
    assert len({work["slug"] for work in WORKS}) == len({work["title"] for work in WORKS}) == len(WORKS)


def test_the_cast_is_complete() -> None:
    cast = {person["handle"]: person for person in PEOPLE}
    assert {"alice", "bob", "carol", "mallory"} < cast.keys()
    assert len(cast) == len({person["email"] for person in PEOPLE}) == len(PEOPLE)
    assert all(person["email"] == f"{handle}@example.com" for handle, person in cast.items())
    assert [handle for handle, person in cast.items() if person["operator"]] == ["carol"]
    for person in (person for person in PEOPLE if person["plan"] == "studio"):
        assert person["role"]
        assert 2 <= len(re.findall(r"[.](?:\s|$)", person["about"])) <= 3


@pytest.mark.parametrize("slug", PROMISED)
def test_a_promised_listing_has_its_promised_terms(slug: str) -> None:
    work = next(work for work in WORKS if work["slug"] == slug)
    assert (work["kind"], work["price"], work["clone_mode"], work["all_access"]) == PROMISED[slug]
    assert work["creator"] == "alice"


def test_the_shelf_is_varied() -> None:
    assert {(work["kind"], work["price"] > 0) for work in WORKS} == {
        (kind, paid) for kind in ("pack", "flow", "project") for paid in (True, False)
    }
    assert {work["terms"] for work in WORKS} == {"personal", "commercial", "team"}
    assert {work["clone_mode"] for work in WORKS} == {"indefinite", "version_only"}
    assert {model for work in WORKS for model in work["models"]} == MODELS
    prices = [work["price"] for work in WORKS if work["price"]]
    assert 300 <= min(prices) <= max(prices) <= 7900
    assert len(set(prices)) >= 8
    versions = Counter(len(work["versions"]) for work in WORKS)
    assert sum(n for count, n in versions.items() if count >= 2) >= 20
    assert sum(n for count, n in versions.items() if count >= 3) >= 10
    assert sum(n for count, n in versions.items() if count >= 4) >= 3


def test_some_works_are_large_and_deep() -> None:
    assert sum(depth(work) >= 3 for work in WORKS) >= 3
    assert sum(len(work["items"]) >= 30 for work in WORKS) >= 5
    files = [item["content"]["content_type"] for work in WORKS for item in of_kind(work, "file")]
    assert len(files) >= 15
    assert files.count("image/png") >= 3


def test_a_tag_leads_to_more_than_one_work() -> None:
    tagged = Counter(tag for work in WORKS for tag in work["tags"])
    for work in WORKS:
        assert any(tagged[tag] > 1 for tag in work["tags"]), work["slug"]


@each_work
def test_a_listing_can_be_published_as_it_is(work: Work) -> None:
    assert faults(work, LISTING, work["slug"]) == []
    assert len(work["title"]) <= 80
    assert len(work["tagline"]) <= 140
    assert 80 <= len(work["description"].split()) <= 200
    assert 1 <= len(work["tags"]) <= 5
    assert len(set(work["tags"])) == len(work["tags"])
    assert all(re.fullmatch(r"[a-z0-9-]{1,24}", tag) for tag in work["tags"])
    assert 1 <= len(work["bullets"]) <= 3
    assert work["price"] == 0 or work["price"] >= 50
    assert work["models"]
    assert set(work["models"]) <= MODELS
    assert not work["all_access"] or work["kind"] == "flow"


@each_work
def test_every_item_has_exactly_the_shape_of_its_kind(work: Work) -> None:
    for item in work["items"]:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", item["key"])
        for content in contents(item):
            assert faults(content, CONTENT[item["kind"]], f"{work['slug']}/{item['key']}") == []


@each_work
def test_keys_are_unique_and_parents_come_first(work: Work) -> None:
    seen: dict[str, Item] = {}
    for item in work["items"]:
        assert item["key"] not in seen
        seen[item["key"]] = item
        parent = item.get("parent", "")
        assert parent or item["kind"] != "block", f"the block {item['key']} belongs to no page"
        if parent:
            assert seen[parent]["kind"] == "page"
            assert seen[parent].get("since", 1) <= item.get("since", 1), f"{item['key']} is older than its page"


@each_work
def test_the_example_shows_a_prompt_of_the_work(work: Work) -> None:
    assert work["example"]["item"] in {item["key"] for item in of_kind(work, "prompt")}


@each_work
def test_references_resolve_in_every_version(work: Work) -> None:
    for items in snapshots(work):
        kinds = {item["key"]: item["kind"] for item in items}
        for content in (item["content"] for item in items if item["kind"] == "block"):
            assert content.keys() - {"type", "text"} == BLOCK_EXTRAS[content["type"]]
            assert content["type"] != "prompt" or kinds.get(content["prompt"]) == "prompt"
        for pair in (item["content"]["between"] for item in items if item["kind"] == "relationship"):
            assert len(set(pair)) == 2
            assert {kinds.get(key) for key in pair} == {"character"}
        for step in (step for item in items if item["kind"] == "graph" for step in item["content"]["steps"]):
            assert step["kind"] in STEP_KINDS
            assert (step["kind"] == "prompt") == ("prompt" in step)
            assert step["kind"] != "prompt" or kinds.get(step["prompt"]) == "prompt"


@each_work
def test_a_graph_can_be_walked_from_its_first_step_to_an_output(work: Work) -> None:
    for graph in (content for item in of_kind(work, "graph") for content in contents(item)):
        steps = {step["key"]: step for step in graph["steps"]}
        assert len(steps) == len(graph["steps"])
        exits: dict[str, list[dict[str, str]]] = {key: [] for key in steps}
        for edge in graph["edges"]:
            assert edge["to"] in steps
            exits[edge["from"]].append(edge)
        for key, step in steps.items():
            assert bool(exits[key]) == (step["kind"] != "output"), f"{key} must lead on, or be an output"
            if step["kind"] == "decision":
                assert len({edge["label"] for edge in exits[key]}) >= 2
        assert reachable(exits, graph["steps"][0]["key"]) == steps.keys()


def reachable(exits: dict[str, list[dict[str, str]]], start: str) -> set[str]:
    reached, ahead = set[str](), [start]
    while ahead:
        key = ahead.pop()
        reached.add(key)
        ahead += [edge["to"] for edge in exits[key] if edge["to"] not in reached]
    return reached


@each_work
def test_every_variable_is_declared_and_used(work: Work) -> None:
    for content in (content for item in of_kind(work, "prompt") for content in contents(item)):
        declared = [variable["name"] for variable in content["variables"]]
        used = set(re.findall(r"\{\{(\w+)\}\}", content["text"]))
        assert len(set(declared)) == len(declared)
        assert set(declared) == used
        assert content["text"].count("{{") == len(re.findall(r"\{\{[a-z_]+\}\}", content["text"]))


@each_work
def test_every_version_brings_what_its_number_says(work: Work) -> None:
    numbers = [version["number"] for version in work["versions"]]
    days = [version["days_ago"] for version in work["versions"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert days == sorted(set(days), reverse=True)
    assert 0 < work["published_days_ago"] <= days[0]
    changed = {item.get("since", 1) for item in work["items"]}
    for item in work["items"]:
        for number, content in item.get("before", {}).items():
            assert item.get("since", 1) <= int(number) < numbers[-1]
            assert content != item["content"]
            changed.add(int(number) + 1)
    assert changed == set(numbers)


@each_work
def test_a_file_is_text_or_a_drawing_for_a_picture(work: Work) -> None:
    for content in (content for item in of_kind(work, "file") for content in contents(item)):
        is_picture = content["content_type"] == "image/png"
        assert is_picture or not content["content_type"].startswith("image/")
        assert content.keys() - {"name", "content_type"} == {"drawing" if is_picture else "text"}
        assert content["name"].endswith(".png") == is_picture


@each_work
def test_there_is_enough_inside(work: Work) -> None:
    prompts = of_kind(work, "prompt")
    if work["kind"] == "pack":
        assert sum(len(words(prompt["content"]["text"])) for prompt in prompts) >= 400
        assert work["price"] == 0 or 8 <= len(prompts) <= 14
    if work["kind"] == "flow":
        assert 1 <= len(of_kind(work, "graph")) <= 2
        assert 4 <= len(prompts) <= 8
    assert of_kind(work, "block")
    assert sum(len(words(prose(item["kind"], item["content"]))) for item in work["items"]) >= 400


def test_every_prompt_of_a_flow_is_a_step_of_it() -> None:
    for work in (work for work in WORKS if work["kind"] == "flow"):
        steps = [step for graph in of_kind(work, "graph") for step in graph["content"]["steps"]]
        prompts = {item["key"] for item in of_kind(work, "prompt")}
        assert {step["prompt"] for step in steps if step["kind"] == "prompt"} == prompts


@each_work
def test_the_prose_is_calm(work: Work) -> None:
    texts = [work["title"], work["tagline"], work["description"], *work["bullets"]]
    texts += [version["changelog"] for version in work["versions"]]
    texts += [prose(item["kind"], item["content"]) for item in work["items"] if item["content"].get("type") != "code"]
    texts += [item["title"] for item in work["items"]]
    assert [text for text in texts if re.search(r"[!—]|lorem|TODO", text)] == []

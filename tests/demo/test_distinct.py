"""No two texts of the demo say the same: where two come close, both are named with the passage they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import combinations

from tests.demo.shelf import WORKS, contents, prose, words

SHINGLE = 5  # words; shorter ones meet by chance, as in "what to do when the"
FEWEST = 4  # shared shingles, so a turn of phrase of up to seven words may return
MOST = 0.2  # of the shorter text's shingles


def texts() -> Iterator[tuple[str, list[str]]]:
    """Every text of the demo, earlier ones of revised items too, as the name of its item and its words."""
    for work in WORKS:
        yield f"{work['slug']}/description", words(work["description"])
        yield f"{work['slug']}/example", words(work["example"]["output"])
        for item in work["items"]:
            for content in contents(item):
                yield f"{work['slug']}/{item['key']}", words(prose(item["kind"], content))


def near_duplicates(said: list[tuple[str, list[str]]]) -> list[str]:
    """Pairs of texts of different items that share too much, a sentence each."""
    shingles = [{tuple(each[n : n + SHINGLE]) for n in range(len(each) - SHINGLE + 1)} for _, each in said]
    holders: Mapping[tuple[str, ...], list[int]] = defaultdict(list)
    for number, parts in enumerate(shingles):
        for part in parts:
            holders[part].append(number)
    shared = Counter(pair for numbers in holders.values() for pair in combinations(numbers, 2))
    found = []
    for (one, other), count in shared.items():
        (name, ours), (other_name, theirs) = said[one], said[other]
        share = count / min(len(shingles[one]), len(shingles[other]))
        if name != other_name and count >= FEWEST and share > MOST:
            found.append(f'{name} and {other_name} share {share:.0%}: "{longest_passage(ours, theirs)}"')
    return sorted(found)


def longest_passage(ours: list[str], theirs: list[str]) -> str:
    match = SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match()
    return " ".join(ours[match.a : match.a + match.size])


def test_no_two_texts_come_close() -> None:
    assert near_duplicates(list(texts())) == []


def test_no_two_items_have_the_same_text() -> None:
    named: dict[str, set[str]] = defaultdict(set)
    for name, said in texts():
        if said:
            named[" ".join(said)].add(name)
    assert [sorted(names) for names in named.values() if len(names) > 1] == []


def test_a_text_that_was_only_touched_up_is_named_with_what_it_shares() -> None:
    first = "Write the apology. Say what we did first, in the active voice, then what is done already. No excuses."
    second = "Draft a reply. Say what we did first, in the active voice, then what comes next. No discount."
    other = "Read the ledger twice and mark each line that has no receipt behind it, the oldest of them first."
    said = [("pack/one", words(first)), ("pack/two", words(second)), ("flow/three", words(other))]

    (twins,) = near_duplicates(said)

    assert twins.startswith("pack/one and pack/two share ")
    assert '"say what we did first in the active voice then what"' in twins


def test_an_item_may_be_near_to_what_it_was_before() -> None:
    was = words("Write the refusal in at most seventy five words, the no and the reason in the first sentence.")
    now = words("Write the refusal in at most eighty words, the no and the reason in the first sentence, kindly.")

    assert near_duplicates([("pack/no", was), ("pack/no", now)]) == []
    assert near_duplicates([("pack/no", was), ("pack/yes", now)]) != []

"""The ``.pmtpk`` container: what goes in comes out, and nothing that was changed or made up gets in."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.works.container import CarriedItem, Refused, layout, opened, seal, sealed, unpack, unsealed
from storefront.works.models import ITEM_KINDS
from tests.works.containers import OPENING, bent, carried, packed, parts_of, resealed, with_manifest

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CONTENTS = st.dictionaries(TEXTS, TEXTS | st.integers() | st.lists(TEXTS, max_size=3), max_size=3)
ITEMS = st.builds(CarriedItem, TEXTS, st.none() | TEXTS, st.sampled_from(ITEM_KINDS), TEXTS, CONTENTS)
FILES = st.sets(st.binary(max_size=300), max_size=3)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """scrypt at a cost that tests of every byte can pay; ``tests/library/test_download.py`` pays the real one."""
    monkeypatch.setitem(seal.COST, "n", 2)


def closed(container: io.BytesIO, phrase: str = "quiet harbor") -> io.BytesIO:
    return io.BytesIO(b"".join(sealed(container, phrase).pieces))


def opened_with(container: io.BytesIO, phrase: str) -> io.BytesIO:
    out = io.BytesIO()
    unsealed(container, phrase, out)
    return out


def refusal(container: io.BytesIO) -> str:
    with pytest.raises(Refused) as refused:
        opened(container)
    return refused.value.message


@settings(max_examples=50, deadline=None)
@given(st.lists(ITEMS, max_size=4), FILES)
def test_what_goes_in_comes_out(items: list[CarriedItem], files: set[bytes]) -> None:
    found = opened(packed(carried(items, files)))

    assert found.items == items
    assert (found.kind, found.title, found.origin) == ("pack", "Field Notes", {"version": 3})
    assert {found.file(sha256) for sha256 in found.files} == files


def test_the_same_work_gives_the_same_bytes() -> None:
    assert packed().getvalue() == packed().getvalue()


def test_no_byte_can_be_flipped() -> None:
    whole = packed(carried(files=[b"a,b\n"])).getvalue()
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x20
        with pytest.raises(Refused):
            opened(io.BytesIO(bytes(flipped)))


def test_no_byte_can_be_flipped_under_a_pass_phrase() -> None:
    whole = closed(packed()).getvalue()
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1
        with pytest.raises(Refused):
            opened_with(io.BytesIO(bytes(flipped)), "quiet harbor")


def test_a_pass_phrase_opens_what_it_closed_however_it_was_typed() -> None:
    container = closed(packed(), "Café 海")
    again = opened_with(container, "Cafe\u0301 海")
    assert opened(again).items == [OPENING]


def test_many_chunks_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "SEALED_CHUNK", 100)
    whole = closed(packed())
    size = seal.HEADER
    step = 100 + seal.TAG
    assert opened(opened_with(whole, "quiet harbor")).items == [OPENING]

    data = whole.getvalue()
    first, second = data[size : size + step], data[size + step : size + 2 * step]
    for changed in (
        data[:size] + second + first + data[size + 2 * step :],
        data[:size] + first + first + data[size + 2 * step :],
        data[: size + step],
        data[:-step],
        data[:size],
    ):
        with pytest.raises(Refused):
            opened_with(io.BytesIO(changed), "quiet harbor")


def test_the_length_is_known_before_it_is_made() -> None:
    for more in (0, 1, seal.SEALED_CHUNK - 1, seal.SEALED_CHUNK, seal.SEALED_CHUNK + 1):
        made = sealed(io.BytesIO(b"x" * more), "quiet harbor")
        assert made.size == len(b"".join(made.pieces))


@pytest.mark.parametrize(("phrase", "sentence"), [("Quiet harbor", "is not the one"), ("", "Type it")])
def test_another_pass_phrase_or_none_is_refused(phrase: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        opened_with(closed(packed()), phrase)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"hello" * 100, b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_container_is_refused(data: bytes) -> None:
    assert "not a .pmtpk file" in refusal(io.BytesIO(data))


def test_half_a_container_is_refused() -> None:
    whole = packed().getvalue()
    assert refusal(io.BytesIO(whole[: len(whole) // 2]))


@pytest.mark.parametrize("version", [0, 2, 99])
def test_another_version_is_refused_by_its_number(version: int) -> None:
    assert f"of version {version} of the format" in refusal(with_manifest(version=version))


def test_another_version_under_a_pass_phrase_is_refused_by_its_number() -> None:
    whole = bytearray(closed(packed()).getvalue())
    whole[len(seal.MAGIC)] = 7
    with pytest.raises(Refused, match="of version 7"):
        opened_with(io.BytesIO(bytes(whole)), "quiet harbor")


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "files/../../x", "files\\..\\x", "files/", "readme.txt", f"files/{'A' * 64}", "C:\\x"],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    assert "name" in refusal(bent({**parts_of(packed()), name: b"x"}))


def test_two_parts_of_one_name_are_refused() -> None:
    parts = [*parts_of(packed()).items(), ("items.jsonl", b"")]
    with pytest.warns(UserWarning, match="Duplicate"):
        container = bent(parts)
    assert "the same name" in refusal(container)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    zeros = b"\0" * (layout.UNWATCHED + 1)
    bomb = bent({**parts_of(packed()), f"files/{hashlib.sha256(zeros).hexdigest()}": zeros})
    del zeros
    tracemalloc.start()
    assert "grow too large" in refusal(bomb)
    assert tracemalloc.get_traced_memory()[1] < layout.MEGABYTE
    tracemalloc.stop()


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    """The header of the bomb claims ten bytes; zipfile reads no more, and the CRC of ten isn't that of all."""
    container = bent({**parts_of(packed()), "items.jsonl": b"\n" * 5_000_000})
    data = container.getvalue()
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"items.jsonl"))
    lying = data[: at + 24] + (10).to_bytes(4, "little") + data[at + 28 :]
    assert refusal(resealed(io.BytesIO(lying)))


def test_too_many_parts_or_items_or_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [CarriedItem(f"item-{n}", None, "page", "Page", {}) for n in range(4)]
    container = packed(carried(many, [b"x" * 50]))
    for name, most, sentence in (
        ("MOST_FILES", 0, "parts"), ("MOST_ITEMS", 3, "items"),
        ("LARGEST_WHOLE", 200, "MB"), ("LARGEST_FILE", 20, "MB"),
    ):  # fmt: skip
        with monkeypatch.context() as changed:
            changed.setattr(unpack, name, most)
            assert sentence in refusal(container)
    assert len(opened(container).items) == 4


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method: int) -> None:
    assert "packed in a way" in refusal(bent(parts_of(packed()), method))


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "zip"}, {"version": "1"}, {"version": True}, {"title": 5}, {"items": []}, {"items": {}},
        {"files": [{"sha256": []}]}, {"files": ["x"]}, {"files": [{"sha256": "0" * 64}]}, {"origin": None},
    ],
)  # fmt: skip
def test_a_manifest_that_is_wrong_is_refused(changed: dict[str, Any]) -> None:
    assert refusal(with_manifest(**changed))


@pytest.mark.parametrize(
    "items",
    [
        b"[]\n", b"{}\n", b"not json\n", b'{"key":"a"}\n', b"\xff\n", b"[" * 100_000 + b"\n", b'{"key":"a"',
        b'{"key":1,"parent":null,"kind":"page","title":"","content":{}}\n',
        b'{"key":"a","parent":null,"kind":"page","title":"","content":[]}\n',
        b'{"key":"a","parent":3,"kind":"page","title":"","content":{}}\n',
    ],
)  # fmt: skip
def test_items_that_are_none_are_refused(items: bytes) -> None:
    parts = parts_of(packed())
    manifest = json.loads(parts["manifest.json"])
    manifest["items"]["sha256"] = hashlib.sha256(items).hexdigest()
    assert refusal(bent({**parts, "items.jsonl": items, "manifest.json": json.dumps(manifest).encode()}))


def test_items_and_files_that_the_manifest_does_not_name_are_refused() -> None:
    parts = parts_of(packed(carried(files=[b"a"])))
    name = next(name for name in parts if name.startswith("files/"))
    assert "files" in refusal(bent({each: data for each, data in parts.items() if each != name}))
    assert "not the one" in refusal(bent({**parts, name: b"b"}))
    assert "items" in refusal(bent({**parts, "items.jsonl": b""}))

"""Identifiers: hard to guess, easy to read aloud."""

from __future__ import annotations

import re

from storefront.kit.ids import ALPHABET, license_number, public_id, token

MANY = 2_000


def test_the_alphabet_has_no_letter_that_is_taken_for_a_digit() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_token_uses_all_of_the_alphabet() -> None:
    drawn = token(MANY)

    assert len(drawn) == MANY
    assert set(drawn) == set(ALPHABET)


def test_a_public_id_says_its_noun_and_holds_a_hundred_bits() -> None:
    assert re.fullmatch(r"ord_[0-9a-hjkmnp-tv-z]{20}", public_id("ord"))


def test_a_license_number_reads_in_groups() -> None:
    assert re.fullmatch(r"SF(-[0-9A-HJKMNP-TV-Z]{4}){3}", license_number())


def test_no_two_are_the_same() -> None:
    assert len({public_id("ord") for _ in range(MANY)}) == MANY
    assert len({license_number() for _ in range(MANY)}) == MANY

"""Telling who somebody is by their password."""

from __future__ import annotations

import unicodedata

from flask_security import hash_password

from storefront.accounts.models import Person
from storefront.accounts.queries import find_person
from storefront.accounts.tries import PasswordTries
from storefront.kit.db import settle_reads
from storefront.kit.errors import Refusal

COUNT_WORDS = ("One", "Two", "Three", "Four", "Five")


class WrongPassword(Refusal):
    """Says how many tries are left. The same for a password that is wrong and for an e-mail nobody has."""

    status = 422

    def __init__(self, tries_left: int) -> None:
        noun = "try" if tries_left == 1 else "tries"
        left = f"{COUNT_WORDS[tries_left - 1]} {noun} left, then a pause of ten minutes."
        pause = "Now comes a pause of ten minutes."
        super().__init__(f"That password is not right. {left if tries_left else pause}")


def recognize(email: str, password: str, *, address: str) -> Person:
    """Whoever signed up with ``email`` and ``password``. ``address`` is the network address that asks.

    Raises WrongPassword, or Paused once an account or an address has used up its tries.
    """
    person = find_person(email)  # first, because a database that is away should cost nobody a try
    settle_reads()  # hashing takes its time, and SQLite's one write lock should be free meanwhile
    tries = PasswordTries(email, address)
    tries.spend()
    if person is None or not person.active or person.password is None:
        hashed(password)  # takes as long as comparing would, so that the time tells nothing
        raise WrongPassword(tries.fail())
    if not fits(person, password):
        raise WrongPassword(tries.fail())
    tries.forget()
    return person


def hashed(password: str) -> str:
    """The hash to keep of a new password."""
    return str(hash_password(_normalized(password)))


def fits(person: Person, password: str) -> bool:
    """Whether it is the person's password; a hash made the old way is made anew."""
    return bool(person.verify_and_update_password(_normalized(password)))


def _normalized(password: str) -> str:
    """The same bytes from every keyboard (NIST SP 800-63B, section 5.1.1.2)."""
    return unicodedata.normalize("NFKD", password)

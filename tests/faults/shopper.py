"""Somebody who buys, over HTTP as a browser without script: pages, forms, cookies, and patience."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

import requests

from tests.cast import PASSWORD
from tests.stripe import ASKS, DECLINED, GOOD

LOOKS = 3  # times that a buyer looks whether the payment is confirmed, before going on
TRIES = 300  # of one step before a shopper says that the shop is gone
PAUSE = 0.1  # seconds before the first new try; later ones wait longer
LONGEST_PAUSE = 1.0
FIELD = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')

#: How a shopper goes about one purchase, and how often of a hundred.
WAYS = {
    "pays": 44,
    "pays without coming back": 12,
    "is declined first": 8,
    "is asked by the bank": 8,
    "says no to the bank": 3,
    "clicks twice": 8,
    "presses Pay twice": 5,
    "abandons": 4,
    "lets it expire": 3,
    "pays on an old page": 5,
}


class Gone(Exception):
    """The shop or the payment page did not answer for so long that a shopper gave up."""


@dataclass
class Noted:
    """What all shoppers went through; safe under threads."""

    ways: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
    #: Sentences about answers that nobody should ever see.
    surprises: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def retry(self, why: str) -> None:
        with self.lock:
            self.retries[why] += 1

    def surprise(self, sentence: str) -> None:
        with self.lock:
            self.surprises.append(sentence)

    def over(self, way: str) -> None:
        with self.lock:
            self.ways[way] += 1


class Shopper:
    """One person at one browser, whose choices follow from a seed.

    ``reprice`` has a listing's creator ask another price.
    """

    def __init__(
        self, email: str, *, shop: str, sandbox: str, seed: str, noted: Noted, reprice: Callable[[str], None]
    ) -> None:
        self.email = email
        self._shop, self._sandbox = shop, sandbox
        self._luck = random.Random(seed)
        self._noted = noted
        self._reprice = reprice
        self._browser = requests.Session()
        self._browser.trust_env = False
        self._rest = threading.Event()

    def buy(self, slug: str) -> None:
        """Set out to buy a listing, in one of the ways."""
        way = self._luck.choices(list(WAYS), list(WAYS.values()))[0]
        page = self._click_get(slug, twice=way == "clicks twice")
        if page:
            self._at_the_till(way, slug, page)
        self._noted.over(way)

    def _at_the_till(self, way: str, slug: str, page: str) -> None:
        if way == "abandons":
            self._ask("GET", page)
            return
        if way == "lets it expire":
            session = urlsplit(page).path.rsplit("/", 1)[-1]
            self._ask("POST", f"{self._sandbox}/_sandbox/sessions/{session}/expire", expected=(200, 303, 404, 422))
            return
        if way == "is declined first":
            self._pay(page, DECLINED)
        if way == "pays on an old page":
            self._reprice(slug)
            newer = self._click_get(slug)
            self._pay(page, GOOD)
            page = newer or page
        card = ASKS if "bank" in way else GOOD
        back = self._pay(page, card, agrees=way != "says no to the bank", twice=way == "presses Pay twice")
        if back and way != "pays without coming back":
            self._come_back(back)

    def _click_get(self, slug: str, *, twice: bool = False) -> str:
        """The address of the page to pay on; "" if the work is theirs already."""
        for _ in range(TRIES):
            form = self._form(f"{self._shop}/listings/{slug}")
            if not form:
                return ""
            if twice:
                with ThreadPoolExecutor(2) as hands:
                    first, second = (hands.submit(self._post_get, slug, form) for _ in range(2))
                    answer, _other = first.result(), second.result()
            else:
                answer = self._post_get(slug, form)
            if answer.status_code == 303:
                leads_to = answer.headers["Location"]
                return leads_to if leads_to.startswith(self._sandbox) else ""
        raise Gone(f"{self.email} could not get {slug}")

    def _post_get(self, slug: str, form: dict[str, str]) -> requests.Response:
        # 409 shows the price that changed meanwhile; 400 asks to load the form again.
        return self._ask("POST", f"{self._shop}/listings/{slug}/orders", form, expected=(303, 400, 409))

    def _form(self, url: str) -> dict[str, str]:
        """The fields of the button that gets, after signing in where that is needed. {} if there is no such button."""
        page = self._ask("GET", url).text
        if 'name="price"' not in page and "/get" in page and "/logout" not in page:
            self.sign_in()
            page = self._ask("GET", url).text
        return {name: value for name, value in _fields(page).items() if name in ("csrf_token", "price", "currency")}

    def sign_in(self) -> None:
        """Through the form, as anybody does."""
        for _ in range(TRIES):
            form = _fields(self._ask("GET", f"{self._shop}/login", expected=(200, 303)).text)
            if "csrf_token" not in form:
                return
            typed = {"csrf_token": form["csrf_token"], "email": self.email, "password": PASSWORD}
            if self._ask("POST", f"{self._shop}/login", typed, expected=(303, 400, 422)).status_code == 303:
                return
        raise Gone(f"{self.email} could not sign in")

    def _pay(self, page: str, card: str, *, agrees: bool = True, twice: bool = False) -> str:
        """Fill in the hosted page and press the button; where it leads back to, "" if it does not."""
        self._ask("GET", page)
        typed = {"email": self.email, "number": card, "expiry": "12 / 34", "cvc": "123"}
        answer = self._ask("POST", page, typed, expected=(303, 422))
        if twice:
            answer = self._ask("POST", page, typed, expected=(303, 422))
        if answer.headers.get("Location", "").endswith("/authenticate"):
            said = {"answer": "complete" if agrees else "fail"}
            answer = self._ask("POST", f"{page}/authenticate", said, expected=(303, 422))
        leads_to = answer.headers.get("Location", "")
        return leads_to if leads_to.startswith(self._shop) else ""

    def _come_back(self, page: str) -> None:
        """Open the success page, and look again a few times while it confirms."""
        for _ in range(LOOKS):
            answer = self._ask("GET", page, expected=(200, 303))
            if answer.headers.get("Location", "").startswith("/login"):
                self.sign_in()
            elif "checkout-confirming" not in answer.text:
                return

    def _ask(
        self, method: str, url: str, form: dict[str, str] | None = None, *, expected: tuple[int, ...] = (200,)
    ) -> requests.Response:
        """One step, taken again while the other side is busy or away. Anything not ``expected`` is a surprise."""
        pause = PAUSE
        for _ in range(TRIES):
            try:
                answer = self._browser.request(method, url, data=form, allow_redirects=False, timeout=60)
            except requests.RequestException:
                self._noted.retry("no answer")
            else:
                if answer.status_code in expected:
                    return answer
                self._noted.retry(str(answer.status_code))
                self._judge(method, url, answer)
            self._rest.wait(pause * self._luck.uniform(0.5, 1.5))
            pause = min(pause * 1.5, LONGEST_PAUSE)
        raise Gone(f"{method} {url} did not work for {self.email}")

    def _judge(self, method: str, url: str, answer: requests.Response) -> None:
        """A shop that is busy says so in a sentence and when to come again; everything else is a fault of it."""
        says_so = "again" in answer.text and "Retry-After" in answer.headers
        if answer.status_code != 503 or not says_so:
            path = urlsplit(url).path
            sentence = " ".join(re.sub(r"<[^>]+>", " ", answer.text.split("<body", 1)[-1]).split())[:200]
            self._noted.surprise(f"{method} {path} answered {answer.status_code}: {sentence}")


def _fields(page: str) -> dict[str, str]:
    """Name and value of every input on a page."""
    inputs = (dict(ATTRIBUTE.findall(found)) for found in FIELD.findall(page))
    return {each["name"]: unescape(each.get("value", "")) for each in inputs if "name" in each}

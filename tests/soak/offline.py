"""Phones on which requests are written while networks, tabs, replies and the server itself come and go."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route
from sqlmodel import Session, create_engine, select

from copapp.models import MeetingRequest
from copapp.services.tokens import hash_of
from tests.browser.browsers import wait_until
from tests.browser.phone import wait_for_worker
from tests.browser.server import DelegateServer

_POSTED = "**/api/v1/meeting-requests"
_UNTOLD = {"queued", "refused", "unseen"}
_SIZE = {"locale": "en-GB", "timezone_id": "Asia/Samarkand", "viewport": {"width": 390, "height": 844}}
_KEPT = """() => Object.entries(localStorage).filter(([name]) => name.startsWith("copapp:cop14:request:"))
    .map(([, value]) => JSON.parse(value).value)"""
_PATIENCE_SECONDS = 180


@dataclass
class Tally:
    """What was done to the phones, and what was wrong."""

    written: int = 0
    lost: int = 0
    reloads: int = 0
    closed: int = 0
    kills: int = 0
    looks: int = 0
    wrong: list[str] = field(default_factory=list)


class Phone:
    """One browser context with one tab at a time, on a network that cannot be trusted."""

    def __init__(self, browser: Browser, url: str, name: str, dice: random.Random, tally: Tally) -> None:
        self.url, self.name, self.dice, self.tally = url, name, dice, tally
        self.context: BrowserContext = browser.new_context(**_SIZE)  # type: ignore[arg-type]  # a plain dictionary
        self.page: Page = self.context.new_page()
        self.page.goto(f"{url}/meet")
        wait_for_worker(self.page)
        self.context.route(_POSTED, self._carry)
        self.is_trusted = False

    def _carry(self, route: Route) -> None:
        """Lose some replies: the server did what it was asked and the phone never hears of it."""
        if route.request.method != "POST" or self.is_trusted or self.dice.random() > 0.4:
            route.fallback()
            return
        try:
            route.fetch()
            self.tally.lost += 1
            route.abort()
        except Error:
            pass  # the tab or the server went first

    def write(self, reason: str) -> None:
        """Write one request, and see it kept."""
        self.context.set_offline(self.dice.random() < 0.5)
        self.open("/meet")
        another = self.page.get_by_role("button", name="Ask for another meeting")
        if another.count():
            another.click()
        self.page.fill("[name=reason]", reason)
        self.page.fill("[name=name]", f"Person {reason}")
        self.page.fill("[name=organisation]", "Steppe")
        self.page.fill("[name=email]", f"{reason}@steppe.example")
        self.page.check("[name=consent]")
        self.page.locator("form.ask button[type=submit]").click()
        self.tally.written += 1
        wait_until(lambda: reason in self.reasons(), f"{reason} kept on the phone")

    def disturb(self) -> None:
        """Do one of the things that people and networks do."""
        match self.dice.randrange(4):
            case 0:
                self.tally.reloads += 1
                self.page.reload()
            case 1:
                self.tally.closed += 1
                self.page.close()
                self.page = self.context.new_page()
                self.open(self.dice.choice(["/meet", "/saved", "/"]))
            case 2:
                self.context.set_offline(True)
            case _:
                self.context.set_offline(False)

    def open(self, path: str) -> None:
        """Go to a page of the app, which the worker has."""
        self.page.goto(self.url + path, wait_until="commit")
        self.page.locator("#main").wait_for()

    def kept(self) -> list[dict[str, Any]]:
        """List what this phone keeps of its requests."""
        found: list[dict[str, Any]] = self.page.evaluate(_KEPT)
        return found

    def reasons(self) -> set[str]:
        """Give the reasons of the requests that this phone keeps."""
        return {(each["form"] or each["view"])["reason"] for each in self.kept()}

    def shown(self) -> list[str]:
        """List the states that the page shows now."""
        found: list[str] = self.page.locator("[data-request]").evaluate_all(
            "all => all.map(each => each.dataset.request)"
        )
        return found

    def settle(self) -> None:
        """Bring everything online and wait until nothing is queued."""
        self.is_trusted = True
        self.context.set_offline(False)
        self.open("/meet")
        wait_until(
            lambda: all(each["status"] != "queued" for each in self.kept()),
            f"{self.name} has delivered everything",
            _PATIENCE_SECONDS,
        )


@contextmanager
def _database(server: DelegateServer) -> Iterator[Session]:
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"])
    with Session(engine) as db:
        yield db
    engine.dispose()


def _rows(server: DelegateServer) -> dict[str, str]:
    """Give the reason of each request by the hash of its token; a doubled reason shows by its number."""
    with _database(server) as db:
        return {each.token_hash: each.reason for each in db.exec(select(MeetingRequest))}


def look_for_lies(phone: Phone, server: DelegateServer, tally: Tally) -> None:
    """Note every request that the phone calls sent and the server does not have, with that content."""
    told = [each for each in phone.kept() if each["status"] not in _UNTOLD]
    shown = [each for each in phone.shown() if each not in _UNTOLD]
    rows = _rows(server)
    tally.looks += 1
    for each in told:
        reason = (each["form"] or each["view"])["reason"]
        if rows.get(hash_of(each["token"])) != reason:
            tally.wrong.append(
                f"{phone.name} calls {reason} {each['status']}, and the server does not have it"
            )
    if len(shown) > 2 * len(rows):
        tally.wrong.append(f"{phone.name} shows {len(shown)} as sent, the server has {len(rows)}")


def write_offline(browser: Browser, server: DelegateServer, phones: int, each: int, seed: int) -> Tally:
    """Write so many requests on so many phones, and compare all of them with the server's rows at the end."""
    dice, tally = random.Random(seed), Tally()
    all_phones = [Phone(browser, server.url, f"phone {number}", dice, tally) for number in range(phones)]
    try:
        for turn in range(each):
            for number, phone in enumerate(all_phones):
                phone.write(f"{number}-{turn}")
                phone.disturb()
                look_for_lies(phone, server, tally)
                if turn == each // 2 and number == phones // 2:
                    server.kill()
                    tally.kills += 1
                    phone.disturb()
                    server.start()
        for phone in all_phones:
            phone.settle()
            look_for_lies(phone, server, tally)
        _compare(
            server,
            all_phones,
            {f"{number}-{turn}" for number in range(phones) for turn in range(each)},
            tally,
        )
    finally:
        for phone in all_phones:
            phone.context.close()
    return tally


def _compare(server: DelegateServer, phones: list[Phone], written: set[str], tally: Tally) -> None:
    rows = _rows(server)
    if sorted(rows.values()) != sorted(written):
        missing, found = written - set(rows.values()), len(rows)
        tally.wrong.append(f"{found} rows for {len(written)} requests; missing: {sorted(missing)}")
    for phone in phones:
        for each in phone.kept():
            if hash_of(each["token"]) not in rows:
                tally.wrong.append(f"{phone.name} keeps a link that leads nowhere ({each['status']})")

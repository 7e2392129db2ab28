"""Simulated phones that ask by ETag while releases are made, and what they must never see."""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx

from tests.browser.releases import release
from tests.browser.server import DelegateServer

CARRIED = re.compile(r'<script type="application/json" id="programme">(.*?)</script>')
SLUG = "cats-of-the-silk-road"


@dataclass
class Tally:
    """What was asked and answered."""

    asked: int = 0
    known: int = 0
    releases: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


async def phone(url: str, over: asyncio.Event, pause: float, tally: Tally) -> None:
    """Ask again and again until it is over; note whatever is not whole or goes back."""
    etag, number = "", 0
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        while not over.is_set():
            answer = await client.get("/api/v1/programme", headers={"if-none-match": etag} if etag else {})
            tally.asked += 1
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                tally.known += 1
            else:
                etag, number = _check_programme(answer, number, tally)
            _check_page(await client.get("/"), tally)
            await asyncio.sleep(pause)


def _check_programme(answer: httpx.Response, before: int, tally: Tally) -> tuple[str, int]:
    etag, number = answer.headers["etag"], answer.json()["release"]["number"]
    tally.releases.add(number)
    if etag != f'"{sha256(answer.content).hexdigest()[:24]}"':
        tally.wrong.append(f"release {number} came with the ETag of another")
    if number < before:
        tally.wrong.append(f"release {number} came after {before}")
    return etag, number


def _check_page(answer: httpx.Response, tally: Tally) -> None:
    found = CARRIED.search(answer.text)
    if found is None:
        tally.wrong.append("a page carried no programme")
        return
    programme = json.loads(found[1])["programme"]
    title = next(event["title"] for event in programme["events"] if event["slug"] == SLUG)
    if f">{title}</a>" not in answer.text:
        tally.wrong.append(
            f"a page shows another release than the {programme['release']['number']} it carries"
        )


async def releases(
    server: DelegateServer, over: asyncio.Event, seconds: float, every: float, least: int
) -> int:
    """Rename an event and release it, for so long and so often at least; then it is over. Give how often."""
    made, until = 0, time.monotonic() + seconds
    try:
        while made < least or time.monotonic() < until - every:
            made += 1
            await asyncio.to_thread(_rename, server, f"Cats, named anew {made} times")
            await asyncio.sleep(every)
    finally:
        over.set()
    return made


def _rename(server: DelegateServer, title: str) -> None:
    with release(server) as draft:
        draft.event(SLUG).title = title


def resident_bytes(server: DelegateServer) -> int:
    """Give the memory that the server and its workers hold."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
            group = (status.parent / "stat").read_text().rsplit(")", 1)[1].split()[2]
        except OSError:
            continue
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        if found and int(group) == server.group:
            total += int(found[1]) * 1_024
    return total


async def soak(
    server: DelegateServer, seconds: float, phones: int, pause: float, every: float, least: int = 1
) -> tuple[Tally, int]:
    """Run the phones and the releases side by side; give the tally and how many releases were made."""
    tally, over = Tally(), asyncio.Event()
    asking = [phone(server.url, over, pause, tally) for _ in range(phones)]
    *_, made = await asyncio.gather(*asking, releases(server, over, seconds, every, least))
    return tally, made or 0

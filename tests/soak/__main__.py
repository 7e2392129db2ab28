"""`make soak`: everything that takes long, one part after the other; exit 1 if anything was wrong."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ViewportSize

from tests.browser.browsers import chromium
from tests.browser.edits import edit_and_watch
from tests.browser.portals import poison_each
from tests.browser.relay import Relay
from tests.browser.server import DelegateServer
from tests.hostile_files import hostile_files
from tests.read_hostile import read_apart, wrong_with
from tests.soak import meetings
from tests.soak.calendars import calendars
from tests.soak.connections import hold_connections
from tests.soak.guesses import guesses
from tests.soak.mutants import take_out_guards
from tests.soak.offline import write_offline
from tests.soak.phones import resident_bytes, soak
from tests.soak.troubles import troubles

GROWTH = 64 * 1_024 * 1_024


def phones(minutes: float, number: int) -> list[str]:
    """Let phones ask while releases are made every five seconds."""
    with tempfile.TemporaryDirectory() as folder:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        server.start()
        try:
            asyncio.run(soak(server, 20, number, 1, 5))
            before = resident_bytes(server)
            tally, made = asyncio.run(soak(server, minutes * 60, number, 1, 5))
            grown = resident_bytes(server) - before
        finally:
            server.stop()
    print(f"{number} phones asked {tally.asked:,} times, {tally.known:,} knew; {made} releases were made.")
    print(f"The server grew by {grown / 1e6:.1f} MB.")
    return [*sorted(set(tally.wrong)), *(["the server grew too much"] if grown > GROWTH else [])]


def offline(number: int, each: int, seed: int) -> list[str]:
    """Write requests on phones while networks, tabs, replies and the server come and go."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        server.start()
        try:
            tally = write_offline(browser, server, number, each, seed)
        finally:
            server.stop()
    print(
        f"Seed {seed}: {tally.written} requests written on {number} phones; {tally.lost} replies were lost, ",
        end="",
    )
    print(f"{tally.reloads} reloads, {tally.closed} tabs closed, {tally.kills} kills, {tally.looks} looks")
    return tally.wrong


def edits(number: int, seed: int) -> list[str]:
    """Make edits and releases one after the other, before an open phone, one that was away and a calendar."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        server.start()
        size = ViewportSize(width=390, height=844)
        try:
            still, away = (
                browser.new_page(locale="en-GB", timezone_id="Asia/Samarkand", viewport=size)
                for _ in range(2)
            )
            returns = edit_and_watch(server, still, away, number, seed, is_touched=False)
        except (AssertionError, TimeoutError) as wrong:
            return [f"seed {seed}: {wrong}"]
        finally:
            server.stop()
    print(f"Seed {seed}: {number} edits and releases, a phone came back {returns} times.")
    return []


def portals() -> list[str]:
    """Let a captive portal stand at each single request of the worker's installation."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        server.start()
        try:
            with Relay(server.url).running() as network:
                page, addresses = browser.new_page(), [*network.files()]
                kept = poison_each(page, network, addresses)
        finally:
            server.stop()
    print(f"A portal stood at each of {len(addresses)} requests of an installation.")
    return kept


def files() -> list[str]:
    """Have every hostile file looked at, those too that keep a processor busy."""
    with tempfile.TemporaryDirectory() as folder:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        hostile = hostile_files()
        answers = read_apart(hostile, Path(folder), server.environment)
    print(f"{len(answers)} of {len(hostile)} hostile files were looked at.")
    return [f"{name}: {answers[name]}" for name in hostile if wrong_with(answers[name])]


def main(given: argparse.Namespace) -> int:
    parts: dict[str, Callable[[], list[str]]] = {
        "phones": lambda: phones(given.minutes, given.phones),
        "races": lambda: meetings.races(given.rounds),
        "kills": lambda: meetings.kills(given.kills),
        "offline": lambda: offline(10, given.requests // 10, given.seed),
        "edits": lambda: edits(given.edits, given.seed),
        "portals": portals,
        "floods": lambda: meetings.floods(meetings.PEOPLE, meetings.SCRIPTS),
        "solved": lambda: meetings.solved_flood(meetings.SOLVED),
        "files": files,
        "connections": lambda: hold_connections(1_500),
        "troubles": lambda: troubles(given.trouble),
        "guesses": lambda: guesses(10_000, 1_000),
        "calendars": lambda: calendars(1_700),
        "mutants": lambda: take_out_guards(given.guards),
    }
    chosen = given.only or list(parts)
    wrong = [each for name in chosen for each in parts[name]()]
    for each in wrong:
        print(f"Wrong: {each}")
    return bool(wrong)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[
            "phones",
            "races",
            "kills",
            "offline",
            "edits",
            "portals",
            "floods",
            "solved",
            "files",
            "connections",
            "troubles",
            "guesses",
            "calendars",
            "mutants",
        ],
    )
    parser.add_argument("--minutes", type=float, default=10, help="of the phones")
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--requests", type=int, default=200, help="written offline on ten phones")
    parser.add_argument("--seed", type=int, default=14, help="of what happens to these, and of the edits")
    parser.add_argument("--edits", type=int, default=50, help="each with a release")
    parser.add_argument("--rounds", type=int, default=200, help="of each race")
    parser.add_argument("--kills", type=int, default=meetings.KILLS)
    parser.add_argument("--trouble", type=float, default=30, help="seconds that each of them lasts")
    parser.add_argument("--guards", nargs="+", default=[], help="to take out (tests/mutants.py), else all")
    sys.exit(main(parser.parse_args()))

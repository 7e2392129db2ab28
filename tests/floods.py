"""Many requests from one address: of people, whose phones do the work they are asked for, and of scripts."""

import multiprocessing
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
from sqlmodel import select

from copapp.database import reading, writing
from copapp.models import StaffMember
from copapp.services import inbox, meetings
from copapp.services.staff import open_session
from tests.askers import Asked, Line, ask, new_request, send, solve
from tests.browser.server import DelegateServer
from tests.listeners import MailServer
from tests.meeting_requests import MONDAY, terms
from tests.raw_socket import RawSocket

_DESK = "reflex___state____state.copapp___staff___inbox_state____inbox_state"
_MAILED_WITHIN_SECONDS = 120


def honest(line: Line, number: int, at_once: int = 1) -> Counter[int]:
    """Let so many different people ask; counts the answers by status."""
    return _answers([new_request(f"Delegate {each}") for each in range(number)], ask, line, at_once)


def scripted(line: Line, number: int, at_once: int = 1) -> Counter[int]:
    """Send so many forms without the work; counts the answers by status."""
    return _answers([new_request(f"Script {each}") for each in range(number)], send, line, at_once)


def _answers(forms: list[Asked], act: Callable[[Line, Asked], Any], line: Line, at_once: int) -> Counter[int]:
    with ThreadPoolExecutor(at_once) as pool:
        return Counter(answer.status_code for answer in pool.map(lambda each: act(line, each), forms))


@dataclass(frozen=True)
class Flood:
    """What became of a flood, and of a delegate who asked in the middle of it.

    `before` and `after` are the numbers in staff's tabs before and after one of us cleared the flood;
    `heard` is how many bytes the desk page got meanwhile. The delegate's answer was mailed `seconds` after
    the request, when `in_by_then` requests of the flood were in.
    """

    before: dict[str, int]
    after: dict[str, int]
    heard: int
    seconds: float
    in_by_then: int


def flood(server: DelegateServer, smtp: MailServer, number: int, at_once: int = 4) -> Flood:
    """Let a script that does the work ask so often, all from one network, before an open desk page."""
    with writing() as db:
        aigul = db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()
        session = open_session(db, aigul.id or 0, MONDAY)
    asked = _Turns()
    with ExitStack() as stack:
        desk = stack.enter_context(RawSocket(server, f"copapp-staff={session}"))
        desk.connect()
        desk.listen_for("counts_rx_state_")
        pool = stack.enter_context(ThreadPoolExecutor(at_once + 1))
        # A process for each processor: the threads of one would find one number at a time.
        solvers = ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"))
        stack.enter_context(solvers)
        scripts = [pool.submit(_script, server.url, number, asked, solvers) for _ in range(at_once)]
        over = threading.Event()
        hearing = pool.submit(_hear, desk, over)
        try:
            while asked.taken < number // 3:
                time.sleep(0.1)
            seconds, is_in = _answered(server.url, smtp), asked.taken
            for script in scripts:
                script.result()
        finally:
            over.set()
        hearing.result()
        heard = len(desk.heard)
        before = _counts()
        _clear(desk, before["held_back"])
    return Flood(before, _counts(), heard, seconds, is_in)


class _Turns:
    """Numbers the requests of several threads."""

    def __init__(self) -> None:
        self.taken, self._lock = 0, threading.Lock()

    def next(self) -> int:
        with self._lock:
            self.taken += 1
            return self.taken


def _script(url: str, number: int, asked: _Turns, solvers: Executor) -> None:
    def work(challenge: str, bits: int, key: str) -> int:
        return solvers.submit(solve, challenge, bits, key).result()

    with httpx.Client(base_url=url, timeout=60) as line:
        while (turn := asked.next()) <= number:
            line.headers["x-forwarded-for"] = f"203.0.113.{turn % 256}"
            answer = ask(line, new_request(f"Flood {turn}", email=f"f{turn}@spam{turn}.example"), work)
            assert answer.status_code == httpx.codes.CREATED, answer.text


def _hear(desk: RawSocket, over: threading.Event) -> None:
    while not over.is_set():
        desk.listen(0.2)


def _answered(url: str, smtp: MailServer) -> float:
    """Let a delegate from elsewhere ask and one of us accept; gives the seconds until that was mailed."""
    started = time.monotonic()
    with httpx.Client(base_url=url, timeout=60, headers={"x-forwarded-for": "198.51.100.20"}) as line:
        answer = ask(line, new_request("Dana"))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    with writing() as db:
        aigul = db.exec(select(StaffMember).where(StaffMember.slug == "aigul")).one()
        dana = next(each for each in inbox.requests_of(db, "answer") if each.name == "Dana")
        meetings.accept(db, dana.id or 0, aigul, terms(aigul), MONDAY)
        address = dana.email
    while not any("agreed" in each["Subject"] for each in smtp.mails if each["To"] == address):
        assert time.monotonic() < started + _MAILED_WITHIN_SECONDS, "the delegate's answer was never mailed"
        time.sleep(0.05)
    return time.monotonic() - started


def _clear(desk: RawSocket, number: int) -> None:
    """Choose what is held back, pick all of it, and decline it with one tap."""
    desk.heard = ""
    desk.event(f"{_DESK}.choose_tab", {"tab": "held_back"})
    desk.listen_for('"tab_rx_state_":"held_back"')
    desk.event(f"{_DESK}.pick_all")
    desk.listen_for(f'"picked_count_rx_state_":{number}')
    picked_to = re.findall(r'"picked_to_rx_state_":(\d+)', desk.heard)[-1]
    picked = {"picked": [], "picked_to": int(picked_to), "spared": []}
    desk.event(f"{_DESK}.decline_unsaid", picked)
    desk.listen_for('"done_rx_state_":"decline_unsaid"')


def _counts() -> dict[str, int]:
    with reading() as db:
        return inbox.tab_counts(db)

"""Guessing at one account from everywhere, while its owner signs in."""

import ssl
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.browser.server import DelegateServer

EMAIL, PASSWORD = "aigul@example.org", "a quiet steppe at dawn"
TLS = ssl.create_default_context()
AT_ONCE, WITHIN_SECONDS = 16, 60


@dataclass
class Guessed:
    """How guesses were answered, and the known browser each time, and how long each new one took."""

    answers: Counter[str]
    known: list[str] = field(default_factory=list)
    new_seconds: list[float] = field(default_factory=list)


def guess(server: DelegateServer, number: int, addresses: int, looks: int) -> Guessed:
    """Guess from that many networks; the owner comes `looks` times, in a known browser and a new one."""
    link = next(
        word for word in server.run("staff", "add", "Aigul", EMAIL).split() if "/admin/set-up/" in word
    )
    chosen = _post(server, httpx.URL(link).path.replace("set-up", "password"), "192.0.2.1", PASSWORD)
    device = {"copapp-device": chosen.cookies["copapp-device"]}
    found = Guessed(Counter())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for look in range(looks):
            part = [
                pool.submit(_try, server, f"10.{each % addresses // 250}.{each % addresses % 250}.7", "guess")
                for each in range(number * look // looks, number * (look + 1) // looks)
            ]
            part[len(part) // 2].result()
            found.known.append(_try(server, "192.0.2.1", PASSWORD, device))
            found.new_seconds.append(_seconds_to_enter(server, f"198.51.{look}.1"))
            found.answers.update(each.result() for each in part)
    return found


def _seconds_to_enter(server: DelegateServer, address: str) -> float:
    began = time.monotonic()
    while _try(server, address, PASSWORD) != "in":
        time.sleep(1)
    return time.monotonic() - began


def _try(server: DelegateServer, address: str, password: str, cookies: dict[str, str] | None = None) -> str:
    """Sign in from an address; says "in", "wrong", "wait" or the status."""
    answer = _post(server, "/admin/sign-in", address, password, cookies)
    if answer.status_code != 303:
        return str(answer.status_code)
    problem: str = httpx.URL(answer.headers["location"]).params.get("problem", "in")
    return problem


def _post(
    server: DelegateServer, path: str, address: str, password: str, cookies: dict[str, str] | None = None
) -> httpx.Response:
    headers = {"origin": server.url, "x-forwarded-for": address}
    with httpx.Client(base_url=server.url, cookies=cookies, timeout=60, verify=TLS) as line:
        return line.post(path, data={"email": EMAIL, "password": password}, headers=headers)


def guesses(number: int, addresses: int) -> list[str]:
    """Guess at a served app; the owner's known browser is in at once, a new one within a minute."""
    with tempfile.TemporaryDirectory() as folder:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        server.start()
        try:
            found = guess(server, number, addresses, looks=10)
        finally:
            server.stop()
    longest = max(found.new_seconds)
    print(
        f"{number:,} guesses from {addresses:,} networks: {dict(found.answers)}; meanwhile the known browser "
        f"{dict(Counter(found.known))}, a new one within {longest:.1f} s."
    )
    wrong = [f"the known browser was told {each}" for each in found.known if each != "in"]
    return [*wrong, *(["a new browser waited too long"] if longest > WITHIN_SECONDS else [])]

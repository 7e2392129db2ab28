"""Delegates who ask for a meeting over HTTP as a phone does: with a key, and with work where it is wanted."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any, Protocol

REQUESTS = "/api/v1/meeting-requests"
PROOF_WANTED = 428


class Line(Protocol):
    """What a request goes through: a client of a served app, or of the API in this process."""

    def post(self, url: str, *, json: Any, headers: dict[str, str]) -> Any: ...


@dataclass(frozen=True)
class Asked:
    """What one phone keeps of a request: the key made when the form was sent, and the form."""

    key: str
    body: Mapping[str, Any]


def new_request(name: str, **given: Any) -> Asked:
    """Fill in a form; each keyword replaces one field."""
    usual = {
        "name": name,
        "organisation": "Ministry of Ecology",
        "email": f"{name.lower().replace(' ', '.')}@ministry.example",
        "reason": f"The saiga corridor, says {name}.",
        "slot": None,
        "language": "en",
        "consent": True,
        "elapsed": 40,
    }
    return Asked(secrets.token_urlsafe(16), usual | given)


def send(line: Line, asked: Asked, proof: str = "") -> Any:
    """Send a form once, as a script does; gives the answer."""
    headers = {"idempotency-key": asked.key} | ({"copapp-proof": proof} if proof else {})
    return line.post(REQUESTS, json=asked.body, headers=headers)


def solve(challenge: str, bits: int, key: str) -> int:
    """Find the number that the server asks for, as quickly as Python goes."""
    begun, most = sha256(f"{challenge}.{key}.".encode()), 1 << (32 - bits)
    for number in count():
        tried = begun.copy()
        tried.update(b"%d" % number)
        if int.from_bytes(tried.digest()[:4], "big") < most:
            return number
    raise AssertionError


def ask(line: Line, asked: Asked, work: Callable[[str, int, str], int] = solve) -> Any:
    """Send a form, and again with the proof of work where the server wants one; gives the last answer."""
    answer = send(line, asked)
    if answer.status_code != PROOF_WANTED:
        return answer
    wanted = answer.json()
    return send(line, asked, f"{wanted['challenge']}.{work(wanted['challenge'], wanted['bits'], asked.key)}")

"""Addresses as they arrive: real ones that chats, mails, keyboards and attackers have damaged."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from copapp.api import create_api
from copapp.interop.conference_folder import read_folder
from copapp.settings import DATA

TOKEN = "abcdefghijklmnopqrstuvwxyz234567"
_PROGRAMME = read_folder(DATA / "cop14")
EVENTS = [event.slug for event in _PROGRAMME.events]
ROOMS = [room.slug for room in _PROGRAMME.rooms]
SITES = [site.slug for site in _PROGRAMME.sites]
DAYS = [f"2024-02-{day}" for day in range(12, 18)]
PAGES = ["/", "/saved", "/map", "/meet", "/changes", "/calendars", "/more", "/settings", "/about"]
# What stands in the braces of an API path; a new one must be given a value here.
_FILLED = {
    "events/{slug}": EVENTS,
    "rooms/{slug}": ROOMS,
    "sites/{slug}": SITES,
    "{day}": DAYS,
    "{token}": [TOKEN],
}

# What a chat, a mail or an attacker puts behind an address, or into it.
_ENDS: list[str] = [
    *""".)]»”"',;!?…>*_~ /\\&#=%""",
    ".)",
    ").",
    "//",
    "/.",
    "/..",
    "/../../etc/passwd",
    ";jsessionid=1",
    "🐆",
]
_ENDS += [
    "%20",
    "%0A",
    "%E",
    "%E0",
    "%E0%A4%A",
    "%00",
    "%FF",
    "%C0%AF",
    "%u2019",
    "%25",
    "%2F..%2F",
    "?saved=1&saved=0",
]
_ENDS += ["\u200b", "\u202e", "\ufeff"]
_PIECES = ["__proto__", "constructor", "toString", "null", "undefined", "NaN", "-1", "1e999", "[]", "{}"]
_PIECES += ["<script>", "' OR 1=1--", "{{7*7}}", "${x}", "13", "2024-2-13", "2024-13-45", "0000-00-00", "foo"]
_PIECES += ["ﬁ", "İ", "сайга"]
_NAMES = [
    "q",
    "day",
    "site",
    "saved",
    "event",
    "whom",
    "stairs",
    "language",
    "utm_source",
    "__proto__",
    "day[]",
]


def _cut(chance: random.Random, address: str) -> str:
    return address[: chance.randint(1, len(address))]


def _lengthened(chance: random.Random, address: str) -> str:
    return address + chance.choice(_ENDS)


def _broken_into(chance: random.Random, address: str) -> str:
    at = chance.randint(1, len(address))
    return address[:at] + chance.choice([*_ENDS, *_PIECES]) + address[at:]


def _without(chance: random.Random, address: str) -> str:
    at = chance.randint(1, len(address))
    return address[:at] + address[at + 1 :]


def _encoded(chance: random.Random, address: str) -> str:
    at = chance.randint(1, len(address))
    return (
        address[:at] + "".join(f"%{byte:02x}" for byte in address[at : at + 3].encode()) + address[at + 3 :]
    )


def _retyped(chance: random.Random, address: str) -> str:
    return "/" + chance.choice(
        [address[1:].upper(), address[1:].title(), address[1:].capitalize(), address[1:].replace("-", " ")]
    )


def _asked_more(chance: random.Random, address: str) -> str:
    path, hash_, rest = address.partition("#")
    value = chance.choice([*_PIECES, *DAYS, *SITES, "", "x" * 10_000, quote("сайга"), quote("«saiga»")])
    return f"{path}{'&' if '?' in path else '?'}{chance.choice(_NAMES)}={value}{hash_}{rest}"


def _long(chance: random.Random, address: str) -> str:
    return address + chance.choice(["x", "/", "%41", ".", "-", "a=1&"]) * chance.choice([100, 1_000, 10_000])


def _random(chance: random.Random, _: str) -> str:
    return "/" + "".join(
        chr(chance.choice([chance.randint(1, 127), chance.randint(128, 0xD7FF)]))
        for _ in range(chance.randint(1, 60))
    )


_CHANGES: list[Callable[[random.Random, str], str]] = [
    *[_cut, _lengthened, _asked_more] * 2,
    *[_broken_into, _without, _encoded, _retyped, _long, _random],
]


def public_addresses() -> list[str]:
    """List one address of every kind that anybody may ask for: pages, and all of the API that is read."""
    shown = [*PAGES, *(f"/event/{slug}" for slug in EVENTS), *(f"/map/{room}" for room in ROOMS)]
    shown += [f"/map/{one}/{other}?stairs=no" for one, other in pairwise(ROOMS)]
    shown += [
        f"/?day={DAYS[1]}&site={SITES[0]}&q=saiga&saved=1",
        f"/meet?event={EVENTS[0]}&whom=maria",
        f"/meet/{TOKEN}",
    ]
    shown += [f"/saved#copapp1~cop14~{'.'.join(EVENTS)}~{TOKEN}~{TOKEN}", f"/#copapp1~cop14~{EVENTS[0]}"]
    return [*shown, *_api_addresses()]


def _api_addresses() -> Iterator[str]:
    for path, methods in create_api().openapi()["paths"].items():
        if "get" not in methods:
            continue
        address = path
        for braces, values in _FILLED.items():
            address = address.replace(braces, braces.partition("{")[0] + values[0])
        yield address
        asked = [each["name"] for each in methods["get"].get("parameters", []) if each["in"] == "query"]
        yield from (f"{address}?{each}=fr" for each in asked)


def strange_addresses(count: int, seed: int) -> list[str]:
    """Damage real addresses, one to three times each; the same for the same seed."""
    chance, real = random.Random(seed), public_addresses()

    def damaged(address: str) -> str:
        for _ in range(chance.randint(1, 3)):
            address = chance.choice(_CHANGES)(chance, address)
        return address

    return [damaged(chance.choice(real)) for _ in range(count)]


def as_sent(address: str) -> bytes:
    """Write an address as a browser sends it: no hash, and encoded what may not stand in a request line."""
    return quote(address.partition("#")[0], safe="!$&'()*+,;=:@/?%-._~[]|^`{}\"<>\\").encode()


def known() -> dict[str, Any]:
    """Say what the store knows when it reads an address."""
    return {"events": EVENTS, "rooms": ROOMS, "days": DAYS, "sites": SITES}

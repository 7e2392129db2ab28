"""Ten thousand addresses that strangers damaged: phone and server read what they can, and stand.

A shared day whose link had taken the sentence's stop along once drew "This page could not be drawn".
"""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copapp.domain.address import written_as_ours
from tests.browser.server import DelegateServer
from tests.strange_addresses import (
    DAYS,
    EVENTS,
    PAGES,
    ROOMS,
    SITES,
    TOKEN,
    as_sent,
    known,
    public_addresses,
    strange_addresses,
)

HERE = Path(__file__).parent
STORE = HERE.parent / "copapp" / "offline" / "store"
ADDRESSES = public_addresses() + strange_addresses(10_000, 49)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_CHARSET = r"[a-z0-9-]+"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the phone reads in each address."""
    return _as_read(ADDRESSES, tmp_path_factory.mktemp("read") / "addresses.json")


def _as_read(addresses: list[str], file: Path) -> list[dict[str, Any]]:
    file.write_text(json.dumps({"addresses": addresses, "known": known(), "conference": "cop14"}))
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(
        [node, "--no-warnings", HERE / "addresses.mjs", STORE, file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    read: list[dict[str, Any]] = json.loads(done.stdout)
    return read


def test_the_phone_reads_only_what_it_knows(answers: list[dict[str, Any]]) -> None:
    assert len(answers) == len(ADDRESSES)
    for found in answers:
        assert found["filters"]["day"] in {"", *DAYS}
        assert found["filters"]["site"] in {"", *SITES}
        assert found["event"] in {"", *EVENTS}
        assert found["nearest"] in {"", *EVENTS}
        assert len(found["filters"]["query"]) <= 200
        assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", each) for each in found["carried"]["slugs"])
        assert all(re.fullmatch(r"[a-z0-9]{32}", each) for each in found["carried"]["tokens"])


def test_what_the_phone_writes_into_the_address_reads_the_same(answers: list[dict[str, Any]]) -> None:
    assert [found for found in answers if found["again"] != found["filters"]] == []


def test_phone_and_server_write_an_address_alike(answers: list[dict[str, Any]]) -> None:
    differing = [found["path"] for found in answers if written_as_ours(found["path"]) != found["written"]]

    assert differing == []


def test_the_phone_leaves_a_right_address_alone(tmp_path: Path) -> None:
    right = [
        *PAGES,
        *(f"/event/{slug}" for slug in EVENTS),
        *(f"/map/{room}" for room in ROOMS),
        f"/meet/{TOKEN}",
    ]

    found = _as_read(right, tmp_path / "right.json")

    assert [each["meant"] for each in found] == right


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("2024-02-13", "2024-02-13"),
        ("2024-02-13.", "2024-02-13"),
        ("2024-02-13)", "2024-02-13"),
        ("(2024-02-13%20", "2024-02-13"),
        ("2024-02-13%E2%80%9D", "2024-02-13"),
        ("2024-02-13&day=2024-02-14", "2024-02-13"),
        ("foo&day=2024-02-14", "2024-02-14"),
        ("2024-2-13", ""),
        ("2024-13-45", ""),
        ("13", ""),
        ("foo", ""),
        ("__proto__", ""),
        ("%E0%A4%A", ""),
        ("", ""),
    ],
)
def test_a_day_is_one_of_the_programmes_or_none(asked: str, day: str, tmp_path: Path) -> None:
    [found] = _as_read([f"/?day={asked}"], tmp_path / "day.json")

    assert found["filters"]["day"] == day
    assert found["search"] == (f"?day={day}" if day else "")


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/event/cats-of-the-silk-road)", "/event/cats-of-the-silk-road"),
        ("/event/SSAP-flyways", "/event/ssap-flyways"),
        ("/event/%22ssap-flyways%22.", "/event/ssap-flyways"),
        ("/Map/Bukhara.", "/map/bukhara"),
        ("/map/bukhara)/Avantegarde", "/map/bukhara/avantegarde"),
        (f"/meet/{TOKEN}.", f"/meet/{TOKEN}"),
        ("/saved/)", "/saved"),
        ("/)", "/"),
        ("/event/constructor", ""),
        ("/event/cats-of-the-silk", ""),
        ("/meet/abc", ""),
        ("/nowhere", ""),
    ],
)
def test_a_path_leads_where_it_was_meant_to(path: str, meant: str, tmp_path: Path) -> None:
    [found] = _as_read([path], tmp_path / "path.json")

    assert found["meant"] == meant


@pytest.mark.parametrize(
    ("slug", "near"),
    [
        ("cats-of-the-si", "cats-of-the-silk-road"),
        ("cats-of-the-silk-road-at-noon", "cats-of-the-silk-road"),
        ("cats-of-the-silk-raod", "cats-of-the-silk-road"),
        ("sagia-recovery", "saiga-recovery"),
        ("no-such-thing", ""),
        ("constructor", ""),
        ("%E0", ""),
    ],
)
def test_the_nearest_event_is_offered_for_one_that_is_not_there(slug: str, near: str, tmp_path: Path) -> None:
    [found] = _as_read([f"/event/{slug}"], tmp_path / "near.json")

    assert found["nearest"] == near


@pytest.mark.parametrize(
    ("text", "slugs", "tokens", "cut", "key"),
    [
        ("copapp1~cop14~SSAP-flyways", ["ssap-flyways"], 0, 0, ""),
        ("Copapp1~Cop14~ssap-flyways.saiga-rec", ["ssap-flyways", "saiga-rec"], 0, 0, ""),
        ("copapp1%7Ecop14%7Essap-flyways)", ["ssap-flyways"], 0, 0, ""),
        (f"copapp1~cop14~ssap-flyways~{TOKEN}.{TOKEN[:9]}", ["ssap-flyways"], 1, 1, ""),
        (f"copapp1~cop14~~{TOKEN[:31]}", [], 0, 0, "carry.cut"),
        ("copapp1~cop14~ssap-flyways%", ["ssap-flyways"], 0, 0, ""),
        ("copapp1~cop14~%E0%A4%A", [], 0, 0, "carry.empty"),
        ("copapp1~co", [], 0, 0, "carry.cut"),
        ("copapp1", [], 0, 0, "carry.cut"),
        ("copapp1~cop15~ssap-flyways", [], 0, 0, "carry.other_conference"),
        ("copapp1~x__proto__~a", [], 0, 0, "carry.other_conference"),
    ],
)
def test_a_carried_text_is_read_as_far_as_it_goes(
    text: str, slugs: list[str], tokens: int, cut: int, key: str, tmp_path: Path
) -> None:
    [found] = _as_read([f"/saved#{text}"], tmp_path / "carried.json")

    carried = found["carried"]
    assert found["isCarrying"]
    assert (carried["slugs"], len(carried["tokens"]), carried["cut"], carried["key"]) == (
        slugs,
        tokens,
        cut,
        key,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DelegateServer]:
    """COP14, served as at a conference: without a public address posters are refused (503)."""
    running = DelegateServer(
        tmp_path_factory.mktemp("strange"), {"COPAPP_PUBLIC_URL": "https://meet.example.org"}
    )
    running.seed()
    running.start()
    yield running
    running.close()


def _statuses(port: int, targets: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Ask for each over as few connections as the server allows: the status, and the head."""
    waiting = list(reversed(targets))
    while waiting:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as raw, raw.makefile("rb") as answer:
            is_open = True
            while waiting and is_open:
                raw.sendall(b"GET " + waiting.pop() + b" HTTP/1.1\r\nHost: companion.test\r\n\r\n")
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = answer.readline()
                    assert line, "the server hung up without an answer"
                    head += line
                found = _LENGTH.search(head)
                if found:
                    answer.read(int(found[1]))
                is_open = bool(found) and b"connection: close" not in head.lower()
                yield int(head.split(b" ", 2)[1]), head


def test_the_server_stands(server: DelegateServer) -> None:
    """No door answers with a fault of ours, and nothing is complained of in the log."""
    targets = [as_sent(address) for address in ADDRESSES]

    answers = zip(ADDRESSES, _statuses(server.port, targets), strict=True)

    faults = [(address[:200], status) for address, (status, _) in answers if status >= 500]
    assert faults == []
    assert not re.search(r"Traceback|ERROR|Exception|panic", server.log.read_text(errors="replace"))


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/event/cats-of-the-silk-road)", "/event/cats-of-the-silk-road"),
        ("/event/SSAP-flyways?utm_source=chat", "/event/ssap-flyways?utm_source=chat"),
        ("/saved%20", "/saved"),
        ("/saved/?x=%0d%0aset-cookie:%20a", "/saved?x=%0d%0aset-cookie:%20a"),
        ("/map/Bukhara%E2%80%9D", "/map/bukhara"),
        ("/meet).", "/meet"),
        ("/saved%23copapp1~cop14~ssap-flyways", "/saved#copapp1~cop14~ssap-flyways"),
        ("/saved%2523copapp1~cop14~a%0d%0ab?x=1", "/saved?x=1#copapp1~cop14~a%0D%0Ab"),
        ("/%22", "/"),
    ],
)
def test_the_server_leads_to_the_page_that_was_meant(
    address: str, leads_to: str, server: DelegateServer
) -> None:
    [(status, head)] = _statuses(server.port, [as_sent(address)])

    assert status == 302
    assert f"\r\nlocation: {leads_to}\r\n".encode() in head


@pytest.mark.parametrize(
    "address", ["/nowhere", "/event/nothing", "//evil.example/", "/event/../../etc/passwd", "/saved/x"]
)
def test_the_server_leads_nowhere_else(address: str, server: DelegateServer) -> None:
    [(status, head)] = _statuses(server.port, [as_sent(address)])

    assert (status, b"location:" in head) == (404, False)

"""Addresses that mean harm: none leads inside, none takes long or much, each is refused in words."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from copapp.database import migrate, reading, writing
from copapp.domain.source import SourceProgramme
from copapp.fetch_allow import fetch_allow
from copapp.interop.readers import limits
from copapp.services import releasing
from copapp.services.seed import seed
from copapp.sources.addresses import FetchError
from copapp.sources.fetching import fetch
from tests.conftest import NOW, Environment
from tests.hostile_addresses import PUBLIC, hostile_addresses
from tests.hostile_server import Front, Inside, front_and_inside


@pytest.fixture
def servers() -> Iterator[tuple[Front, Inside]]:
    with front_and_inside() as both:
        yield both


def test_no_address_leads_inside_or_takes_much_work_or_256_megabytes(
    servers: tuple[Front, Inside], environment: Environment, cop14: SourceProgramme
) -> None:
    """Each in a process of its own, with a real draft, real servers and names that change their minds.

    Those that would take long are ended by the limit of time: their code says so.
    """
    migrate()
    with writing() as db:
        seed(db, cop14, NOW)
        before = releasing.preview(db).digest
    front, inside = servers

    ran = subprocess.run(
        [sys.executable, "-m", "tests.fetch_hostile", str(front.port)],
        capture_output=True,
        check=True,
        text=True,
        env={
            **os.environ,
            "HTTP_PROXY": f"http://127.0.0.1:{inside.port}",
            "ALL_PROXY": "http://127.0.0.1:9",
        },
    )

    expected = {name: each.code for name, each in hostile_addresses().items()}
    answers = {answer["name"]: answer for answer in map(json.loads, ran.stdout.splitlines())}
    assert len({each.address for each in hostile_addresses().values()}) >= 100
    assert inside.reached == []
    assert {name: answer["raised"] for name, answer in answers.items() if answer["raised"]} == {}
    assert {name: answer["code"] for name, answer in answers.items()} == expected
    assert {name for name, answer in answers.items() if answer["worked"] >= 5} == set()
    assert {name for name, answer in answers.items() if answer["megabytes"] >= 256} == set()
    assert {name for name, answer in answers.items() if not answer["said"]} == set()
    with reading() as db:
        assert releasing.preview(db).digest == before


def test_the_listener_would_tell(servers: tuple[Front, Inside]) -> None:
    """Where the setting opens this machine, the private address is reached, and counted."""
    _, inside = servers
    allowed, ports = fetch_allow("127.0.0.0/8, ::1"), frozenset({inside.port})

    for host in ("127.0.0.1", "2130706433", "[::1]", "localhost", "127.1"):
        with pytest.raises(FetchError):
            fetch(f"http://{host}:{inside.port}/", allowed, limits.BYTES, ports=ports)

    assert len(inside.reached) >= 5
    assert fetch(f"http://{PUBLIC}:{inside.port}/programme", allowed, limits.BYTES, ports=ports)

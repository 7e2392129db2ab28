"""Many phones that fetch the slots at once, and a delegate who asks beside them."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from statistics import quantiles
from typing import Any

import httpx

from tests.askers import PROOF_WANTED, REQUESTS, Asked, new_request, solve
from tests.bench.load import requests_per_second
from tests.browser.server import DelegateServer

PHONES = 500
SPREAD_MS = 2_000  # as offline/service_worker.js has it
POSTS = 400  # enough for a 99th percentile that is not the slowest one
_people = count(1)


def crowd_figures(server: DelegateServer) -> dict[str, float]:
    """Give the posts' p99 alone and beside the phones (ms), and the slots' rate over the programme's.

    Empty without wrk.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        return {}
    programme, slots = (
        requests_per_second(f"{server.url}/api/v1/{each}") or 0 for each in ("programme", "slots")
    )
    quiet = _p99_of_posts(server)
    with _phones(wrk, server):
        beside = _p99_of_posts(server)
    return {"quiet": quiet, "beside": beside, "posts": beside / quiet, "slots": slots / programme}


@contextmanager
def _phones(wrk: str, server: DelegateServer) -> Iterator[None]:
    """Keep so many phones asking for the slots, each at a random moment of its spread, again and again."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"function delay() return math.random(0, {SPREAD_MS}) end")
        script.flush()
        command = [wrk, "-t1", f"-c{PHONES}", "-d600s", "-s", script.name, f"{server.url}/api/v1/slots"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
            time.sleep(1)
            yield
            running.terminate()


def _p99_of_posts(server: DelegateServer) -> float:
    """Ask as a delegate's phone does; its own work for a proof is not counted."""
    with httpx.Client(base_url=server.url, timeout=60) as line:
        waits = [_milliseconds(line, new_request(f"Delegate {next(_people)}")) for _ in range(POSTS)]
    return quantiles(waits, n=100)[-1]


def _milliseconds(line: httpx.Client, asked: Asked) -> float:
    answer, waited = _posted(line, asked)
    if answer.status_code == PROOF_WANTED:
        wanted = answer.json()
        proof = solve(wanted["challenge"], wanted["bits"], asked.key)
        answer, more = _posted(line, asked, f"{wanted['challenge']}.{proof}")
        waited += more
    answer.raise_for_status()
    return waited


def _posted(line: httpx.Client, asked: Asked, proof: str = "") -> tuple[Any, float]:
    headers = {"idempotency-key": asked.key, **({"copapp-proof": proof} if proof else {})}
    began = time.monotonic()
    answer = line.post(REQUESTS, json=asked.body, headers=headers)
    return answer, 1000 * (time.monotonic() - began)

"""Trouble of the database and of Redis at full length: under writers, with every door asked all the while."""

import tempfile
from pathlib import Path

from tests import services
from tests.browser.server import DelegateServer
from tests.troubles import AT_ONCE, Trouble, full, locked, read_only, stopped, survive

WRITERS = 20
SAID_WITHIN_SECONDS = 3.0


def troubles(lasts: float) -> list[str]:
    """Bring each trouble over a served app for so many seconds; say what was lost, late or not said."""
    with services.postgres() as postgres, services.redis_to_stop() as redis:
        cases: dict[str, tuple[Trouble, dict[str, str], str]] = {
            "SQLite locked": (locked, {}, "database"),
            "SQLite's disk full": (full, {}, "database"),
            "PostgreSQL stopped": (stopped(postgres), _on(postgres), "database"),
            "PostgreSQL read-only": (read_only(postgres), _on(postgres), "database"),
            "Redis stopped": (stopped(redis), {"COPAPP_REDIS_URL": redis.url}, "redis"),
        }
        return [
            f"{name}: {wrong}"
            for name, (trouble, given, need) in cases.items()
            for wrong in _wrong_after(name, trouble, given, need, lasts)
        ]


def _on(postgres: services.Postgres) -> dict[str, str]:
    return {"COPAPP_DATABASE_URL": postgres.new_database()}


def _wrong_after(name: str, trouble: Trouble, given: dict[str, str], need: str, lasts: float) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": f"{folder}/site"} | given)
        server.seed()
        server.start()
        try:
            survived = survive(server, trouble, WRITERS, lasts)
        finally:
            server.close()
    slowest = max(survived.told, key=lambda each: each.seconds)
    refused = sum(each.answer.status_code == 503 for each in survived.told)
    print(
        f"{name} for {lasts:.0f} s, {WRITERS} writers and {AT_ONCE} more at once: "
        f"{survived.acknowledged:,} requests acknowledged, {len(survived.told):,} answers meanwhile, "
        f"{refused:,} of them that it does not answer, the slowest ({slowest.door}) after "
        f"{slowest.seconds:.1f} s; {len(survived.log.splitlines())} lines in the log.",
        flush=True,
    )
    said = survived.ready.json()["needs"][need]
    checks = {
        f"{slowest.door} was said after {slowest.seconds:.1f} s": slowest.seconds <= SAID_WITHIN_SECONDS,
        f"/readyz says {said}": said != "ok",
        "the log says nothing": need == "redis" or "does not answer" in survived.log,
        "the log holds a traceback": "Traceback" not in survived.log,
    }
    return [*survived.wrong, *(words for words, is_right in checks.items() if not is_right)]

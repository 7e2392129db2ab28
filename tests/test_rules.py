"""The rules that run on the server and on the phone: one table of cases holds both."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from copapp.domain import meeting_form, timetable
from copapp.domain.changes import changes
from copapp.domain.clashes import Walks, judge
from copapp.domain.day import Entry, Stop, lines
from copapp.domain.programme import Event as Released
from copapp.domain.proof_of_work import is_solved
from copapp.domain.search import matches
from copapp.domain.venue import Door, PathKind
from copapp.domain.venue import Path as WalkedPath
from copapp.domain.ways import way

HERE = Path(__file__).parent
TABLES = sorted((HERE / "cases").glob("*.json"))
CASES: list[dict[str, Any]] = [case for table in TABLES for case in json.loads(table.read_text("utf-8"))]
NAMES = [f"{case['rule']}: {case['name']}" for case in CASES]


@dataclass(frozen=True)
class Event:
    """An event of a case."""

    slug: str
    starts: datetime
    ends: datetime | None
    is_cancelled: bool


def _events(given: list[dict[str, Any]]) -> list[Event]:
    return [
        Event(
            each["slug"],
            datetime.fromisoformat(each["starts"]),
            datetime.fromisoformat(each["ends"]) if each["ends"] else None,
            each["status"] == "cancelled",
        )
        for each in given
    ]


def _conference_days(starts: str, ends: str) -> Any:
    return [
        str(day) for day in timetable.conference_days(date.fromisoformat(starts), date.fromisoformat(ends))
    ]


def _days(events: list[dict[str, Any]], zone: str) -> Any:
    found = timetable.days(_events(events), ZoneInfo(zone))
    return [[str(day), [event.slug for event in held]] for day, held in found.items()]


def _offsets(first: str, last: str, zone: str) -> Any:
    found = timetable.offsets(date.fromisoformat(first), date.fromisoformat(last), ZoneInfo(zone))
    return [[str(each.date), each.minutes] for each in found]


def _now_and_next(events: list[dict[str, Any]], now: str, assumed_minutes: int) -> Any:
    running, following = timetable.now_and_next(_events(events), datetime.fromisoformat(now), assumed_minutes)
    return {"now": [{"slug": each.slug, "assumed": each.is_assumed} for each in running], "next": following}


def _phase(now: str, starts: str, ends: str, zone: str) -> str:
    days = date.fromisoformat(starts), date.fromisoformat(ends)
    return timetable.phase(datetime.fromisoformat(now), *days, ZoneInfo(zone))


def _meeting_form(form: dict[str, str]) -> list[list[str]]:
    found = meeting_form.problems(meeting_form.cleaned(form))
    return [[each.field, each.code] for each in found]


def _entry(given: dict[str, Any]) -> Entry:
    return Entry(
        datetime.fromisoformat(given["starts"]),
        datetime.fromisoformat(given["ends"]) if given["ends"] else None,
        site=given["site"],
        is_cancelled=given["status"] == "cancelled",
        slug=given["slug"],
    )


def _walks(given: list[dict[str, Any]]) -> Walks:
    return {frozenset({each["from"], each["to"]}): each["minutes"] for each in given}


def _judge(one: dict[str, Any], other: dict[str, Any], walks: list[dict[str, Any]], **given: Any) -> Any:
    return asdict(judge(_entry(one), _entry(other), _walks(walks), **given))


def _lines(
    entries: list[dict[str, Any]], walks: list[dict[str, Any]], assumed_minutes: int, zone: str
) -> Any:
    found = lines([_entry(each) for each in entries], _walks(walks), assumed_minutes, ZoneInfo(zone))
    return [[str(day), [[_stop(stop) for stop in held] for held in line]] for day, line in found.items()]


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "slug": stop.entry.slug,
        "clashes": [[other.slug, judged.verdict, judged.kind] for other, judged in stop.clashes],
        "before": [stop.before[0].slug, stop.before[1].verdict, stop.before[1].gap] if stop.before else None,
    }


def _solve(challenge: str, key: str, bits: int) -> str:
    return next(str(number) for number in count() if is_solved(challenge, key, str(number), bits))


def _way(doors: list[dict[str, str]], paths: list[dict[str, Any]], **asked: Any) -> Any:
    standing = [Door(each["id"], "", room=each["room"]) for each in doors]
    walked = [
        WalkedPath(
            each["id"], PathKind(each["kind"]), each["from"], each["to"], each["minutes"], "An assumption."
        )
        for each in paths
    ]
    legs = way(standing, walked, asked["from_room"], asked["to_room"], avoid_stairs=asked["avoid_stairs"])
    return legs and [
        {"path": leg.path, "from": leg.from_door, "to": leg.to_door, "minutes": leg.minutes} for leg in legs
    ]


def _released(given: dict[str, Any]) -> Released:
    """Give an event that has what a case names; all else is the same for every case."""
    usual = {"slug": "cats", "uid": "", "published": "", "sequence": 0, "descriptions": {}, "source": None}
    return TypeAdapter(Released).validate_python({"updated_at": given["starts"], **usual, **given})


RULES: dict[str, Callable[..., Any]] = {
    "conference_days": _conference_days,
    "days": _days,
    "offsets": _offsets,
    "now_and_next": _now_and_next,
    "freshness": lambda age, failed: timetable.freshness(age, has_failed=failed),
    "phase": _phase,
    "changes": lambda before, after: [
        {"field": each.field, "was": each.was} for each in changes(_released(before), _released(after))
    ],
    "matches": matches,
    "meeting_form": _meeting_form,
    "meeting_form_cleaned": meeting_form.cleaned,
    "proof_of_work": _solve,
    "judge": _judge,
    "lines": _lines,
    "way": _way,
}


@cache
def phone_answers() -> list[Any]:
    """Ask the phone's rules once, in the environment's own Node."""
    node = Path(sys.executable).with_name("node")
    rules = HERE.parent / "copapp" / "offline" / "store" / "rules.js"
    done = subprocess.run(
        [node, "--no-warnings", HERE / "rules.mjs", rules.as_uri(), *TABLES],
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_rule_answers_on_the_server(case: dict[str, Any]) -> None:
    assert RULES[case["rule"]](**case["input"]) == case["expected"]


@pytest.mark.parametrize("number", range(len(CASES)), ids=NAMES)
def test_rule_answers_on_the_phone(number: int) -> None:
    assert phone_answers()[number] == CASES[number]["expected"]

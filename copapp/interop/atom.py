"""Writes the public changelog as a feed (Atom, RFC 4287)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from copapp.domain.changes import EventFate
from copapp.presenters.changelog import ChangelogShape, ChangeShape, EventChangeShape, ReleaseChangesShape

_ATOM = "http://www.w3.org/2005/Atom"
_INSTANTS = {"starts", "ends"}

Words = Mapping[str, Any]


def feed(changelog: ChangelogShape, conference: dict[str, Any], public_url: str, words: Words) -> bytes:
    """Write the feed in the language of these words; without a public address its links are left out."""
    root = public_url.rstrip("/")
    made = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": words["language.code"]})
    _add(made, "id", _id(conference, "changes"))
    _add(made, "title", f"{words['changes.title']} · {conference['name']}")
    _add(made, "updated", changelog.releases[0].released_at)
    _add(_add(made, "author"), "name", conference["organisation"])
    if root:
        _add(made, "link", rel="self", href=f"{root}/changes.atom")
        _add(made, "link", rel="alternate", href=f"{root}/changes")
    for release in changelog.releases:
        _entry(made, release, conference, root, words)
    body: bytes = ET.tostring(made, encoding="utf-8", xml_declaration=True)
    return body


def _entry(
    made: ET.Element, release: ReleaseChangesShape, conference: dict[str, Any], root: str, words: Words
) -> None:
    entry = _add(made, "entry")
    _add(entry, "id", _id(conference, f"release/{release.number}"))
    named = words["changes.release"].format(number=release.number)
    _add(entry, "title", f"{named}: {release.note}" if release.note else named)
    _add(entry, "updated", release.released_at)
    if root:
        _add(entry, "link", rel="alternate", href=f"{root}/changes#release-{release.number}")
    _add(entry, "content", "\n".join(_lines(release, words)), type="text")


def _lines(release: ReleaseChangesShape, words: Words) -> list[str]:
    if release.restores:
        return [words["changes.restores"].format(number=release.restores), *_events(release, words)]
    if release.number == 1:
        return [words["changes.first"]]
    return _events(release, words) or [words["changes.nothing"]]


def _events(release: ReleaseChangesShape, words: Words) -> list[str]:
    return [f"{each.title}: {'; '.join(_said(each, words))}" for each in release.events]


def _said(event: EventChangeShape, words: Words) -> list[str]:
    if event.fate is EventFate.ADDED:
        return [words["change.added"]]
    if event.fate is EventFate.REMOVED:
        return [words["changes.removed"]]
    said = (_one(each, words) for each in event.changes)
    return list(dict.fromkeys(said))


def _one(change: ChangeShape, words: Words) -> str:
    if change.field in {"published", "descriptions", "source"}:
        return str(words["changes.text"])
    return str(words[f"change.{change.field}"]).format(was=_shown(change, words))


def _shown(change: ChangeShape, words: Words) -> str:
    if change.was is None:
        return str(words["event.no_end"])
    if change.field in _INSTANTS:
        return f"{datetime.fromisoformat(change.was):%Y-%m-%d %H:%M}"
    return str(words[f"status.{change.was}"]) if change.field == "status" else change.was


def _id(conference: dict[str, Any], what: str) -> str:
    return uuid5(NAMESPACE_URL, f"copapp:{conference['slug']}:{what}").urn


def _add(parent: ET.Element, tag: str, text: str = "", **given: str) -> ET.Element:
    child = ET.SubElement(parent, tag, given)
    child.text = _speakable(text) or None
    return child


def _speakable(text: str) -> str:
    """Leave out what XML cannot hold (XML 1.0, 2.2)."""
    return "".join(each for each in text if each in "\n\t" or (each >= " " and each not in "\ufffe\uffff"))

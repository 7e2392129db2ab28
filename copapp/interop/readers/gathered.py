"""What a reader has found so far: cleaned, counted, and with a reason for whatever was left out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from copapp.domain.imported import Imported, ImportedEvent, Reason, Skipped
from copapp.interop.readers import limits
from copapp.interop.readers.plain_text import lines, one_line, shown

_LONGEST = timedelta(days=31)


class Gathered:
    """The events of one file, and what was skipped; `format` is what the file was taken for."""

    def __init__(self, format_: str) -> None:
        self.format = format_
        self.events: list[ImportedEvent] = []
        self.skipped: list[Skipped] = []
        self.more = 0
        self.seen: set[tuple[Any, ...]] = set()

    def skip(self, where: str, code: Reason, words: str, about: Any = "") -> None:
        """Note what was left out, and what of the file is meant; beyond a number, only how much more."""
        if len(self.skipped) < limits.SKIPPED:
            self.skipped.append(Skipped(where, code, words, shown(about) if about else ""))
        else:
            self.more += 1
            limits.refuse_many("items that cannot be read", self.more, limits.LEFT_OUT)

    def add(  # noqa: PLR0913  # one argument for each part of an event: a dictionary would only hide them
        self,
        where: str,
        title: Any,
        starts: datetime | None,
        ends: datetime | None,
        *,
        place: tuple[str, str] = ("", ""),
        key: Any = None,
        descriptions: Mapping[str, Any] | None = None,
        is_cancelled: bool = False,
        published: Any = "",
    ) -> None:
        """Take an event, instants in UTC, or note why not."""
        called = self._short(where, "title", one_line(title), limits.TITLE)
        if not called:
            self.skip(where, Reason.NO_TITLE, "It has no title.")
            return
        if starts is None:
            self.skip(where, Reason.NO_START, f"{shown(called)} has no time that can be read.", called)
            return
        room, site = (one_line(name)[: limits.NAME] for name in place)
        self._add(
            ImportedEvent(
                key=one_line(key)[: limits.KEY] or None,
                where=where,
                title=called,
                starts=starts,
                ends=self._end(where, called, starts, ends),
                room=room,
                site=site,
                descriptions=self._texts(where, descriptions or {}),
                is_cancelled=is_cancelled,
                published=one_line(published)[: limits.PUBLISHED],
            )
        )

    def imported(self) -> Imported:
        """Give all of it; a key that two events share is none, because it would match them wrongly."""
        used = Counter(event.key for event in self.events)
        events = [replace(event, key=event.key if used[event.key] == 1 else None) for event in self.events]
        skipped = self.skipped
        if self.more:
            skipped = [
                *skipped,
                Skipped("…", Reason.MORE, f"{self.more:,} more items were left out.", f"{self.more}"),
            ]
        return Imported(self.format, events, skipped)

    def _add(self, event: ImportedEvent) -> None:
        it = event.title, event.starts, event.ends, event.room, event.site, event.is_cancelled
        if it in self.seen:
            self.skip(
                event.where, Reason.REPEATED, f"{shown(event.title)} stands in the file already.", event.title
            )
            return
        self.seen.add(it)
        self.events.append(event)
        limits.refuse_many("events", len(self.events), limits.EVENTS)

    def _end(self, where: str, title: str, starts: datetime, ends: datetime | None) -> datetime | None:
        if ends is not None and not starts < ends <= starts + _LONGEST:
            words = f"{shown(title)} would end before it starts, or weeks later: its end is taken as unknown."
            self.skip(where, Reason.END_BEFORE_START, words, title)
            return None
        return ends

    def _texts(self, where: str, given: Mapping[str, Any]) -> dict[str, str]:
        texts = {
            language: self._short(where, "description", lines(text), limits.DESCRIPTION)
            for language, text in given.items()
        }
        return {language: text for language, text in texts.items() if text}

    def _short(self, where: str, what: str, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        self.skip(
            where, Reason.TEXT_CUT, f"Its {what} of {len(text):,} characters was cut to {most:,}.", text
        )
        return text[: most - 1] + "…"

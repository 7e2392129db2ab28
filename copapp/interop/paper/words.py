"""What a sheet says in one language: the catalogue `paper`, with dates and times of the venue."""

from datetime import date
from zoneinfo import ZoneInfo

from copapp.domain.timetable import offsets
from copapp.i18n import catalogue


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self._catalogue = catalogue(language, "paper")

    def __call__(self, key: str, **values: object) -> str:
        """Give a text, its gaps filled."""
        return str(self._catalogue[key]).format(**values)

    def day(self, given: date) -> str:
        """Write "Tuesday 13 February"."""
        weekday = self(f"paper.weekday.{given.isoweekday()}")
        return self("paper.day", weekday=weekday, day=self._number(given), month=self._month(given))

    def long_date(self, given: date) -> str:
        """Write "13 February 2024"."""
        return self("paper.date", day=self._number(given), month=self._month(given), year=given.year)

    def dates(self, first: date, last: date) -> str:
        """Write "12–17 February 2024", with as much of the first day as differs."""
        if first == last:
            return self.long_date(first)
        is_near = (first.year, first.month) == (last.year, last.month)
        across = "paper.months" if first.year == last.year else "paper.years"
        return self(
            "paper.same_month" if is_near else across,
            first=self._number(first),
            first_month=self._month(first),
            first_year=first.year,
            day=self._number(last),
            month=self._month(last),
            year=last.year,
        )

    def zone(self, name: str, first: date, last: date) -> str:
        """Name the venue's zone with its offset, or each where clocks change between these days."""
        found = [_offset(each.minutes) for each in offsets(first, last, ZoneInfo(name))]
        city = name.rpartition("/")[2].replace("_", " ")
        return self("paper.zone", city=city, offset=" / ".join(found))

    def _number(self, given: date) -> str:
        return self("paper.first") if given.day == 1 else str(given.day)

    def _month(self, given: date) -> str:
        return self(f"paper.month.{given.month}")


def _offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")

"""Days as people write them, in four languages: "Tuesday 13th", "13 février 2024", "13.02.2024"."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from copapp.interop.readers.frame import Frame

_LONGEST = 60
_TOKENS = re.compile(r"\d+|[^\W\d_]+")
_SIGNS = re.compile(r"[\w\s.,:;/()’'–—-]*")  # dashes that people write
_NUMERIC = re.compile(r"\d([./-]) ?\d{1,2}\1 ?\d{2}")
_FILLERS = {
    *(
        "st",
        "nd",
        "rd",
        "th",
        "of",
        "the",
        "on",
        "de",
        "del",
        "du",
        "le",
        "el",
        "er",
        "e",
        "г",
        "года",
        "го",
        "день",
    )
}
_WEEKDAYS = [
    ("monday", "lundi", "lunes", "понедельник", "пн", "mon", "lun"),
    ("tuesday", "mardi", "martes", "вторник", "вт", "tue", "tues"),
    ("wednesday", "mercredi", "miercoles", "среда", "ср", "wed", "mer", "mie"),
    ("thursday", "jeudi", "jueves", "четверг", "чт", "thu", "thur", "thurs", "jeu", "jue"),
    ("friday", "vendredi", "viernes", "пятница", "пт", "fri", "ven", "vie"),
    ("saturday", "samedi", "sabado", "суббота", "сб", "sat", "sam", "sab"),
    ("sunday", "dimanche", "domingo", "воскресенье", "вс", "sun", "dim", "dom"),
]
_MONTHS = [
    ("january", "janvier", "enero", "января", "январь", "jan", "janv", "ene", "янв"),
    ("february", "fevrier", "febrero", "февраля", "февраль", "feb", "fevr", "fev", "фев"),
    ("march", "mars", "marzo", "марта", "март", "mar", "мар"),
    ("april", "avril", "abril", "апреля", "апрель", "apr", "avr", "abr", "апр"),
    ("may", "mai", "mayo", "мая", "май"),
    ("june", "juin", "junio", "июня", "июнь", "jun", "июн"),
    ("july", "juillet", "julio", "июля", "июль", "jul", "juil", "июл"),
    ("august", "aout", "agosto", "августа", "август", "aug", "ago", "авг"),
    ("september", "septembre", "septiembre", "setiembre", "сентября", "сентябрь", "sep", "sept", "сен"),
    ("october", "octobre", "octubre", "октября", "октябрь", "oct", "окт"),
    ("november", "novembre", "noviembre", "ноября", "ноябрь", "nov", "ноя"),
    ("december", "decembre", "diciembre", "декабря", "декабрь", "dec", "dic", "дек"),
]


def _plain(text: str) -> str:
    return "".join(
        each for each in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.combining(each) == 0
    )


_WEEKDAY = {_plain(name): number for number, names in enumerate(_WEEKDAYS) for name in names}
_MONTH = {_plain(name): number for number, names in enumerate(_MONTHS, start=1) for name in names}


@dataclass(frozen=True)
class Day:
    """A day that a text names: None where there is none such; whether its weekday is the one named."""

    date: date | None
    is_weekday_right: bool = True


@dataclass(frozen=True)
class _Named:
    """What a text says of a day; 0 where it does not say month or year."""

    day: int
    month: int = 0
    year: int = 0


def read_day(text: str, frame: Frame) -> Day | None:
    """Read a text that is nothing but a day; None if it is not. What it leaves out the conference says."""
    if len(text) > _LONGEST or not _SIGNS.fullmatch(text):
        return None
    tokens = [token for token in _TOKENS.findall(_plain(text)) if token not in _FILLERS]
    weekdays = [_WEEKDAY[token] for token in tokens if token in _WEEKDAY]
    months = [_MONTH[token] for token in tokens if token in _MONTH]
    numbers = [token for token in tokens if token.isdecimal() and len(token) <= 4]
    if len(weekdays) + len(months) + len(numbers) != len(tokens) or max(len(weekdays), len(months)) > 1:
        return None
    named = _named(text, numbers, months[0] if months else 0, is_weekday_named=bool(weekdays))
    if not named:
        return None
    days = sorted(
        (day for each in named for day in _dates(each, frame)), key=lambda day: _far(day, weekdays, frame)
    )
    return Day(days[0], _fits(days[0], weekdays)) if days else Day(None)


def _named(text: str, numbers: list[str], month: int, *, is_weekday_named: bool) -> list[_Named]:
    """Say what the numbers may mean beside the words."""
    values = [int(number) for number in numbers]
    shape = tuple(min(len(number), 3) for number in numbers)
    found: list[_Named] = []
    if len(shape) == 3 and not _NUMERIC.search(text):
        return []
    if len(shape) == 1 and (month or is_weekday_named):
        found = [_Named(values[0], month)]
    elif len(shape) == 2 and month and shape[1] > 2:
        found = [_Named(values[0], month, values[1])]
    elif len(shape) == 3 and not month and shape[0] > 2:
        found = [_Named(values[2], values[1], values[0])]
    elif len(shape) == 3 and not month:
        year = values[2] + (0 if shape[2] > 2 else 2000)
        found = [_Named(values[0], values[1], year), _Named(values[1], values[0], year)]
    return found


def _dates(named: _Named, frame: Frame) -> list[date]:
    """List the days that it may be: those near the conference where month or year is left out."""
    if named.month:
        years = [named.year] if named.year else range(frame.starts.year - 1, frame.ends.year + 2)
        return [day for year in years for day in _date(year, named.month, named.day)]
    first = frame.starts - timedelta(days=31)
    near = (first + timedelta(days=count) for count in range((frame.ends - first).days + 32))
    return [day for day in near if day.day == named.day]


def _date(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _fits(day: date, weekdays: list[int]) -> bool:
    return weekdays in ([], [day.weekday()])


def _far(day: date, weekdays: list[int], frame: Frame) -> tuple[int, bool, date]:
    """Order days: in the conference first, then the nearer, then the one whose weekday fits."""
    days = max((frame.starts - day).days, (day - frame.ends).days, 0)
    return days, not _fits(day, weekdays), day

"""Which column of a table is what, by its heading, in four languages and as calendars export it."""

import re
import unicodedata
from collections import Counter

_HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "key": {
        "": ("id", "uid", "guid", "key", "code", "slug", "event id"),
        "fr": ("identifiant",),
        "es": ("identificador",),
        "ru": ("идентификатор", "код"),
    },
    "title": {
        "en": (
            "title",
            "event",
            "event title",
            "name",
            "event name",
            "subject",
            "session",
            "session title",
            "talk",
        ),
        "fr": ("titre", "intitule", "evenement", "nom"),
        "es": ("titulo", "evento", "nombre"),
        "ru": ("название", "мероприятие", "заголовок", "событие", "тема"),
    },
    "date": {
        "en": ("date", "day", "start date", "event date"),
        "fr": ("jour", "date de debut"),
        "es": ("fecha", "dia", "fecha de inicio"),
        "ru": ("дата", "день", "дата начала"),
    },
    "starts": {
        "en": ("start", "starts", "start time", "starts at", "begin", "begins", "from", "time", "times"),
        "fr": ("debut", "heure", "heure de debut", "horaire", "commence"),
        "es": ("inicio", "hora", "hora de inicio", "comienzo", "empieza"),
        "ru": ("начало", "время", "время начала", "начинается"),
    },
    "end_date": {
        "en": ("end date",),
        "fr": ("date de fin",),
        "es": ("fecha de fin",),
        "ru": ("дата окончания",),
    },
    "ends": {
        "en": ("end", "ends", "end time", "ends at", "finish", "until", "to"),
        "fr": ("fin", "heure de fin", "jusqu a"),
        "es": ("fin", "final", "hora de fin", "termina", "hasta"),
        "ru": ("конец", "окончание", "время окончания", "заканчивается"),
    },
    "length": {
        "en": ("duration", "length", "minutes", "duration minutes", "duration min"),
        "fr": ("duree", "duree minutes", "duree min"),
        "es": ("duracion", "minutos", "duracion minutos", "duracion min"),
        "ru": ("длительность", "продолжительность", "минуты"),
    },
    "room": {
        "en": ("room", "room name", "hall"),
        "fr": ("salle",),
        "es": ("sala", "salon", "aula"),
        "ru": ("зал", "помещение", "комната", "аудитория"),
    },
    "location": {
        "en": ("location", "place", "where"),
        "fr": ("lieu", "emplacement"),
        "es": ("lugar", "ubicacion"),
        "ru": ("место", "место проведения"),
    },
    "site": {
        "en": ("site", "building", "venue"),
        "fr": ("batiment",),
        "es": ("edificio", "sede"),
        "ru": ("здание", "площадка", "корпус"),
    },
    "status": {
        "en": ("status", "state"),
        "fr": ("statut", "etat"),
        "es": ("estado",),
        "ru": ("статус", "состояние"),
    },
    "all_day": {
        "en": ("all day event", "all day"),
        "fr": ("journee entiere",),
        "es": ("todo el dia",),
        "ru": ("весь день",),
    },
    "published": {
        "en": ("published", "as published"),
        "fr": ("publie",),
        "es": ("publicado",),
        "ru": ("опубликовано",),
    },
    "description": {
        "en": ("description", "abstract", "summary", "notes", "details"),
        "fr": ("resume",),
        "es": ("descripcion", "resumen"),
        "ru": ("описание", "аннотация"),
    },
}
_COLUMN = {heading: column for column, by in _HEADINGS.items() for names in by.values() for heading in names}
_LANGUAGE = {
    heading: language
    for by in _HEADINGS.values()
    for language, names in by.items()
    for heading in names
    if language
}
_BY_LANGUAGE = re.compile(r"(.+) ([a-z]{2,3}|english|french|spanish|russian)")
_IN_FULL = {"english": "en", "french": "fr", "spanish": "es", "russian": "ru"}


def read_columns(headings: list[str]) -> dict[str, int] | None:
    """Say where each column stands, `description.<language>` for texts; None if this row is no heading."""
    forms = [_form(heading) for heading in headings]
    spoken = Counter(_LANGUAGE[form] for form in forms if form in _LANGUAGE).most_common(1)
    language = spoken[0][0] if spoken else "en"
    found: dict[str, int] = {}
    for position, form in enumerate(forms):
        column = _column(form, language)
        if column:
            found.setdefault(column, position)
    return found if "title" in found and not {"starts", "date"}.isdisjoint(found) else None


def _column(form: str, language: str) -> str | None:
    if _COLUMN.get(form) == "description":
        # "Description" is French, too: the other headings tell.
        of = _LANGUAGE[form]
        return f"description.{language if of == 'en' else of}"
    own = _BY_LANGUAGE.fullmatch(form)
    if form not in _COLUMN and own and _COLUMN.get(own[1]) == "description":
        return f"description.{_IN_FULL.get(own[2], own[2])}"
    return _COLUMN.get(form)


def _form(heading: str) -> str:
    plain = unicodedata.normalize("NFKD", heading.casefold())
    return " ".join(
        re.findall(r"[^\W_]+", "".join(each for each in plain if not unicodedata.combining(each)))
    )

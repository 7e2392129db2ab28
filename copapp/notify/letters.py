"""What a mail says: subject, text and HTML in the addressee's language."""

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from copapp.models import MoveKind, Topic
from copapp.notify.told import EventTold, Host, Part, Told
from copapp.notify.when import when
from copapp.notify.words import one_line, say

_templates = Environment(
    loader=PackageLoader("copapp.notify"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Letter:
    """One mail's words."""

    subject: str
    text: str
    html: str


def letter(told: Told, host: Host) -> Letter:
    """Write the mail that tells this."""
    name = _name(told)
    beginning = f"news.{told.kind}." if told.count > 1 else f"letter.{name}."
    values = {
        "organisation": one_line(host.organisation),
        "conference": one_line(host.conference),
        "who": party(told),
        "count": str(told.count),
    }
    subject = say(told.language, f"{beginning}subject", **values)
    shown = {
        "language": told.language,
        "subject": subject,
        "greeting": "" if name == "receipt" else _greeting(told),
        "said": say(told.language, f"{beginning}text", **values),
        "details": [] if name == "receipt" else _details(told, host),
        "words": told.words if told.part is Part.REQUESTER and told.topic is Topic.MOVE else "",
        "words_label": say(told.language, "label.words"),
        "invites": say(told.language, _invites(told, host)),
        "link": told.link,
        "footer": say(told.language, _footer(told), **values),
    }
    return _letter(shown)


def _letter(shown: dict[str, Any]) -> Letter:
    text = _templates.get_template("mail.txt").render(shown)
    return Letter(shown["subject"], text, _templates.get_template("mail.html").render(shown))


def trial_letter(language: str, host: Host) -> Letter:
    """Write the mail that says only that mail goes out."""
    values = {"organisation": one_line(host.organisation), "conference": one_line(host.conference)}
    shown = dict.fromkeys(("greeting", "words", "words_label", "invites", "link"), "") | {
        "language": language,
        "subject": say(language, "letter.trial.subject", **values),
        "said": say(language, "letter.trial.text", **values),
        "footer": say(language, "part.footer_member", **values),
        "details": [],
    }
    return _letter(shown)


def party(told: Told) -> str:
    """Say who the other side is, in one line."""
    if told.part is Part.REQUESTER:
        return one_line(told.who)
    return ", ".join(each for each in (one_line(told.name), one_line(told.organisation)) if each)


def _name(told: Told) -> str:
    """Name the letter, as the catalogues do."""
    if told.topic is Topic.RECEIPT:
        return "receipt"
    if told.topic is Topic.RELEASE:
        return "programme"
    if told.part is Part.RELEASED:
        return "member_released"
    name = "reminder" if told.topic is Topic.REMINDER else _move_name(told)
    return name if told.part is Part.REQUESTER else f"member_{name}"


def _move_name(told: Told) -> str:
    if told.kind is MoveKind.PROPOSE and told.had_meeting:
        return "propose_move"
    if told.kind is MoveKind.ACCEPT and told.had_meeting:
        return "moved"
    if told.kind in {MoveKind.DECLINE, MoveKind.LAPSE} and told.has_meeting:
        return "stands"
    if told.kind is MoveKind.DECLINE and told.is_own:
        return MoveKind.CANCEL.value
    return told.kind or ""


def _greeting(told: Told) -> str:
    name = told.name if told.part is Part.REQUESTER else told.who
    return say(told.language, "part.greeting", name=one_line(name))


def _details(told: Told, host: Host) -> list[tuple[str, str]]:
    """List label and value of when, where and with whom; of an event, what it was and is."""
    if told.before:
        shown = [("event", told.before.title), ("before", _event(told.before, told, host))]
        shown.append(("after", _event(told.after, told, host)))
        return [(say(told.language, f"label.{label}"), value) for label, value in shown]
    found = [
        ("when", when(told.starts, told.ends, host.zone, told.language) if told.starts else ""),
        ("where", one_line(told.place)),
        ("with", party(told)),
    ]
    return [(say(told.language, f"label.{label}"), value) for label, value in found if value]


def _event(given: EventTold | None, told: Told, host: Host) -> str:
    """Say when and where an event is, if it is; its title where that is another."""
    if given is None:
        return say(told.language, "part.gone")
    if given.is_cancelled:
        return say(told.language, "part.cancelled")
    title = given.title if told.before and given.title != told.before.title else ""
    time = when(given.starts, given.ends, host.zone, told.language)
    return ", ".join(one_line(each) for each in (title, time, given.room) if each)


def _invites(told: Told, host: Host) -> str:
    if told.part is not Part.REQUESTER:
        return "part.inbox"
    if told.kind is MoveKind.PROPOSE and told.is_invited and host.answers_to:
        return "part.answer_calendar"
    return "part.answer" if told.kind is MoveKind.PROPOSE else "part.see"


def _footer(told: Told) -> str:
    return "part.footer" if told.part is Part.REQUESTER else "part.footer_member"

"""Tells the staff's channel: {"text": …}, as Slack, Mattermost, Rocket.Chat and their like accept it."""

import re

import httpx

from copapp.models import MoveKind
from copapp.notify.told import Host, Told
from copapp.notify.unsent import Reason, UnsentError
from copapp.notify.when import when
from copapp.notify.words import one_line, say

TIMEOUT_SECONDS = 15.0
_MARKUP = re.compile(r"[<>@*_`~|\[\]\\]|(?<=:)//")
_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_LATER = frozenset({408, 425, 429})


def body(told: Told, host: Host) -> dict[str, str]:
    """Say in one message which organisation did what, for when, and where to answer; nothing else of it."""
    is_kept = told.kind is MoveKind.LAPSE and told.has_meeting
    organisation = _harmless(told.organisation)
    said = say(told.language, f"webhook.{'stands' if is_kept else told.kind}", organisation=organisation)
    time = when(told.starts, told.ends, host.zone, told.language) if told.starts else ""
    return {"text": "\n".join(part for part in (said, time, told.link) if part)}


def _harmless(text: str) -> str:
    """Take out what chat systems make a link, a mention or a style of: a stranger wrote this."""
    return " ".join(_MARKUP.sub(" ", one_line(text)).split())


def post(url: str, content: dict[str, str]) -> None:
    """Hand a message over; when this returns, the channel has taken it. Raises UnsentError."""
    try:
        answer = httpx.post(url, json=content, timeout=TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        raise UnsentError(Reason.UNREACHABLE, type(error).__name__) from error
    if answer.is_success:
        return
    is_refused = _CLIENT_ERROR <= answer.status_code < _SERVER_ERROR and answer.status_code not in _LATER
    raise UnsentError(Reason.REFUSED if is_refused else Reason.DELAYED, str(answer.status_code))

"""Tells the staff's channel: {"text": …}, as Slack, Mattermost, Rocket.Chat and their like accept it."""

import re
import socket
import ssl
from typing import Any

import httpx

from copapp.models import MoveKind, Topic
from copapp.notify.told import Host, Told
from copapp.notify.unsent import Reason, Step, UnsentError, causes
from copapp.notify.when import when
from copapp.notify.words import one_line, say

TIMEOUT_SECONDS = 15.0
_MARKUP = re.compile(r"[<>@*_`~|\[\]\\]|(?<=:)//")
_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_LATER = frozenset({408, 425, 429})
# The narrower kind of error first.
_STEPS: tuple[tuple[type[Exception], Step], ...] = (
    (socket.gaierror, Step.NAME),
    (ssl.SSLCertVerificationError, Step.CERTIFICATE),
    (ssl.SSLError, Step.TLS),
    (httpx.TimeoutException, Step.SILENCE),
    (httpx.ConnectError, Step.CONNECTION),
)


def body(told: Told, host: Host) -> dict[str, str]:
    """Say in one message which organisation did what, for when, and where to answer; nothing else of it."""
    if told.topic is Topic.RELEASE:
        said = say(told.language, "webhook.programme", number=str(told.release))
        return {"text": "\n".join(part for part in (said, told.link) if part)}
    if told.count > 1:
        return {
            "text": "\n".join(
                part
                for part in (say(told.language, f"webhook.{told.kind}s", count=str(told.count)), told.link)
                if part
            )
        }
    is_kept = told.kind is MoveKind.LAPSE and told.has_meeting
    organisation = _harmless(told.organisation)
    said = say(told.language, f"webhook.{'stands' if is_kept else told.kind}", organisation=organisation)
    time = when(told.starts, told.ends, host.zone, told.language) if told.starts else ""
    return {"text": "\n".join(part for part in (said, time, told.link) if part)}


def trial_body(language: str, conference: str) -> dict[str, str]:
    """Say only that messages arrive."""
    return {"text": say(language, "webhook.trial", conference=_harmless(conference))}


def _harmless(text: str) -> str:
    """Take out what chat systems make a link, a mention or a style of: a stranger wrote this."""
    return " ".join(_MARKUP.sub(" ", one_line(text)).split())


def post(url: str, content: dict[str, str], at: str = "") -> None:
    """Hand a message over; when this returns, the channel has taken it. Raises UnsentError.

    `at` is the one address on the net to connect to, where the host was looked up and checked already. What
    the channel says beside its status is not read.
    """
    named, safe = httpx.URL(url), httpx.create_ssl_context()
    given: dict[str, Any] = {"json": content}
    if at:
        given["headers"] = {"Host": named.netloc.decode()}
        given["extensions"] = {"sni_hostname": named.raw_host.decode()}
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, verify=safe, trust_env=not at) as client,
            client.stream("POST", named.copy_with(host=at) if at else named, **given) as answer,
        ):
            pass
    except httpx.HTTPError as error:
        raise UnsentError(Reason.UNREACHABLE, type(error).__name__, _step(error)) from error
    if answer.is_success:
        return
    is_refused = _CLIENT_ERROR <= answer.status_code < _SERVER_ERROR and answer.status_code not in _LATER
    reason = Reason.REFUSED if is_refused else Reason.DELAYED
    raise UnsentError(reason, str(answer.status_code), Step.STATUS)


def _step(error: httpx.HTTPError) -> Step:
    """Say where it stopped; httpx wraps what the system said."""
    for kind, step in _STEPS:
        if any(isinstance(each, kind) for each in causes(error)):
            return step
    return Step.LOST

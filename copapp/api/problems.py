"""Problem documents (RFC 9457), the one form of every error."""

from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse

from copapp.services.abuse import ProofWantedError
from copapp.this_request import request_id

# Nothing but an answer of ours makes room for another request; a crowd is gone sooner.
_RETRY_AFTER: dict[int, str] = {HTTPStatus.TOO_MANY_REQUESTS: "3600", HTTPStatus.SERVICE_UNAVAILABLE: "5"}


class ProblemError(Exception):
    """An answer that is a problem document; `code` is for programs, `title` and `detail` for people."""

    def __init__(self, status: int, code: str, title: str, detail: str = "", **more: Any) -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.detail = status, code, title, detail
        self.more = more


def problem(status: int, title: str, detail: str = "", **more: Any) -> JSONResponse:
    """Make a problem document; `title` says what is wrong, `detail` what would be right.

    One that is ours (5xx) names the `request` as the log does.
    """
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    body = (
        {"type": "about:blank", "title": title, "status": status}
        | ({"detail": detail} if detail else {})
        | ({"request": request_id()} if is_ours and request_id() else {})
        | more
    )
    return JSONResponse(body, status, media_type="application/problem+json")


def of_error(error: ProblemError) -> JSONResponse:
    """Answer with the problem that was raised."""
    answer = problem(error.status, error.title, error.detail, code=error.code, **error.more)
    if error.status in _RETRY_AFTER:
        answer.headers["retry-after"] = _RETRY_AFTER[error.status]
    return answer


def proof_problem(error: ProofWantedError) -> ProblemError:
    """Say which proof of work is wanted, and how it is sent."""
    return ProblemError(
        428,
        "proof_wanted",
        "Many requests come in just now",
        "Find a number n so that SHA-256 of `challenge.key.n` begins with `bits` zero bits, "
        "and send the same again with the header Copapp-Proof: challenge.n",
        challenge=error.challenge,
        bits=error.bits,
    )

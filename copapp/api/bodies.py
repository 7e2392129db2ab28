"""What callers send: a body read into a shape, every wrong field named, and an Idempotency-Key."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Annotated, TypeVar

from fastapi import Path, Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from copapp.api.problems import ProblemError
from copapp.i18n import LANGUAGES

Token = Annotated[str, Path(max_length=100)]

_KEY = r"^[A-Za-z0-9_-]{8,100}$"
_READ_ON_BYTES, _READ_ON_SECONDS = 16_000_000, 20.0
_SHORTEST_SECONDS, _BYTES_A_SECOND = 20.0, 100_000
_Shape = TypeVar("_Shape", bound=BaseModel)
_WORDS = {
    "required": "This is needed.",
    "too_long": "This is too long.",
    "email": "Write an address such as name@example.org.",
    "characters": "Leave out line breaks and invisible characters.",
    "unknown": "There is no such choice; GET /api/v1/slots and /api/v1/programme list them.",
    "past": "This time has begun already; choose a later one.",
    "unavailable": "This time is not to be had; choose another.",
    "consent": "Without consent the request cannot be kept.",
    "language": f"Choose one of {', '.join(LANGUAGES)}.",
    "instant": "Write an instant with its offset, such as 2030-06-30T12:45:00+05:00.",
    "type": "This has another type than the API's description says.",
}


class BodyTooLargeError(ValueError):
    """More was sent than is taken."""


def field_problem(fields: list[tuple[str, str]]) -> ProblemError:
    """Name the fields that are wrong, each with a code."""
    listed = [{"field": field, "code": code, "detail": _WORDS[code]} for field, code in fields]
    return ProblemError(422, "fields", "Some fields are not as they should be", errors=listed)


class BodyTooSlowError(TimeoutError):
    """What was sent did not come to its end in time."""


class BodyCrowdedError(BodyTooSlowError):
    """It is slow in coming, and so are as many others of its address as are waited for."""


async def read_up_to(largest: int, chunks: AsyncIterator[bytes]) -> bytes:
    """Read a body of so many bytes at most, within 20 s and a second more for each 100 kB that it may have.

    Raises BodyTooLargeError (before that is told, `read_on`) or BodyTooSlowError: the server waits for ever.
    """
    received = bytearray()
    try:
        async with asyncio.timeout(_SHORTEST_SECONDS + largest / _BYTES_A_SECOND):
            async for chunk in chunks:
                received += chunk
                if len(received) > largest:
                    raise BodyTooLargeError
    except BodyTooSlowError:
        raise
    except TimeoutError as error:
        raise BodyTooSlowError from error
    return bytes(received)


async def read_on(chunks: AsyncIterator[bytes]) -> None:
    """Read what still comes of a body that is refused, and keep nothing; not for ever, nor of any size.

    Whoever is answered while still sending sees a broken connection instead, and a proxy says 502
    (RFC 9112, 9.6).
    """
    length = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_READ_ON_SECONDS):
            async for chunk in chunks:
                length += len(chunk)
                if length > _READ_ON_BYTES:
                    return


def body_up_to(largest: int) -> Callable[[Request], Awaitable[bytes]]:
    """Read a body of so many bytes at most; a larger one is refused."""

    async def body(request: Request) -> bytes:
        chunks = request.stream()
        try:
            return await read_up_to(largest, chunks)
        except ClientDisconnect as error:  # half a body is none, and nobody is left to be told
            raise ProblemError(400, "malformed", "The body broke off", "Send all of it.") from error
        except BodyCrowdedError as error:
            raise ProblemError(
                503,
                "crowded",
                "Many bodies from this address are slow in coming",
                "Send all of it again in a moment.",
            ) from error
        except BodyTooSlowError as error:
            raise ProblemError(
                408, "slow", "The body did not come in time", "Send all of it, without a pause."
            ) from error
        except BodyTooLargeError as error:
            await read_on(chunks)
            raise ProblemError(
                413, "too_large", "The body is too large", f"Send at most {largest} bytes."
            ) from error

    return body


def read(shape: type[_Shape], body: bytes) -> _Shape:
    """Read JSON into a shape. Raises ProblemError, with every field that is wrong."""
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        kinds = {each["type"] for each in error.errors()}
        if "json_invalid" in kinds:
            raise ProblemError(400, "malformed", "The body is not JSON", "Send a JSON object.") from error
        fields = [(str(each["loc"][0]) if each["loc"] else "body", each["type"]) for each in error.errors()]
        raise field_problem(
            [(name, "required" if kind == "missing" else "type") for name, kind in fields]
        ) from error


def checked_key(given: str | None) -> str:
    """Give an Idempotency-Key. Raises ProblemError where it is missing or ill-formed."""
    if given is None or not re.fullmatch(_KEY, given):
        raise ProblemError(
            400,
            "key",
            "The header Idempotency-Key is missing or ill-formed",
            "Send 8 to 100 of A-Z a-z 0-9 _ -.",
        )
    return given

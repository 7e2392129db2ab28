"""Fetches an address that a person typed: only from the public internet, within limits, whatever answers.

The host is looked up once for each hop, and the connection goes to the address that was checked.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from threading import Thread

import httpx

from copapp.fetch_allow import FetchAllow
from copapp.sources.addresses import PORTS, FetchError, Trouble, parsed, refuse_private

SECONDS = 4.0
"""How long all of it may take: looking hosts up, connecting, every hop, the whole answer."""

MOST_HOPS = 5
_CONNECT_SECONDS = 1.5
_MOST_TRIED = 3
_LONGEST_MARK = 500
_HEADERS = {
    "Accept": "text/html, text/calendar, text/csv, application/json, application/xml, */*;q=0.5",
    "Accept-Encoding": "gzip",
    "User-Agent": "copapp (programme import)",
}
_HOPS = {301, 302, 303, 307, 308}

Resolve = Callable[[str], list[str]]


@dataclass(frozen=True)
class Marks:
    """What a server said its answer is known by (RFC 9110, 8.8), to ask only for another; "" for nothing."""

    etag: str = ""
    last_modified: str = ""


NO_MARKS = Marks()


@dataclass(frozen=True)
class Fetched:
    """What an address holds, unpacked, and the marks to ask again with."""

    content: bytes
    marks: Marks


@cache
def trusted() -> ssl.SSLContext:
    """Give whose certificates are trusted: everybody's whom browsers trust, or what SSL_CERT_FILE names."""
    return httpx.create_ssl_context()


def resolve(host: str) -> list[str]:
    """Look a host up as the system does. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def fetch(
    address: str,
    allowed: FetchAllow,
    most: int,
    known: Marks = NO_MARKS,
    *,
    ports: frozenset[int] = PORTS,
    resolve: Resolve = resolve,
) -> Fetched | None:
    """Fetch at most so many bytes; None if it is what is known already. Blocks, for `SECONDS` at most.

    Raises FetchError.
    """
    fetching = _Fetch(allowed, most, known, ports, resolve)
    with ThreadPoolExecutor(1) as apart:  # the caller's thread may run an event loop already
        return apart.submit(asyncio.run, fetching.within_time(address)).result()


@dataclass(frozen=True)
class _Fetch:
    allowed: FetchAllow
    most: int
    known: Marks
    ports: frozenset[int]
    resolve: Resolve

    async def within_time(self, address: str) -> Fetched | None:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._follow(address)
        except (TimeoutError, httpx.TimeoutException) as error:
            words = f"It took longer than {SECONDS:.0f} seconds."
            raise FetchError(Trouble.TOO_SLOW, words) from error
        except (httpx.ProtocolError, zlib.error) as error:
            raise FetchError(Trouble.ANSWER, "What the server sends is not to be understood.") from error
        except (httpx.TransportError, OSError) as error:
            raise _unreachable(error) from error

    async def _follow(self, address: str) -> Fetched | None:
        url = parsed(address, self.allowed, self.ports)
        for _ in range(1 + MOST_HOPS):
            # A transport for each hop, and no client: no cookies, no proxies of the environment, no redirects
            # but those checked here, and no connection that was opened in another name's trust.
            async with httpx.AsyncHTTPTransport(verify=trusted(), trust_env=False) as transport:
                answer = await self._ask(transport, url)
                try:
                    if answer.status_code not in _HOPS or "location" not in answer.headers:
                        return await self._taken(answer)
                    url = self._next(url, answer.headers["location"])
                finally:
                    await answer.aclose()
        raise FetchError(Trouble.TOO_FAR, f"The address leads on more than {MOST_HOPS} times.")

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        try:
            joined = str(url.join(location))
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError(Trouble.ADDRESS, "It leads on to what is no web address.") from error
        following = parsed(joined, self.allowed, self.ports)
        if (url.scheme, following.scheme) == ("https", "http"):
            words = "It leads on from https:// to http://, where anybody on the way can change it."
            raise FetchError(Trouble.DOWNGRADE, words)
        return following

    async def _ask(self, transport: httpx.AsyncHTTPTransport, url: httpx.URL) -> httpx.Response:
        """Ask one of the host's addresses, the next where one cannot be reached."""
        found = await self._look_up(url.raw_host.decode("ascii"))
        refuse_private(url, found, self.allowed)
        for last, each in enumerate(found[:_MOST_TRIED], start=1):
            try:
                return await transport.handle_async_request(self._request(url, each))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if last == len(found[:_MOST_TRIED]) or _is_untrusted(error):
                    raise
        raise FetchError(Trouble.NO_HOST, f"There is no host of the name {url.host}.")

    async def _look_up(self, host: str) -> list[str]:
        """Look up in a thread that nobody waits for longer: a name server may take its time."""
        answer: Future[list[str]] = Future()

        def look_up() -> None:
            answer.set_running_or_notify_cancel()
            try:
                answer.set_result(self.resolve(host))
            except (OSError, UnicodeError):
                answer.set_result([])

        Thread(target=look_up, daemon=True).start()
        return await asyncio.wrap_future(answer)

    def _request(self, url: httpx.URL, address: str) -> httpx.Request:
        """Ask that very address, in the name of the host."""
        asked = {"If-None-Match": self.known.etag, "If-Modified-Since": self.known.last_modified}
        given = {name: value for name, value in asked.items() if value}
        within = dict.fromkeys(("read", "write", "pool"), SECONDS) | {"connect": _CONNECT_SECONDS}
        return httpx.Request(
            "GET",
            url.copy_with(host=address),
            headers=_HEADERS | given | {"Host": url.netloc.decode("ascii")},
            extensions={"timeout": within, "sni_hostname": url.raw_host.decode("ascii")},
        )

    async def _taken(self, answer: httpx.Response) -> Fetched | None:
        if answer.status_code == HTTPStatus.NOT_MODIFIED and self.known != NO_MARKS:
            return None
        if answer.status_code != HTTPStatus.OK:
            raise FetchError(Trouble.STATUS, f"The server answers {_status(answer.status_code)}.")
        marks = Marks(_mark(answer, "etag"), _mark(answer, "last-modified"))
        return Fetched(await self._body(answer), marks)

    async def _body(self, answer: httpx.Response) -> bytes:
        """Read and unpack no more than shows that it is too large."""
        unpacked = _Unpacked(answer.headers.get("content-encoding", "").strip().lower())
        self._refuse_large(int(answer.headers.get("content-length", 0)))
        body, taken = bytearray(), 0
        async for chunk in answer.aiter_raw():
            await asyncio.sleep(0)  # the time may be over: a thousand tiny chunks come at once
            taken += len(chunk)
            body += unpacked.more(chunk, self.most + 1 - len(body))
            self._refuse_large(max(taken, len(body)))
        unpacked.end()
        return bytes(body)

    def _refuse_large(self, size: int) -> None:
        if size > self.most:
            words = f"What the address holds is larger than {self.most // 1_000_000} MB."
            raise FetchError(Trouble.TOO_LARGE, words)


class _Unpacked:
    """A body that may be packed, in the one way that we ask for."""

    def __init__(self, coding: str) -> None:
        if coding not in {"", "identity", "gzip", "x-gzip"}:
            raise FetchError(Trouble.ANSWER, "The server packs its answer in a way that nobody asked for.")
        self._gzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if coding.endswith("gzip") else None

    def more(self, chunk: bytes, most: int) -> bytes:
        """Give what follows, at most so many bytes of it if it is packed."""
        return self._gzip.decompress(chunk, most) if self._gzip else chunk

    def end(self) -> None:
        """Refuse a body that ends in the middle."""
        if self._gzip and not self._gzip.eof:
            raise FetchError(Trouble.ANSWER, "The answer ends in the middle.")


def _status(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def _mark(answer: httpx.Response, name: str) -> str:
    value = str(answer.headers.get(name, ""))
    return value if len(value) <= _LONGEST_MARK and value.isascii() else ""


def _is_untrusted(error: BaseException | None) -> bool:
    while error and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _unreachable(error: Exception) -> FetchError:
    if _is_untrusted(error):
        return FetchError(Trouble.CERTIFICATE, "The server's certificate is not to be trusted.")
    return FetchError(Trouble.UNREACHABLE, "The server cannot be reached, or went away in the middle.")

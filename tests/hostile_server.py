"""A web server that answers each path in a way of its own, few of them kind; and what nobody may reach."""

import gzip
import itertools
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.hostile_addresses import PUBLIC
from tests.programme_files import PAGES

Chunks = Iterable[bytes | float]
TEXT = (PAGES / "connecting.txt").read_bytes()
_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_TLS = b"\x16"
_MEGABYTE = bytes(1_000_000)


@dataclass
class Front:
    """The server: its port, and every request's head, as it came."""

    port: int
    heads: list[str] = field(default_factory=list)


@dataclass
class Inside:
    """The listener: its port, and from where it was reached."""

    port: int
    reached: list[str] = field(default_factory=list)


@contextmanager
def front_and_inside() -> Iterator[tuple[Front, Inside]]:
    """Serve on 127.0.0.2, and listen on the same port of every other address of this machine."""
    with _bound(socket.AF_INET6, "::", 0) as within:
        port = within.getsockname()[1]
        with _bound(socket.AF_INET, PUBLIC, port) as before:
            front, inside = Front(port), Inside(port)
            _accept(before, lambda peer, _: _answer(peer, front))
            _accept(within, lambda peer, address: _note(peer, address, inside))
            yield front, inside


def _note(peer: socket.socket, address: str, inside: Inside) -> None:
    inside.reached.append(address)
    peer.close()


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    made.bind((host, port))
    made.listen(64)
    return made


def _accept(listening: socket.socket, take: Callable[[socket.socket, str], object]) -> None:
    def accept() -> None:
        with suppress(OSError):  # closed: the test is over
            while True:
                peer, address = listening.accept()
                threading.Thread(target=take, args=(peer, str(address)), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def _answer(peer: socket.socket, front: Front) -> None:
    with peer, suppress(OSError):
        peer.settimeout(30)
        head = b""
        while b"\r\n\r\n" not in head:
            more = peer.recv(65_536)
            if not more or more.startswith(_TLS):
                return
            head += more
        front.heads.append(head.decode("latin-1"))
        path = front.heads[-1].split(" ")[1]
        for each in _chunks(path):
            if isinstance(each, bytes):
                peer.sendall(each)
            elif each < 0:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                time.sleep(each)


def _chunks(path: str) -> Chunks:
    name, _, rest = path.lstrip("/").partition("/")
    if name == "to":
        return [_head(302, f"Location: {unquote(rest)}", "Set-Cookie: a=b", "Content-Length: 0")]
    if name in {"deeper", "slowly-deeper"}:
        number = int(rest or 0) + 1
        onward = _head(302, f"Location: /{name}/{number}", "Content-Length: 0")
        return [1.0, onward] if name == "slowly-deeper" else [onward]
    return _ANSWERS[name]() if name in _ANSWERS else [_head(404, "Content-Length: 0")]


def _head(status: int, *lines: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} Said", *lines, "", ""]).encode("latin-1")


def whole(content: bytes, *lines: str) -> list[bytes]:
    """Answer as servers do."""
    return [_head(200, f"Content-Length: {len(content)}", *lines) + content]


def _for_ever(first: bytes, then: bytes, pause: float = 0.0) -> Callable[[], Chunks]:
    endless = itertools.repeat((then, pause) if pause else (then,))
    return lambda: itertools.chain([first], itertools.chain.from_iterable(endless))


def _bomb() -> list[bytes]:
    """Two gigabytes of nothing in two megabytes, as gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    first = packer.compress(_MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(_MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return [_OK + b"Content-Encoding: gzip\r\n\r\n" + first, *[again] * 2_000]


def _packed(coding: str, content: bytes) -> list[bytes]:
    return whole(content, f"Content-Encoding: {coding}")


_NOTHING_PACKED = b"\0\0\0\xff\xff"
_GZIP = _OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10]
_ANSWERS: dict[str, Callable[[], Chunks]] = {
    "programme": lambda: whole(TEXT, 'ETag: "one"', "Last-Modified: Mon, 12 Feb 2024 04:00:00 GMT"),
    "packed": lambda: _packed("gzip", gzip.compress(TEXT)),
    "round": lambda: [_head(307, "Location: /round", "Content-Length: 0")],
    "silent": lambda: [30.0],
    "drip-headers": _for_ever(_OK + b"X: ", b"a", 0.1),
    "drip-body": _for_ever(_OK + b"\r\n", b"a", 0.1),
    "drip-chunks": _for_ever(_CHUNKED, b"1\r\na\r\n", 0.1),
    "drip-nothing-packed": _for_ever(_GZIP, _NOTHING_PACKED, 0.1),
    "continue-for-ever": _for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01),
    "tiny-chunks": _for_ever(_CHUNKED, b"1\r\na\r\n" * 10_000),
    "endless-body": _for_ever(_OK + b"\r\n", _MEGABYTE),
    "endless-chunks": _for_ever(_CHUNKED, b"f4240\r\n" + _MEGABYTE + b"\r\n"),
    "long": lambda: [_head(200, "Content-Length: 999999999999")],
    "gzip-bomb": _bomb,
    "gzip-of-nothing": _for_ever(_GZIP, _NOTHING_PACKED * 100_000),
    "gzip-broken": lambda: _packed("gzip", b"no gzip at all"),
    "gzip-cut": lambda: _packed("gzip", gzip.compress(TEXT)[:-400]),
    "gzip-twice": lambda: _packed("gzip, gzip", gzip.compress(gzip.compress(TEXT))),
    "br-bomb": lambda: _packed("br", b"\x5b\xff\xff\xff" * 1_000),
    "deflate-bomb": lambda: _packed("deflate", zlib.compress(_MEGABYTE)),
    "endless-headers": _for_ever(_OK, b"X: a\r\n" * 1_000),
    "endless-header": _for_ever(_OK + b"X: ", b"a" * 10_000),
    "endless-first-line": _for_ever(b"HTTP/1.1 200 ", b"a" * 10_000),
    "endless-extension": _for_ever(_CHUNKED + b"1;", b"a" * 10_000),
    "endless-trailers": _for_ever(_CHUNKED + b"0\r\n", b"X: a\r\n" * 1_000),
    "short": lambda: [_head(200, "Content-Length: 1000") + b"a"],
    "bad-chunk": lambda: [_CHUNKED + b"zz\r\n"],
    "negative-length": lambda: [_head(200, "Content-Length: -1") + b"a"],
    "two-lengths": lambda: [_head(200, "Content-Length: 1", "Content-Length: 2") + b"aa"],
    "another-protocol": lambda: [b"220 mail.test ESMTP\r\n"],
    "nothing": list,
    "reset": lambda: [_OK + b"Content-Length: 10\r\n\r\na", 0.1, -1.0],
    "switch": lambda: [_head(101, "Upgrade: websocket", "Connection: Upgrade")],
    "unasked-304": lambda: [_head(304)],
    "empty-204": lambda: [_head(204)],
    "part-206": lambda: [_head(206, "Content-Length: 1") + b"a"],
    "nowhere-302": lambda: [_head(302, "Content-Length: 0")],
    "locked-401": lambda: [_head(401, "WWW-Authenticate: Basic", "Content-Length: 0")],
    "broken-500": lambda: [_head(500, "Content-Length: 0")],
    "strange-999": lambda: [_head(999, "Content-Length: 0")],
    "refresh": lambda: whole(
        b'<html><meta http-equiv="refresh" content="0;url=http://127.0.0.1/"><p>Wait</p></html>',
        "Refresh: 0;url=http://127.0.0.1/",
    ),
    "picture": lambda: whole(b"\x89PNG\r\n\x1a\n" + bytes(1_000), "Content-Type: image/png"),
    "pdf": lambda: whole(b"%PDF-1.7\n", "Content-Type: application/pdf"),
    "laughs": lambda: whole(b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>'),
    "deep": lambda: whole(b"[" * 1_000_000),
}

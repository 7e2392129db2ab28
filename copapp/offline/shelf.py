"""The drawn site in memory: each file with its twins, its ETag and its headers. Used by the front door."""

import base64
import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

import brotli

from copapp.negotiation import coding, is_known

_YEAR = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_REVALIDATE = "no-cache"
_TEXT = {".html", ".js", ".css", ".json", ".svg", ".webmanifest", ".txt", ".xml"}
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_ASSET = re.compile(rb"/assets/[\w.-]+\.(?:js|css)")
# React puts a part of a page where it belongs; which number it has follows from the page's length.
_FILLS_IN = re.compile(r'\$R[CSX]\("[BPS]:[0-9a-f]+"(,"[BPS]:[0-9a-f]+")*\)')
_DATA_BLOCK = re.compile(r'type="application/(ld\+)?json"')

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file as it is answered: its bodies by content coding, its headers with the ETag."""

    bodies: dict[bytes, bytes]
    headers: Headers
    etag: bytes

    def answer(self, accepts: bytes, known: bytes) -> tuple[int, Headers, bytes]:
        """Give status, headers and body for Accept-Encoding and If-None-Match (RFC 9110, 13.1.2)."""
        if known and is_known(self.etag, known):
            return 304, self.headers, b""
        chosen = coding(accepts)
        if chosen in self.bodies and chosen != b"identity":
            return 200, [*self.headers, (b"content-encoding", chosen)], self.bodies[chosen]
        return 200, self.headers, self.bodies[b"identity"]


class Shelf:
    """Every file of one drawn site by its address; a page without its `.html`."""

    def __init__(self, site: Path, assets: Path) -> None:
        known = _known_scripts(site)
        self._leaves = {address_of(site, file): _leaf(file, known) for file in _files(site)}
        self._leaves |= {f"/assets/{file.name}": _leaf(file, known, _YEAR) for file in _files(assets)}
        self.lost = _leaf(site / "__spa-fallback.html", known)

    def find(self, address: str) -> Leaf | None:
        """Find the file at an address; None where there is none."""
        return self._leaves.get(address)

    def missing(self, files: Iterable[str]) -> list[str]:
        """List which of these files are not there, and which assets the pages among them name in vain."""
        sought = {address_of(Path(), Path(file)) for file in files}
        pages = [leaf.bodies[b"identity"] for each in sought if (leaf := self.find(each))]
        named = {found.decode() for page in pages for found in _ASSET.findall(page)}
        return sorted(each for each in sought | named if not self.find(each))


def _files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file() and each.suffix not in {".br", ".gz"}]


def digest_of(body: bytes) -> str:
    """Name a content: its ETag, by which a phone's worker knows it for ours (`service_worker.js`)."""
    return sha256(body).hexdigest()[:24]


def address_of(site: Path, file: Path) -> str:
    """Give the address of a file of a drawn site; a page's is without its `.html`."""
    address = "/" + file.relative_to(site).as_posix()
    return address.removesuffix("index.html").removesuffix(".html") if file.suffix == ".html" else address


def _known_scripts(site: Path) -> frozenset[str]:
    """Give the hashes of the build's own inline scripts, which stand in pages whatever the programme says."""
    file = site / "scripts.json"
    return frozenset(json.loads(file.read_text())) if file.exists() else frozenset()


def _leaf(file: Path, known: frozenset[str], caching: str | None = None) -> Leaf:
    body = file.read_bytes()
    etag = f'"{digest_of(body)}"'.encode()
    kind = guess_type(file.name)[0] or "application/octet-stream"
    if file.suffix == ".webmanifest":
        kind = "application/manifest+json"
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode() if file.suffix in _TEXT else kind.encode()),
        (b"cache-control", (caching or _caching(file)).encode()),
        (b"vary", b"accept-encoding"),
    ]
    if file.name != "sw.js":  # asked for whole each time: a 304 would confirm what a broken proxy cut short
        headers.append((b"etag", etag))
    if file.suffix == ".html":
        headers.append((b"content-security-policy", content_security_policy(body.decode(), known).encode()))
    elif file.suffix == ".js":  # the worker's own policy rules what it may import and fetch
        headers.append((b"content-security-policy", b"default-src 'self'"))
    return Leaf({b"identity": body} | _twins(file), headers, etag)


def _caching(file: Path) -> str:
    return _HOUR if file.suffix in {".png", ".ico", ".svg"} else _REVALIDATE


def _twins(file: Path) -> dict[bytes, bytes]:
    beside = {b"br": file.with_name(f"{file.name}.br"), b"gzip": file.with_name(f"{file.name}.gz")}
    return {coding: twin.read_bytes() for coding, twin in beside.items() if twin.exists()}


def write_twins(file: Path, quality: int = 11) -> None:
    """Write the brotli and gzip twins of a text file beside it. No-op for other kinds."""
    if file.suffix not in _TEXT:
        return
    body = file.read_bytes()
    # A window no wider than the text: clearing a wide one takes longer than packing a small page.
    window = min(22, max(16, (len(body) + 16).bit_length()))
    file.with_name(f"{file.name}.br").write_bytes(brotli.compress(body, quality=quality, lgwin=window))
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(body, 9, mtime=0))


def content_security_policy(html: str, known: frozenset[str] | None = None) -> str:
    """Name what a page may load: its own inline scripts by hash (CSP Level 3, 8.3), no other, no eval.

    `known` are the hashes of those that may run; another one got into the page with some text, and may not.
    """
    codes = [found["code"] for found in _INLINE.finditer(html) if not _DATA_BLOCK.search(found["attributes"])]
    digests = {code: base64.b64encode(sha256(code.encode()).digest()).decode() for code in codes}
    allowed = {
        digest
        for code, digest in digests.items()
        if known is None or digest in known or _FILLS_IN.fullmatch(code)
    }
    hashes = " ".join(sorted(f"'sha256-{each}'" for each in allowed))
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )

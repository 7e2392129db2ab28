"""Addresses that mean harm: where they lead, who answers for their names, and why each is refused.

`{port}` is the port of the private listener on every address of this machine but 127.0.0.2, which stands for
the public internet here: there, on the same port, `tests.hostile_server` answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import sleep
from urllib.parse import quote

from copapp.sources.fetching import resolve

PUBLIC = "127.0.0.2"
FRONT = "http://front.test:{port}"


@dataclass(frozen=True)
class Hostile:
    """An address, the code of why it is refused, and what its names are looked up as, look for look."""

    address: str
    code: str
    looks: tuple[list[str] | float, ...] = ()

    def resolver(self) -> Callable[[str], list[str]]:
        """Give a resolver that may change its mind; a number is how many seconds it thinks, in vain."""
        looks = list(self.looks)

        def look_up(host: str) -> list[str]:
            if host == "front.test":
                return [PUBLIC]
            if not looks:
                return resolve(host)
            found = looks.pop(0)
            if isinstance(found, float):
                sleep(found)
                return []
            return found

        return look_up


_PRIVATE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "127.255.255.254",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[100::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "192.88.99.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]
_NO_ADDRESSES = {
    "": "address",
    "127.0.0.1:{port}": "address",
    "//127.0.0.1:{port}/": "address",
    "http:///127.0.0.1:{port}/": "address",
    "http://": "address",
    "http://127.0.0.1:{port}:80/": "address",
    "http://[::1/": "address",
    "http://①②⑦.⓪.⓪.①:{port}/": "address",
    "http://１２７.０.０.１:{port}/": "address",  # noqa: RUF001 - wide digits are what is tried
    "http://127。0。0。1:{port}/": "not-public",
    "http://127.0.0.1:{port}/\r\nHost: x": "address",
    "http://127.0.0.1\t:{port}/": "address",
    "http://999.0.0.1:{port}/": "address",
    "http://0177.0.0.1:{port}/": "address",
    "http://%31%32%37.0.0.1:{port}/": "no-host",
    "http://[fe80::1%25lo]:{port}/": "no-host",
    "http://" + "a" * 300 + ":{port}/": "no-host",
    "http://a..b:{port}/": "no-host",
    "http://127.0.0.1:{port}/" + "a" * 3_000: "address",
    "file:///etc/passwd": "address",
    "ftp://127.0.0.1:{port}/": "address",
    "gopher://127.0.0.1:{port}/_QUIT": "address",
    "dict://127.0.0.1:{port}/info": "address",
    "data:text/csv,title": "address",
    "javascript:alert(1)": "address",
    "ws://127.0.0.1:{port}/": "address",
    "http://user:word@front.test:{port}/programme": "credentials",
    "http://front.test@127.0.0.1:{port}/": "credentials",
    "http://front.test:{port}\\@127.0.0.1:{port}/": "credentials",
    "http://front.test:22/": "port",
    "http://front.test:6379/": "port",
    "http://front.test:65536/": "port",
    "http://front.test:-1/": "port",
    "https://front.test:{port}/programme": "unreachable",
}
_LOOKS: dict[str, tuple[str, tuple[list[str] | float, ...]]] = {
    "leads inside": ("not-public", (["127.0.0.1"],)),
    "leads inside in IPv6": ("not-public", (["::1"],)),
    "leads inside in a mapped address": ("not-public", (["::ffff:127.0.0.1"],)),
    "leads inside too": ("not-public", ([PUBLIC, "127.0.0.1"],)),
    "leads inside first": ("not-public", (["127.0.0.1", PUBLIC],)),
    "leads inside among many": ("not-public", ([PUBLIC] * 200 + ["10.0.0.1"],)),
    "is known to nobody": ("no-host", ([],)),
    "takes half a minute": ("too-slow", (30.0,)),
}
_LEADING_ON = [
    "http://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f.1:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://localhost:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0.0.0.0:{port}/",
]
_LEADING_NOWHERE = {
    "file:///etc/passwd": "address",
    "ftp://127.0.0.1:{port}/": "address",
    "gopher://127.0.0.1:{port}/": "address",
    "http://[::1/": "address",
    "http://user:word@127.0.0.1:{port}/": "credentials",
    "http://front.test:25/": "port",
    "///127.0.0.1:{port}/": "status",
}
_ANSWERS = {
    "round": "too-far",
    "deeper": "too-far",
    "slowly-deeper": "too-slow",
    "silent": "too-slow",
    "drip-headers": "too-slow",
    "drip-body": "too-slow",
    "drip-chunks": "too-slow",
    "drip-nothing-packed": "too-slow",
    "continue-for-ever": "too-slow",
    "tiny-chunks": "too-slow",
    "endless-body": "too-large",
    "endless-chunks": "too-large",
    "long": "too-large",
    "gzip-bomb": "too-large",
    "gzip-of-nothing": "too-large",
    "gzip-broken": "answer",
    "gzip-cut": "answer",
    "gzip-twice": "answer",
    "br-bomb": "answer",
    "deflate-bomb": "answer",
    "endless-headers": "answer",
    "endless-header": "answer",
    "endless-first-line": "answer",
    "endless-extension": "answer",
    "endless-trailers": "answer",
    "short": "answer",
    "bad-chunk": "answer",
    "negative-length": "answer",
    "two-lengths": "answer",
    "another-protocol": "answer",
    "nothing": "answer",
    "reset": "unreachable",
    "switch": "answer",
    "unasked-304": "status",
    "empty-204": "status",
    "part-206": "status",
    "nowhere-302": "status",
    "locked-401": "status",
    "broken-500": "status",
    "strange-999": "status",
    "refresh": "unknown-format",
    "picture": "unknown-format",
    "pdf": "unknown-format",
    "laughs": "entities",
    "deep": "too-many",
}


def hostile_addresses() -> dict[str, Hostile]:
    """Give them by name; `{port}` is still to be filled in."""
    return {
        **{f"host {host}": Hostile(f"http://{host}:{{port}}/", "not-public") for host in _PRIVATE_HOSTS},
        **{f"address {address}": Hostile(address, code) for address, code in _NO_ADDRESSES.items()},
        **{
            f"a name that {what}": Hostile("http://name.test:{port}/programme", code, looks)
            for what, (code, looks) in _LOOKS.items()
        },
        "a name that changes its mind": Hostile(
            "http://name.test:{port}/to/http%3A%2F%2Fname.test%3A{port}%2F",
            "not-public",
            ([PUBLIC], ["127.0.0.1"]),
        ),
        **{f"on to {where}": Hostile(_to(where), "not-public") for where in _LEADING_ON},
        **{f"on to {where}": Hostile(_to(where), code) for where, code in _LEADING_NOWHERE.items()},
        "on and on to 127.0.0.1": Hostile(_to(_to(_to("http://127.0.0.1:{port}/"))), "not-public"),
        **{f"answer {name}": Hostile(f"{FRONT}/{name}", code) for name, code in _ANSWERS.items()},
    }


def _to(where: str) -> str:
    return f"{FRONT}/to/{quote(where, safe='{}')}"

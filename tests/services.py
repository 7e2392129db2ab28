"""A private PostgreSQL and a private Redis from the machine's packages, for as long as the tests run."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import redis

START_SECONDS = 60
_LIBRARY = Path("/usr/lib/postgresql")
_names = count(1)


class ServiceMissingError(RuntimeError):
    """A program is not on this machine; the message says how to get it."""


class Postgres:
    """A running PostgreSQL with nothing in it; each test takes a database of its own."""

    def __init__(self, port: int) -> None:
        self._base = f"postgresql://postgres@127.0.0.1:{port}"

    def new_database(self) -> str:
        """Create an empty database and give its address."""
        name = f"copapp_{next(_names)}"
        with psycopg.connect(f"{self._base}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"{self._base}/{name}"


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a cluster in a folder that goes with it. Raises ServiceMissingError."""
    programs = _postgres_programs()
    folder, port = Path(tempfile.mkdtemp(prefix="copapp-postgres-")), free_port()
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    initdb = [str(programs / "initdb"), "--auth=trust", "--username=postgres", "--encoding=UTF8"]
    try:
        subprocess.run(
            [*_as_postgres(), *initdb, "--locale=C.UTF-8", "--no-sync", "-D", str(data)],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(folder),
            "max_connections": "400",
            "fsync": "off",  # nothing here outlives the tests
        }
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*_as_postgres(), str(programs / "postgres"), "-D", str(data), *given]
        with running(command, folder, lambda: _answers(port), signal.SIGINT):
            yield Postgres(port)
    finally:
        shutil.rmtree(folder)


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis that writes nothing to disk and give its address. Raises ServiceMissingError."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceMissingError("redis-server is not here (Debian: apt-get install redis-server)")
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="copapp-redis-") as folder:
        given = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        with running([program, *given], Path(folder), lambda: _pongs(url), signal.SIGTERM):
            yield url


@contextmanager
def running(
    command: list[str], folder: Path, is_ready: Callable[[], bool], ending: signal.Signals
) -> Iterator[None]:
    """Run a program until the block ends; what it says is shown where it does not come up."""
    log = folder / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + START_SECONDS
        while not is_ready():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{command[-1]} did not come up:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(ending)
        process.wait(START_SECONDS)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _postgres_programs() -> Path:
    """Find the newest of Debian's versions, else the one on PATH."""
    versions = [each.parent for each in _LIBRARY.glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if versions:
        return max(versions, key=lambda each: float(each.parent.name))
    if on_path is None:
        raise ServiceMissingError("PostgreSQL is not here (Debian: apt-get install postgresql)")
    return Path(on_path).parent


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root: its package brings a user."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] * (os.geteuid() == 0)


def _answers(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _pongs(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.exceptions.ConnectionError:
            return False

"""A private PostgreSQL, Redis and mailbox from the machine's packages, for as long as the tests run."""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import redis

START_SECONDS = 60
_LIBRARY = Path("/usr/lib/postgresql")
_names = count(1)
_DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
auth_failure_delay = 0
mail_location = maildir:~/Maildir
ssl = yes
ssl_cert = <{folder}/{certificate}.crt
ssl_key = <{folder}/{certificate}
passdb {{
  driver = static
  args = password=right
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


class ServiceMissingError(RuntimeError):
    """A program is not on this machine; the message says how to get it."""


class Postgres:
    """A running PostgreSQL with nothing in it; each test takes a database of its own."""

    def __init__(self, port: int, run: Callable[[], AbstractContextManager[None]]) -> None:
        self._base = f"postgresql://postgres@127.0.0.1:{port}"
        self._migrated = "template1"
        self._run = run
        self._running = ExitStack()

    def start(self) -> None:
        """Start it, also after `stop`: with what it had."""
        self._running.enter_context(self._run())

    def stop(self) -> None:
        """End it as an upgrade of the machine does: who is connected is cut off."""
        self._running.close()

    def new_database(self, *, migrated: bool = False) -> str:
        """Create an empty database and give its address; one with the tables, once there is one to copy."""
        name = f"copapp_{next(_names)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._migrated if migrated else 'template1'}")
        return f"{self._base}/{name}"

    def copy_from_now_on(self, url: str) -> None:
        """Take a database, which has the tables and nothing in them, as what is copied."""
        self._execute(f"CREATE DATABASE migrated TEMPLATE {url.rpartition('/')[2]}")
        self._migrated = "migrated"

    def set_read_only(self, url: str, *, is_on: bool) -> None:
        """Let nothing be written to a database, or again; everybody who is connected is cut off."""
        self._execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = {is_on}")
        self._execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"{self._base}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


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
            # nothing here outlives the tests
            "fsync": "off",
        }
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*_as_postgres(), str(programs / "postgres"), "-D", str(data), *given]
        server = Postgres(port, lambda: running(command, folder, lambda: _answers(port), signal.SIGINT))
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis that writes nothing to disk and give its address. Raises ServiceMissingError."""
    with redis_to_stop() as server:
        yield server.url


class RedisServer:
    """A running Redis, which forgets everything when it stops."""

    def __init__(self, url: str, run: Callable[[], AbstractContextManager[None]]) -> None:
        self.url = url
        self._run = run
        self._running = ExitStack()

    def start(self) -> None:
        self._running.enter_context(self._run())

    def stop(self) -> None:
        self._running.close()


@contextmanager
def redis_to_stop() -> Iterator[RedisServer]:
    """Run a Redis that writes nothing to disk. Raises ServiceMissingError."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceMissingError("redis-server is not here (Debian: apt-get install redis-server)")
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="copapp-redis-") as folder:
        given = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        server = RedisServer(
            url, lambda: running([program, *given], Path(folder), lambda: _pongs(url), signal.SIGTERM)
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


@dataclass(frozen=True)
class ImapServer:
    """A running Dovecot: each user that signs in with "right" has a mailbox, empty at first."""

    port: int
    certificate: Path

    def open(self, user: str) -> imaplib.IMAP4_SSL:
        """Sign in as a mail program does."""
        context = ssl.create_default_context(cafile=self.certificate)
        imap = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=START_SECONDS)
        imap.authenticate("PLAIN", lambda _: f"\0{user}\0right".encode())
        imap.select()
        return imap


@contextmanager
def imap_server(certificate: Path) -> Iterator[ImapServer]:
    """Run Dovecot without rights, with a certificate and its key beside it. Raises ServiceMissingError."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise ServiceMissingError("dovecot is not here (Debian: apt-get install dovecot-imapd)")
    folder, port = Path(tempfile.mkdtemp(prefix="copapp-imap-")), free_port()
    user, group = ("nobody", "nogroup") if os.geteuid() == 0 else _own_names()
    for name in (f"{certificate.name}.crt", certificate.name):
        shutil.copy(certificate.with_name(name), folder / name)
    settings = folder / "dovecot.conf"
    settings.write_text(
        _DOVECOT.format(folder=folder, port=port, user=user, group=group, certificate=certificate.name)
    )
    is_root = os.geteuid() == 0
    if is_root:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user, group)
    as_nobody = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"] * is_root
    found = ImapServer(port, certificate.with_name(f"{certificate.name}.crt"))
    try:
        command = [*as_nobody, program, "-F", "-c", str(settings)]
        with running(command, folder, lambda: _greets(port), signal.SIGTERM):
            yield found
    finally:
        shutil.rmtree(folder)


def _own_names() -> tuple[str, str]:
    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name


def _greets(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


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


def certificate(folder: Path) -> Path:
    """Make a certificate of this machine (beside, .crt), signed by itself; gives its key."""
    file = folder / "own.pem"
    asked = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    told = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run([*asked, *told], check=True, capture_output=True)
    return file

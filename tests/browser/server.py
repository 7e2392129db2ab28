"""A real `copapp serve` for journeys: its own port, its own database, and it can be killed and come back."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from tests.browser.warm import start_command

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
# Given back by copies that are closed: whose site was drawn for one of these is drawn already.
_PORTS: list[int] = []
# What `copapp seed` leaves in SQLite, by what it depends on: seeded once, copied after.
_SEEDED: dict[tuple[str, ...], bytes] = {}
STOP_SECONDS = 20
MONDAY_MORNING = "2024-02-12T09:00:00+05:00"


class DelegateServer:
    """One running copy of the app; `start` after `stop` or `kill` has the same port and database."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.port = _PORTS.pop() if _PORTS else _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "serve.log"
        self.root = ROOT  # of which copy of the sources; another one is a deployment of another build
        # What the person at this machine has set must not reach the tests.
        own = {
            name: value for name, value in os.environ.items() if not name.startswith(("COPAPP_", "WORKERS"))
        }
        self.environment = (
            own
            | {
                "COPAPP_DATABASE_URL": f"sqlite:///{folder / 'copapp.db'}",
                "COPAPP_BACKUPS": str(folder / "before-erasing"),
                "COPAPP_NOW": MONDAY_MORNING,
                "COPAPP_SITES": str(folder.parent / "site"),  # tests that run beside each other draw apart
                "HOST": "127.0.0.1",
                "PORT": str(self.port),
            }
            | environment
        )
        self.as_whom: list[str] = []  # what runs it as another user
        self._process: BaseProcess | _Program | None = None

    def seed(self) -> None:
        """Make the conference its first release, as `copapp seed` does."""
        file = Path(self.environment["COPAPP_DATABASE_URL"].removeprefix("sqlite:///"))
        if not self.environment["COPAPP_DATABASE_URL"].startswith("sqlite"):
            self.run("seed")
            return
        key = tuple(self.environment.get(f"COPAPP_{name}", "") for name in ("CONFERENCE", "NOW"))
        if key not in _SEEDED:
            self.run("seed")
            _SEEDED[key] = file.read_bytes()
        file.write_bytes(_SEEDED[key])

    def run(self, *arguments: str) -> str:
        """Run another `copapp` command against this copy's database and return what it prints."""
        with TemporaryDirectory() as folder:
            told = Path(folder) / "told"
            process = self._started(list(arguments), told)
            process.join()
            said = told.read_text(errors="replace")
        if process.exitcode:
            raise RuntimeError(f"copapp {' '.join(arguments)} ended with {process.exitcode}:\n{said}")
        return said

    def _started(self, arguments: list[str], log: Path) -> "BaseProcess | _Program":
        if self.as_whom or self.root != ROOT:
            return _Program([*self.as_whom, copapp_program(), *arguments], self, log)
        return start_command(arguments, self.environment, self.root, log)

    def start(self) -> None:
        """Serve, and return once /readyz answers 200."""
        if self._process is not None:
            raise RuntimeError("the server already runs")
        self._process = self._started(["serve"], self.log)
        end = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if not self._process.is_alive() or time.monotonic() > end:
                self.kill()
                raise RuntimeError(
                    f"copapp serve did not become ready:\n{self.log.read_text(errors='replace')}"
                )
            time.sleep(0.1)

    @property
    def group(self) -> int:
        """Give the process group of the running copy, workers included."""
        if self._process is None or self._process.pid is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def stop(self) -> None:
        """End it as a deployment does (SIGTERM). No-op if it does not run."""
        self._signal(signal.SIGTERM)

    def close(self) -> None:
        """End it for good, and let another copy have its port."""
        self.stop()
        _PORTS.append(self.port)

    def kill(self) -> None:
        """End it as a power cut does (SIGKILL, workers included). No-op if it does not run."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        group, process, self._process = self.group, self._process, None
        _signal_all(group, number)
        process.join(STOP_SECONDS)
        _signal_all(group, signal.SIGKILL)
        process.join()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).is_success
        except httpx.TransportError:
            return False


class _Program:
    """A copy that is another program's child, or runs other sources."""

    def __init__(self, command: list[str], server: DelegateServer, told: Path) -> None:
        with told.open("ab") as log:
            self._running = subprocess.Popen(
                command,
                cwd=server.root,
                env=server.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._running.pid

    def is_alive(self) -> bool:
        return self._running.poll() is None

    @property
    def exitcode(self) -> int | None:
        return self._running.returncode

    def join(self, seconds: float | None = None) -> None:
        """Wait until it ends, or so long."""
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(seconds)


def copapp_program() -> str:
    """Return the `copapp` that belongs to the running Python, else the first on PATH."""
    beside = Path(sys.executable).with_name("copapp")
    return str(beside) if beside.exists() else shutil.which("copapp") or "copapp"


def _signal_all(group: int, number: signal.Signals) -> None:
    """Reach the process and its workers, also those that outlived it. No-op if none is left."""
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

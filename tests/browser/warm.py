"""Start `copapp` from a process that has loaded the app's modules already.

A hundred journeys start more than a hundred copies, and most of the time that a start takes goes to loading.
Each copy is still a process of its own, with its own environment, workers and database.
"""

import atexit
import multiprocessing
import os
import signal
from multiprocessing.process import BaseProcess
from pathlib import Path

# Not `copapp.copapp`: it reads the environment when it is loaded.
LOADED = ["copapp.cli", "copapp.asgi", "granian", "reflex", "reflex.app"]


def start_command(arguments: list[str], environment: dict[str, str], folder: Path, log: Path) -> BaseProcess:
    """Run `copapp` in a folder, in a session of its own, so that a signal reaches its workers too.

    What it says is added to `log`.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    process = context.Process(target=_run, args=(arguments, environment, folder, log))
    process.start()
    atexit.register(_end, process)
    return process


def _end(process: BaseProcess) -> None:
    """End a copy that a failed test left running: Python's own end would wait for it without end."""
    if process.is_alive() and process.pid:
        os.killpg(process.pid, signal.SIGKILL)


def _run(arguments: list[str], environment: dict[str, str], folder: Path, log: Path) -> None:
    os.setsid()
    from copapp.cli import app  # noqa: PLC0415 - who starts a copy need not load it
    from copapp.database import hang_up  # noqa: PLC0415

    multiprocessing.set_start_method("fork", force=True)  # granian's workers, as in a copy of its own
    with log.open("ab") as told:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    try:
        app(arguments)
    finally:
        hang_up()  # as Python's own end would: SQLite then moves what is in its log into the file

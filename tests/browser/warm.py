"""Start `copapp serve` from a process that has loaded the app's modules already.

A hundred journeys start more than a hundred copies, and most of the time that a start takes goes to loading.
Each copy is still a process of its own, with its own environment, workers and database.
"""

import multiprocessing
import os
from multiprocessing.process import BaseProcess
from pathlib import Path

# Not `copapp.copapp`: it reads the environment when it is loaded.
_LOADED = ["copapp.cli", "copapp.asgi", "granian", "reflex", "reflex.app"]


def start_serving(environment: dict[str, str], folder: Path, log: Path) -> BaseProcess:
    """Run `copapp serve` in a folder, in a session of its own, so that a signal reaches its workers too."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    process = context.Process(target=_serve, args=(environment, folder, log))
    process.start()
    return process


def _serve(environment: dict[str, str], folder: Path, log: Path) -> None:
    os.setsid()
    from copapp.cli import app  # noqa: PLC0415 - who starts a copy need not load it

    multiprocessing.set_start_method("fork", force=True)  # granian's workers, as in a copy of its own
    with log.open("ab") as told:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    app(["serve"])

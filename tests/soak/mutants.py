"""Takes each guard out of a copy of the sources, one at a time, and sees whether its tests fail."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from copapp.offline.build import sources_state
from tests.mutants import MUTANTS, ROOT, Mutant

_PASSED, _FAILED = 0, 1
_LONGEST_SECONDS = 120  # of a test: without its guard it may wait for ever
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", "node_modules", ".*_cache", ".cache"
)


def take_out_guards(names: list[str]) -> list[str]:
    """Take out the named guards, or all; gives what no test sees."""
    chosen = [each for each in MUTANTS if each.name in (names or [each.name])]
    if missing := {*names} - {each.name for each in chosen}:
        return [f"there is no guard named {', '.join(sorted(missing))}"]
    with tempfile.TemporaryDirectory(prefix="copapp-mutants-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for turn in range(os.cpu_count() or 1):
            copies.put(_copy(Path(folder) / str(turn)))
        tests = sorted({test for each in chosen for test in each.tests})
        with _one_of(copies) as copy:
            ended, said = _run(copy, tests)
        if ended != _PASSED:
            return [f"the tests fail with every guard in its place:\n{said}"]
        with ThreadPoolExecutor(copies.qsize()) as pool:
            return [wrong for wrong in pool.map(partial(_take_out, copies), chosen) if wrong]


@contextmanager
def _one_of(copies: SimpleQueue[Path]) -> Iterator[Path]:
    """Give a copy that nobody else works in."""
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)


def _take_out(copies: SimpleQueue[Path], mutant: Mutant) -> str:
    with _one_of(copies) as copy, _without(copy, mutant):
        ended, said = _run(copy, list(mutant.tests))
    print(f"{mutant.name}: {'seen' if ended == _FAILED else 'NOT SEEN'}", flush=True)
    if ended == _PASSED:
        return f"nothing sees that {mutant.name} is taken out"
    return "" if ended == _FAILED else f"without {mutant.name} the tests do not run:\n{said}"


@contextmanager
def _without(copy: Path, mutant: Mutant) -> Iterator[None]:
    """Take a guard out of the copy, and put it back."""
    before = {change.path(copy): change.path(copy).read_text() for change in mutant.changes}
    try:
        for change in mutant.changes:
            change.make(copy)
        _call_it_built(copy)
        yield
    finally:
        for file, text in before.items():
            file.write_text(text)
        _call_it_built(copy)


def _copy(folder: Path) -> Path:
    """Copy the sources and what is built of them; packages are only linked to."""
    copy = folder / "copapp"
    shutil.copytree(ROOT, copy, symlinks=True, ignore=_NOT_COPIED)
    (copy / ".web" / "node_modules").symlink_to(ROOT / ".web" / "node_modules")
    return copy


def _call_it_built(copy: Path) -> None:
    """Let it serve: a guard is no part of the front end's bundle."""
    (copy / ".web" / "copapp.built").write_text(sources_state(copy))


def _run(copy: Path, tests: list[str]) -> tuple[int, str]:
    """Run tests of the copy, which is not installed; gives how pytest ended, and what it said."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command.append(f"--timeout={_LONGEST_SECONDS}")
    done = subprocess.run(
        [*command, *tests],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout

"""A second real build of the front end, from a copy of the sources in which one word differs."""

import json
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.browser.server import ROOT, copapp_program

OLD_WORD, NEW_WORD = "More", "The rest"


def make_next_build(into: Path) -> Path:
    """Copy what a build needs, change one word, build there, and return the copy."""
    for name in ("copapp", "assets", "reflex.lock"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__", "external"))
    for name in ("rxconfig.py", "requirements.lock"):
        shutil.copy(ROOT / name, into / name)
    built = shutil.ignore_patterns("build", "copapp.built")
    shutil.copytree(ROOT / ".web", into / ".web", symlinks=True, copy_function=_link, ignore=built)
    words = into / "copapp" / "i18n" / "en.json"
    catalogue = json.loads(words.read_text(encoding="utf-8"))
    assert catalogue["place.more"] == OLD_WORD
    words.write_text(json.dumps(catalogue | {"place.more": NEW_WORD}, ensure_ascii=False), encoding="utf-8")
    # The lock may be written anew by the first build: the second finds it as it is.
    for _ in range(2):
        _build(into)
    return into


def _link(source: str, target: str) -> None:
    """Packages are linked, which is fast; files that a build writes are copied."""
    if "node_modules" in source:
        with suppress(OSError):
            os.link(source, target, follow_symlinks=False)
            return
    shutil.copy2(source, target, follow_symlinks=False)


def _build(root: Path) -> None:
    done = subprocess.run(
        [copapp_program(), "build"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise RuntimeError(f"the second build failed:\n{done.stdout}")

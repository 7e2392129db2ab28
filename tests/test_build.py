"""What a build depends on: every module that the app imports, and nothing that running it writes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from copapp.offline.build import ROOT, sources, sources_state

_LIST_MODULES = """
import sys, copapp.copapp
ours = (module for name, module in sys.modules.items() if name.partition(".")[0] == "copapp")
print(*(module.__file__ for module in ours if module.__file__), sep="\\n")
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources alone, elsewhere."""
    for file in sources():
        target = tmp_path / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return tmp_path


def test_every_module_that_the_app_imports_is_a_source() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", _LIST_MODULES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    imported = {Path(line) for line in asked.stdout.split()}

    assert imported - set(sources()) == set()
    assert {"passwords.py", "audit.py", "mail_server.py"} <= {each.name for each in imported}


@pytest.mark.parametrize(
    "name",
    [
        "copapp/services/passwords.py",
        "copapp/services/audit.py",
        "copapp/mail_server.py",
        "copapp/i18n/ru.json",
        "copapp/offline/service_worker.js",
        "assets/app.css",
        "rxconfig.py",
        "requirements.lock",
        "reflex.lock/bun.lock",
    ],
)
def test_a_changed_source_is_another_state(name: str, copy: Path) -> None:
    before = sources_state(copy)

    (copy / name).write_text((copy / name).read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert before == sources_state()
    assert sources_state(copy) != before


@pytest.mark.parametrize(
    "name",
    [
        "copapp/__pycache__/cli.cpython-311.pyc",
        "copapp/services/stray.pyc",
        "var/copapp.db",
        "assets/external/store.js",
        "tests/test_build.py",
        ".web/build/client/index.html",
    ],
)
def test_what_running_it_writes_is_no_source(name: str, copy: Path) -> None:
    before = sources_state(copy)

    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    (copy / name).write_text("something else")

    assert sources_state(copy) == before

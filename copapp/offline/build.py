"""Builds the front end with Reflex, once for each state of the sources. Used by `copapp build`."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from copapp.offline.site import BUNDLE, STAMP

ROOT = Path(__file__).parents[2]
_CACHE = ROOT / ".cache"
# All of the app, and no list of rooms: a page's bundle holds whatever its module imports.
_SOURCES = ("rxconfig.py", "requirements.lock", "copapp/**/*", "assets/**/*", "reflex.lock/bun.lock")


class BuildError(RuntimeError):
    """Reflex could not build the front end; says what it printed."""


def sources(root: Path = ROOT) -> list[Path]:
    """List everything that the bundle is made of; `external` is what Reflex puts beside our assets."""
    found = {file.relative_to(root) for pattern in _SOURCES for file in root.glob(pattern) if file.is_file()}
    made, no_source = {"external", "__pycache__"}, {".md", ".pyc"}
    return [
        root / file for file in sorted(found) if not made & set(file.parts) and file.suffix not in no_source
    ]


def sources_state(root: Path = ROOT) -> str:
    """Digest everything that the bundle is made of."""
    digest = sha256()
    for file in sources(root):
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def is_built() -> bool:
    """Whether the bundle is there and made of the sources as they are."""
    return STAMP.exists() and BUNDLE.is_dir() and STAMP.read_text() == sources_state()


def build_bundle() -> bool:
    """Build the bundle; False, and no work, if it is there already. Raises BuildError."""
    if is_built():
        return False
    state = sources_state()
    done = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=ROOT,
        env=_quiet_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode or not (BUNDLE / "assets").is_dir():
        raise BuildError(done.stdout)
    _settle_package_list()
    STAMP.write_text(state)
    return True


def _settle_package_list() -> None:
    """Keep one form of it: Reflex writes one line at a first install and many later, and it is committed."""
    file = ROOT / "reflex.lock" / "package.json"
    file.write_text(json.dumps(json.loads(file.read_text()), indent=2))


def _quiet_environment() -> dict[str, str]:
    """Keep Reflex from asking outside addresses and from writing to the home folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return os.environ | {
        "PATH": path,
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_DIR": str(_CACHE / "reflex"),
        "BUN_INSTALL_CACHE_DIR": str(_CACHE / "bun"),
        "NPM_CONFIG_REGISTRY": _registry(path),
    }


def _registry(path: str) -> str:
    """Ask npm which registry this machine uses; Bun does not read npm's own settings."""
    asked = subprocess.run(
        ["npm", "config", "get", "registry"],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()

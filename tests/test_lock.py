"""The lock files install with every pip that is promised, old ones too."""

import re
from importlib.metadata import distribution, distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.browser.server import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*(?:\[[^]]*\])?)==", re.MULTILINE)


def _pinned(lock: str) -> dict[str, set[str]]:
    """Give the extras that the lock names for each package."""
    pins = map(Requirement, _PIN.findall((ROOT / lock).read_text()))
    return {canonicalize_name(each.name): each.extras for each in pins}


def _asked_for(names: set[str]) -> dict[str, set[str]]:
    """Give the extras that these packages, as installed, ask each other for."""
    asked: dict[str, set[str]] = {}
    for each in distributions():
        if canonicalize_name(each.name) in names:
            for requirement in map(Requirement, each.requires or []):
                name = canonicalize_name(requirement.name)
                is_meant = not requirement.marker or requirement.marker.evaluate({"extra": ""})
                if requirement.extras and name in names and is_meant:
                    asked.setdefault(name, set()).update(requirement.extras)
    return asked


@pytest.mark.parametrize("lock", LOCKS)
def test_every_extra_that_a_locked_package_asks_for_is_in_the_lock(lock: str) -> None:
    """To pip before 23.3 `granian[reload]` and `granian` are two packages: it took the newest of one."""
    pinned = _pinned(lock)

    asked = _asked_for(set(pinned))

    assert "reload" in asked["granian"]
    assert {name: extras - pinned[name] for name, extras in asked.items() if extras - pinned[name]} == {}


def test_own_extras_are_in_the_lock() -> None:
    own = [Requirement(each) for each in distribution("copapp").requires or []]

    for lock in LOCKS:
        pinned = _pinned(lock)
        for each in own:
            if each.extras and canonicalize_name(each.name) in pinned:
                assert each.extras <= pinned[canonicalize_name(each.name)]


def test_dev_lock_pins_what_the_app_s_lock_pins() -> None:
    versions = [
        dict(re.findall(r"^([\w.-]+(?:\[[^]]*\])?)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in LOCKS
    ]
    app, dev = versions

    assert app.items() <= dev.items()

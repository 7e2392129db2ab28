"""Every act of staff is done in a real browser by some journey; the list is the guard's own."""

from importlib import import_module
from pathlib import Path

from copapp.staff.guard import ACTS
from tests.browser.acts import JOURNEYS


def test_every_act_of_staff_has_a_journey() -> None:
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        import_module(f"tests.browser.{file.stem}")

    assert set(JOURNEYS) == ACTS

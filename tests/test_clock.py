"""The one clock."""

import time
from datetime import UTC, datetime, timedelta

from copapp.clock import Clock, clock
from tests.conftest import Environment

START = datetime(2024, 2, 12, 4, 0, tzinfo=UTC)


def test_preview_runs_on_from_its_start() -> None:
    preview = Clock(START, time.time() - 3600)

    assert timedelta(0) <= preview.now() - (START + timedelta(hours=1)) < timedelta(minutes=1)
    assert preview.is_preview


def test_real_clock_tells_the_real_time() -> None:
    real = Clock()

    assert abs(real.now().timestamp() - time.time()) < 60
    assert not real.is_preview


def test_clock_starts_where_the_environment_says(environment: Environment) -> None:
    environment(NOW="2024-02-12T09:00:00+05:00", CLOCK_STARTED=str(time.time() - 60))

    assert clock().start == START
    assert timedelta(0) <= clock().now() - (START + timedelta(seconds=60)) < timedelta(minutes=1)


def test_empty_now_is_the_real_clock(environment: Environment) -> None:
    environment(NOW="")

    assert not clock().is_preview

"""PostgreSQL and Redis are there, or it is said that they are not."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import redis

from tests.conftest import found
from tests.services import ServiceMissingError


@contextmanager
def missing(program: str = "PostgreSQL") -> Iterator[str]:
    if program:
        raise ServiceMissingError(f"{program} is not here")
    yield program


def test_postgresql_gives_each_test_an_empty_database(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone()

    assert tables == (0,)


def test_redis_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()


def test_missing_program_is_skipped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="PostgreSQL is not here"), found(missing()):
        pass


def test_missing_program_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(ServiceMissingError), found(missing()):
        pass

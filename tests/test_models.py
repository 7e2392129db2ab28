"""The tables themselves."""

import pytest
from sqlmodel import SQLModel

import copapp.models  # noqa: F401 - the tables are known once they are imported
from copapp.models.table import Table

TABLES = [each for each in Table.__subclasses__() if each.__module__.startswith("copapp.")]


def test_every_table_is_one_that_refuses_unknown_columns() -> None:
    assert {each.__tablename__ for each in TABLES} == set(SQLModel.metadata.tables)


@pytest.mark.parametrize("table", TABLES, ids=lambda each: each.__name__)
def test_a_misspelt_column_is_refused(table: type[Table]) -> None:
    """What was written under it was lost without a word."""
    with pytest.raises(TypeError, match="has no wrods"):
        table(wrods="I can make it at ten")

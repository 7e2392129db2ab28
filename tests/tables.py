"""Looks at the database past the app."""

from sqlalchemy import func, inspect, select, table

from copapp.database import engine


def row_counts() -> dict[str, int]:
    """Count the rows of every table there is."""
    with engine().connect() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in names
        }

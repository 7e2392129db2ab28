"""What every table is made of."""

from typing import Any

from sqlmodel import SQLModel


class Table(SQLModel):
    """A row that takes its own columns only: SQLModel would drop a misspelt one, and its value with it."""

    def __init__(self, **given: Any) -> None:
        if unknown := given.keys() - type(self).model_fields.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        super().__init__(**given)

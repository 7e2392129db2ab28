"""The key that makes tokens, where the environment sets none."""

from sqlmodel import Field, SQLModel


class Secret(SQLModel, table=True):
    """A random value made once for this database."""

    name: str = Field(primary_key=True)
    value: str

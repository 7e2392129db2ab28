"""What nobody may read again: the key that makes tokens, and where mail and messages go.

The environment comes first, for each.
"""

from sqlmodel import Field

from copapp.models.table import Table


class Secret(Table, table=True):
    """A random value made once for this database (`tokens`), or an address with a secret in it."""

    name: str = Field(primary_key=True)
    value: str

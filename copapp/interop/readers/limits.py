"""How much of a file is read: what keeps a hostile one from costing more than seconds and a few megabytes."""

from copapp.domain.imported import Fault, ProgrammeFileError

BYTES = 10_000_000
UNPACKED_BYTES = 20_000_000
EVENTS = 5_000
SKIPPED = 500
LEFT_OUT = 20_000
LINES = 50_000
LINE = 2_000
TITLE = 300
NAME = 160
KEY = 255
PUBLISHED = 500
DESCRIPTION = 10_000


def refuse_many(what: str, count: int, most: int) -> None:
    """Refuse a file that holds more of something than a programme does."""
    if count > most:
        raise ProgrammeFileError(Fault.TOO_MANY, f"The file holds more than {most:,} {what}.")

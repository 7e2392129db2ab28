"""What begins like a formula is kept as text in a spreadsheet, and read back as it was."""

import re

# OWASP's list, also behind spaces and in full width; apostrophes before it, so that reading back is exact.
_RISKY = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")  # full width, as some keyboards give


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet might run."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """Take the apostrophe of `guarded` away; other texts stay as they are."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text

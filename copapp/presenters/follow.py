"""The ways to follow the address of a calendar, in the programs that people have."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class WaysToFollow:
    """An address, and links that bring it into a calendar program; all of them empty for none."""

    address: str = ""
    webcal: str = ""
    google: str = ""
    outlook: str = ""


def ways_to_follow(address: str, name: str) -> WaysToFollow:
    """Give the links for an absolute address; `name` is what Outlook calls the calendar until it looks."""
    webcal = f"webcal://{address.partition('://')[2]}"
    outlook = {"url": address, "name": name}
    return WaysToFollow(
        address,
        webcal,
        f"https://calendar.google.com/calendar/r?{urlencode({'cid': webcal})}",
        f"https://outlook.office.com/calendar/0/addfromweb?{urlencode(outlook, quote_via=quote)}",
    )

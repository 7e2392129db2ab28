"""What a shared link shows elsewhere: Open Graph and schema.org/Event in a page's head."""

import json
from datetime import datetime
from html import escape
from typing import Any

from copapp.presenters.programme import where


def link_preview(
    programme: dict[str, Any],
    public_url: str,
    address: str,
    event: dict[str, Any] | None = None,
    room: dict[str, Any] | None = None,
    image: str = "",
) -> str:
    """Write a page's head elements; all in the public shape of `/api/v1/programme`.

    Without a public address the page's own and the image's are left out: Open Graph wants them absolute.
    """
    conference = programme["conference"]
    title, text = conference["name"], _conference_text(conference)
    if event:
        title, text = event["title"], _event_text(programme, event)
    elif room:
        title, text = room["name"], _room_text(programme, room)
    tags = {
        "og:type": "website",
        "og:site_name": conference["name"],
        "og:title": title,
        "og:description": text,
    }
    if public_url:
        root = public_url.rstrip("/")
        tags |= {"og:url": root + address}
    if public_url and image:
        tags |= {"og:image": root + image, "twitter:card": "summary_large_image"}
    metas = "".join(f'<meta property="{name}" content="{escape(words)}"/>' for name, words in tags.items())
    described = f'<meta name="description" content="{escape(text)}"/>'
    return described + metas + (_json_ld(programme, event, public_url, address) if event else "")


def _conference_text(conference: dict[str, Any]) -> str:
    return f"{conference['organisation']} at {conference['name']}, {conference['place']}: where to find us."


def _room_text(programme: dict[str, Any], room: dict[str, Any]) -> str:
    site = next(each["name"] for each in programme["sites"] if each["slug"] == room["site"])
    conference = programme["conference"]["name"]
    return f"{room['name']}, {site}: what is on there at {conference}, and the way to it."


def _event_text(programme: dict[str, Any], event: dict[str, Any]) -> str:
    starts = datetime.fromisoformat(event["starts"])
    ends = f"–{datetime.fromisoformat(event['ends']):%H:%M}" if event["ends"] else " (end not announced)"
    cancelled = "Cancelled. " if event["status"] == "cancelled" else ""
    when = f"{starts:%A} {starts.day} {starts:%B %Y}, {starts:%H:%M}{ends}"
    return f"{cancelled}{when}. {where(programme, event)}."


def _json_ld(programme: dict[str, Any], event: dict[str, Any], public_url: str, address: str) -> str:
    conference = programme["conference"]
    cancelled = event["status"] == "cancelled"
    described = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event["title"],
        "startDate": event["starts"],
        "eventStatus": f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": where(programme, event), "address": conference["address"]},
    }
    if event["ends"]:
        described["endDate"] = event["ends"]
    if text := event["descriptions"].get("en"):
        described["description"] = text
    if public_url:
        described["url"] = public_url.rstrip("/") + address
    # "<" as an escape: no text of the programme may end the element.
    written = json.dumps(described, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{written}</script>'

"""What a shared link shows elsewhere."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from copapp.presenters.link_preview import link_preview

GOLDEN = Path(__file__).parent / "golden" / "programme.json"
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def programme() -> dict[str, Any]:
    """The tiny conference."""
    given: dict[str, Any] = json.loads(GOLDEN.read_text("utf-8"))
    return given


def shown(head: str) -> dict[str, str]:
    return {
        name: unescape(words)
        for name, words in re.findall(r'<meta property="([^"]+)" content="([^"]*)"/>', head)
    }


def test_event_shows_when_and_where(programme: dict[str, Any]) -> None:
    event = programme["events"][0]

    tags = shown(link_preview(programme, "https://cop.example/", "/event/opening", event, image="/own.png"))

    assert tags == {
        "og:type": "website",
        "og:site_name": "Tiny Days",
        "og:title": "Abertura: <b>não</b> é HTML, Привет & “ciao”",
        "og:description": "Saturday 30 March 2024, 10:00–11:00. Sala Azul, The Quay.",
        "og:url": "https://cop.example/event/opening",
        "og:image": "https://cop.example/own.png",
        "twitter:card": "summary_large_image",
    }


@pytest.mark.parametrize(("public_url", "image"), [("https://cop.example", ""), ("", "/own.png")])
def test_no_image_is_named_without_one_of_its_own_or_an_address(
    public_url: str, image: str, programme: dict[str, Any]
) -> None:
    tags = shown(link_preview(programme, public_url, "/", image=image))

    assert {"og:image", "twitter:card"}.isdisjoint(tags)


def test_event_with_unknown_end_says_so(programme: dict[str, Any]) -> None:
    tags = shown(link_preview(programme, "", "/event/open-end", programme["events"][2]))

    assert tags["og:description"] == "Sunday 31 March 2024, 09:00 (end not announced). Sala Azul, The Quay."


def test_cancelled_event_says_so(programme: dict[str, Any]) -> None:
    head = link_preview(programme, "", "/event/called-off", programme["events"][3])

    assert shown(head)["og:description"].startswith("Cancelled. Sunday")
    described = json.loads(LD.findall(head)[0])
    assert described["eventStatus"] == "https://schema.org/EventCancelled"


def test_nothing_is_said_of_an_address_that_is_unknown(programme: dict[str, Any]) -> None:
    tags = shown(link_preview(programme, "", "/"))

    assert set(tags) == {"og:type", "og:site_name", "og:title", "og:description"}


def test_event_is_described_for_machines(programme: dict[str, Any]) -> None:
    head = link_preview(programme, "https://cop.example", "/event/opening", programme["events"][0])

    assert json.loads(LD.findall(head)[0]) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Abertura: <b>não</b> é HTML, Привет & “ciao”",
        "startDate": "2024-03-30T10:00:00+00:00",
        "endDate": "2024-03-30T11:00:00+00:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": "Sala Azul, The Quay", "address": "Rua da Prata 1, Lisboa"},
        "description": programme["events"][0]["descriptions"]["en"],
        "url": "https://cop.example/event/opening",
    }


def test_title_cannot_end_the_element_that_carries_it(programme: dict[str, Any]) -> None:
    event = programme["events"][0] | {"title": "</script><script>alert(1)</script>\"'>"}

    head = link_preview(programme, "", "/event/opening", event)

    assert head.count("<script") == head.count("</script>") == 1
    assert json.loads(LD.findall(head)[0])["name"] == event["title"]
    assert shown(head)["og:title"] == event["title"]

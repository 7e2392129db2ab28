"""The web app manifest of a conference."""

import struct
from pathlib import Path
from typing import Any

_ICONS = [
    {"src": f"/icons/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any"}
    for size in (192, 512)
] + [
    {
        "src": f"/icons/maskable-{size}.png",
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": "maskable",
    }
    for size in (192, 512)
]
SCREENSHOTS = {"narrow": "narrow.png", "wide": "wide.png"}
_SHORTCUTS = [
    {"name": "Schedule", "url": "/", "icons": _ICONS[:1]},
    {"name": "Saved", "url": "/saved", "icons": _ICONS[:1]},
]


def manifest(programme: dict[str, Any], pictures: Path) -> dict[str, Any]:
    """Build the manifest (W3C Web Application Manifest) of a conference, with its own screenshots."""
    conference = programme["conference"]
    return {
        "id": "/",
        "name": f"{conference['name']} · {conference['organisation']}",
        "short_name": conference["name"],
        "description": f"Programme, {conference['place']}",
        "lang": "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#FBF8F1",
        "theme_color": "#0B5C78",
        "icons": _ICONS,
        "screenshots": [
            _screenshot(pictures / file, form)
            for form, file in SCREENSHOTS.items()
            if (pictures / file).exists()
        ],
        "shortcuts": _SHORTCUTS,
    }


def _screenshot(file: Path, form: str) -> dict[str, str]:
    # Width and height stand in a PNG's header, from byte 16 (RFC 2083, 11.2.1).
    width, height = struct.unpack(">II", file.read_bytes()[16:24])
    return {
        "src": f"/pictures/{file.name}",
        "sizes": f"{width}x{height}",
        "type": "image/png",
        "form_factor": form,
    }

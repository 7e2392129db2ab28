"""The web app manifest of a conference."""

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
_SCREENSHOTS = [
    {"src": "/screenshots/narrow.png", "sizes": "824x1646", "type": "image/png", "form_factor": "narrow"},
    {"src": "/screenshots/wide.png", "sizes": "1280x800", "type": "image/png", "form_factor": "wide"},
]
_SHORTCUTS = [
    {"name": "Schedule", "url": "/", "icons": _ICONS[:1]},
    {"name": "Saved", "url": "/saved", "icons": _ICONS[:1]},
]


def manifest(programme: dict[str, Any]) -> dict[str, Any]:
    """Build the manifest (W3C Web Application Manifest) of the programme's conference."""
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
        "screenshots": _SCREENSHOTS,
        "shortcuts": _SHORTCUTS,
    }

"""The few line drawings of the interface; each is decoration beside a word."""

import reflex as rx

_PATHS = {
    "schedule": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "saved": "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
    "about": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 7.6v.6",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2L21 21",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M12 12.5v5M9.5 15h5",
    "share": "M12 15V4M8 7.5L12 3.6l4 3.9M5 12v8h14v-8",
    "code": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2",
    "close": "M6 6l12 12M18 6L6 18",
    "place": "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21z"
    "M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    "meet": "M4 5h16v11H10l-4 4v-4H4zM8 9.5h8M8 12.5h5",
    "map": "M9 4.5L3.5 6.5v13L9 17.5l6 2 5.5-2v-13L15 6.5zM9 4.5v13M15 6.5v13",
    "changes": "M12 7v5l3 2M4.5 9A8 8 0 1 1 4 12M4 5v4h4",
    "more": "M4 12a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0M10.8 12a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0"
    "M17.6 12a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0",
    "print": "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z",
    "inbox": "M4 13l2.5-8h11L20 13v6H4zM4 13h5l1 2h4l1-2h5",
    "leave": "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
    "clash": "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.1",
    "perhaps": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z"
    "M9.5 9.6a2.5 2.5 0 1 1 3.6 2.2c-.8.5-1.1 1-1.1 2M12 16.8v.1",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.2 2",
    "walk": "M13.2 5.3a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM12.6 8l-1.5 6 3.4 3.2 1 4.8"
    "M11.1 14l-1.4 3.6L6.6 22M12.6 8L9 9.5l-1.4 3.4M12.6 8l2.3 3.4 3 1.2",
    "back": "M15 5l-7 7 7 7",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "whole": "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
    "swap": "M8 4v15M4.5 15.5L8 19l3.5-3.5M16 20V5M12.5 8.5L16 5l3.5 3.5",
    "phone": "M7 2.8h10v18.4H7zM11 18.5h2",
}


def icon(name: str) -> rx.Component:
    """Draw one icon, hidden from screen readers."""
    return rx.el.svg(
        rx.el.path(d=_PATHS[name]),
        view_box="0 0 24 24",
        class_name=f"icon icon-{name}",
        custom_attrs={"aria-hidden": "true", "focusable": "false"},
    )

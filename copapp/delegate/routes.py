"""Where the delegates' pages are; public addresses (see ARCHITECTURE, the doors)."""

SCHEDULE = "/"
EVENT = "/event/[slug]"
SAVED = "/saved"
SETTINGS = "/settings"
ABOUT = "/about"
MEET = "/meet"
REQUEST = "/meet/[token]"

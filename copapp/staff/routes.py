"""Where the staff's pages are; public addresses (see ARCHITECTURE, the doors)."""

INBOX = "/admin"
REQUEST = "/admin/request"
TEAM = "/admin/team"
SIGN_IN = "/admin/sign-in"
SET_UP = "/admin/set-up/[token]"
CHOOSE = "/admin/password/[token]"

"""Where the staff's pages are; public addresses (see ARCHITECTURE, the doors)."""

INBOX = "/admin"
REQUEST = "/admin/request"
REPLIES = "/admin/replies"
TEAM = "/admin/team"
SIGN_IN = "/admin/sign-in"
SET_UP = "/admin/set-up/[token]"
ACCOUNTS = "/admin/accounts"
DRAFT = "/admin/programme"
EVENT = "/admin/event"
RELEASE = "/admin/release"
IMPORT = "/admin/import"
SETTINGS = "/admin/settings"
PLAN_FILE = "/admin/venue.geojson"
CHOOSE = "/admin/password/[token]"

# The delegates' first page, reached by leaving staff's.
PROGRAMME = "/"

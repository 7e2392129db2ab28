"""Where the staff's pages are; public addresses (see ARCHITECTURE, the doors)."""

INBOX = "/admin"
REQUEST = "/admin/request"
REPLIES = "/admin/replies"
REQUESTS_CSV = "/admin/requests.csv"
REQUESTS_EXCEL = "/admin/requests.xlsx"
TEAM = "/admin/team"
CALENDAR = "/admin/calendar"
SIGN_IN = "/admin/sign-in"
SET_UP = "/admin/set-up/[token]"
ACCOUNTS = "/admin/accounts"
ACCOUNT = "/admin/account"
OWN_PASSWORD = "/admin/account/password"  # noqa: S105 - an address
COVER = "/admin/cover"
LOG = "/admin/log"
STATISTICS = "/admin/statistics"
DRAFT = "/admin/programme"
EVENT = "/admin/event"
RELEASE = "/admin/release"
IMPORT = "/admin/import"
IMPORT_FILE = "/admin/import/file"
TEMPLATE_CSV = "/admin/import/template.csv"
TEMPLATE_EXCEL = "/admin/import/template.xlsx"
SETTINGS = "/admin/settings"
PLAN_FILE = "/admin/venue.geojson"
CHOOSE = "/admin/password/[token]"

# The delegates' first page, reached by leaving staff's.
PROGRAMME = "/"
# What delegates see, as files: what a table of them changes, an import takes into the draft.
PROGRAMME_FILES = {
    "Excel": "/api/v1/programme/programme.xlsx",
    "CSV": "/api/v1/programme/programme.csv",
    "iCalendar": "/api/v1/programme.ics",
    "schedule.xml": "/api/v1/programme/schedule.xml",
    "schedule.json": "/api/v1/programme/schedule.json",
}

"""The authorisation walk: every handler and every route, for callers who must get nothing."""

import asyncio
import json
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from sqlmodel import Session, create_engine, delete, select

from copapp import staff_doors
from copapp.clock import machine_time
from copapp.copapp import app
from copapp.domain.totp import code_at, step_at
from copapp.i18n import catalogue
from copapp.interop.programme_table import template_csv, template_xlsx
from copapp.models import (
    Actor,
    Attempt,
    AuditEntry,
    GivenFile,
    MeetingMove,
    MeetingNote,
    MeetingRequest,
    MoveKind,
    RecoveryCode,
    RequestStatus,
    SecondFactor,
    StaffMember,
    StaffRole,
    StaffSession,
)
from copapp.offline.site import STAFF_PAGES
from copapp.services import passwords, second_factor, staff
from copapp.services.audit import KINDS
from copapp.services.given_files import kept_file
from copapp.services.tokens import hash_of
from copapp.staff.accounts_state import seen_account
from copapp.staff.guard import COORDINATORS, MEMBERS, Guard
from copapp.staff.session import HEADER, cookie, device_cookie, devices_of
from copapp.staff_doors import StaffDoors
from tests.askers import ask, new_request
from tests.browser.browsers import wait_until
from tests.browser.server import MONDAY_MORNING, DelegateServer
from tests.conftest import NOW, Environment
from tests.raw_socket import HYDRATE, PATIENCE_SECONDS, RawSocket

MONDAY = datetime.fromisoformat(MONDAY_MORNING)
PASSWORD = "a quiet steppe at dawn"
SIGN_IN, BOLAT = "/admin/sign-in", {"email": "bolat@example.org", "password": PASSWORD}
CANARY = "canary-4711"
LIE = "what-a-client-says-of-itself"
HIDDEN = ["setvar", "update_vars_internal", "handle_frontend_exception"]
INBOX = "reflex___state____state.copapp___staff___inbox_state____inbox_state"
CHANNELS = "reflex___state____state.copapp___staff___channels_state____channels_state"
ACCOUNT = "reflex___state____state.copapp___staff___account_state____account_state"
ACCOUNTS = "reflex___state____state.copapp___staff___accounts_state____accounts_state"
REQUEST = "reflex___state____state.copapp___staff___request_state____request_state"


@dataclass(frozen=True)
class House:
    """A served app with two of us and a request whose every text is a canary."""

    server: DelegateServer
    database: Path

    @contextmanager
    def open(self) -> Iterator[Session]:
        """Open the served database."""
        engine = create_engine(f"sqlite:///{self.database}")
        with Session(engine) as db:
            yield db
            db.commit()
        engine.dispose()

    def cookie(self, name: str = "Aigul", *, lasts: timedelta = staff.SESSION_LASTS) -> str:
        """Sign a member in by the service and give the Cookie header."""
        with self.open() as db:
            member = db.exec(select(StaffMember).where(StaffMember.name == name)).one()
            token = staff.open_session(db, member.id or 0, MONDAY)
            session = db.exec(select(StaffSession).where(StaffSession.token_hash == hash_of(token))).one()
            session.expires_at = MONDAY + lasts
            db.add(session)
        return f"copapp-staff={token}"

    def set_password(self, name: str = "Bolat") -> None:
        """Give a member the usual password back."""
        with self.open() as db:
            member = db.exec(select(StaffMember).where(StaffMember.name == name)).one()
            member.password_hash = passwords.hash_password(PASSWORD)
            db.add(member)

    def seen(self, number: int) -> str:
        """Give what the page shows of an account: an act on any other is refused."""
        with self.open() as db:
            return seen_account(db.get_one(StaffMember, number))

    def post(self, path: str, cookie: str = "", **form: str) -> httpx.Response:
        """Send a form as a page of ours does."""
        headers = {"origin": self.server.url} | ({"cookie": cookie} if cookie else {})
        return httpx.post(self.server.url + path, data=form, headers=headers, timeout=30)

    def told(self) -> list[Any]:
        """Give everything that a handler could change."""
        with self.open() as db:
            request = db.exec(select(MeetingRequest)).one()
            kinds = [each.kind for each in db.exec(select(MeetingMove))]
            notes = [each.text for each in db.exec(select(MeetingNote))]
            people = [(each.name, each.role, each.disabled_at) for each in staff.members(db)]
            return [request.status, request.member_id, kinds, notes, people]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with _serve(tmp_path_factory.mktemp("staff"), {}) as served:
        yield served


@contextmanager
def _serve(folder: Path, environment: dict[str, str]) -> Iterator[House]:
    server = DelegateServer(folder, environment)
    server.seed()
    house = House(server, folder / "copapp.db")
    with house.open() as db:
        _people(db)
        _request(db)
    try:
        server.start()
        yield house
    finally:
        server.close()


def _people(db: Session) -> None:
    hashed = passwords.hash_password(PASSWORD)
    for name, role in (
        ("Aigul", StaffRole.COORDINATOR),
        ("Bolat", StaffRole.MEMBER),
        ("Dana", StaffRole.MEMBER),
    ):
        member = staff.add_member(db, None, name, f"{name.lower()}@example.org", role, MONDAY)
        member.password_hash = hashed
        db.add(member)


def _request(db: Session) -> None:
    made = MeetingRequest(
        key_hash="k",
        token_hash="t",
        digest="d",
        uid=f"{CANARY}@example.org",
        name=f"{CANARY} name",
        organisation=f"{CANARY} organisation",
        email=f"{CANARY}@example.org",
        reason=f"{CANARY} reason",
        language="en",
        created_at=MONDAY,
        updated_at=MONDAY,
    )
    db.add(made)
    db.flush()
    _move(db, made, MoveKind.ASK)


def _move(db: Session, request: MeetingRequest, kind: MoveKind) -> None:
    db.add(
        MeetingMove(
            request_id=request.id or 0,
            at=MONDAY,
            actor=Actor.DELEGATE,
            kind=kind,
            status=RequestStatus.PENDING,
            words=f"{CANARY} words",
        )
    )


def _cookies(house: House) -> dict[str, str]:
    """Give the cookies of five callers who must get nothing."""
    signed_out, disabled = house.cookie(), house.cookie("Dana")
    house.post("/admin/sign-out", signed_out)
    with house.open() as db:
        dana = db.exec(select(StaffMember).where(StaffMember.name == "Dana")).one()
        dana.disabled_at = MONDAY  # the session's row stays: disabling alone must be enough
        db.add(dana)
    return {
        "anonymous": "",
        "forged": f"copapp-staff={secrets.token_urlsafe(32)}",
        "the hash instead of the token": f"copapp-staff={hash_of(house.cookie().partition('=')[2])}",
        "signed out": signed_out,
        "expired": house.cookie(lasts=-timedelta(seconds=1)),
        "disabled": disabled,
    }


@pytest.fixture(scope="module")
def strangers(house: House) -> dict[str, str]:
    return _cookies(house)


def _refused(house: House, **given: Any) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        RawSocket(house.server, **given)
    return int(refused.value.status_code)


def _handlers() -> list[str]:
    return list(RegistrationContext.get().event_handlers)


def test_every_handler_is_declared_or_closed_to_all() -> None:
    """A handler that stands in no list of the guard fails here: say who may call it."""
    app.set_contexts()
    undeclared = set(_handlers()) - MEMBERS - COORDINATORS

    assert set(_handlers()) >= MEMBERS | COORDINATORS
    assert set() == MEMBERS & COORDINATORS
    own = {name for name in undeclared if name.rpartition(".")[2] not in HIDDEN}
    assert own == {"reflex___state____state.set_is_hydrated"}


def test_an_owner_sees_the_canary(house: House) -> None:
    """What the others must not get is there to be got."""
    with RawSocket(house.server, house.cookie("Bolat")) as page:
        page.connect()
        page.listen_for(CANARY)

        assert '"me_rx_state_":"Bolat"' in page.heard


def test_strangers_get_no_socket(house: House, strangers: dict[str, str]) -> None:
    tokens = ["chosen-by-the-client", "", "shared", INBOX, "copapp-staff"]

    found = {
        (caller, token): _refused(house, cookie=value, token=token)
        for caller, value in strangers.items()
        for token in tokens
    }

    assert set(found.values()) == {403}
    assert len(found) == 30


def test_a_client_cannot_name_its_session_itself(house: House) -> None:
    session = hash_of(house.cookie().partition("=")[2])

    assert _refused(house, headers={HEADER: session}) == 403


def test_strangers_get_no_polling_either(house: House, strangers: dict[str, str]) -> None:
    for value in [*strangers.values(), house.cookie()]:
        for method in ("GET", "POST"):
            answer = httpx.request(
                method,
                f"{house.server.url}/_event/?token=x&EIO=4&transport=polling",
                headers={"cookie": value},
                content=b"40/_event," if method == "POST" else None,
            )
            assert answer.status_code in {404, 405}
            assert CANARY not in answer.text


def test_reflex_has_no_other_door(house: House) -> None:
    for path in ("/_upload", "/ping", "/_health", "/_event", "/_all_routes", "/auth-codespace"):
        assert httpx.get(house.server.url + path).status_code == 404
        assert httpx.post(house.server.url + path, content=b"x").status_code == 405


def test_every_staff_page_is_drawn_behind_the_doors() -> None:
    """The pages of who covers what and of the log were not: they came as 404, and no sign-in led to them."""
    pages = {f"/{each}".replace("[token]", "token") for each in app._unevaluated_pages}

    assert set(STAFF_PAGES) == {each for each in pages if each.startswith("/admin")}


def test_pages_lead_strangers_to_the_sign_in(house: House, strangers: dict[str, str]) -> None:
    behind = [path for path in STAFF_PAGES if path not in {"/admin/sign-in", "/admin/set-up/token"}]
    for value in strangers.values():
        for path in [*behind, "/admin/", "/admin/nowhere", "/admin/request?id=1"]:
            answer = httpx.get(house.server.url + path, headers={"cookie": value})
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/admin/sign-in"), path
            assert answer.headers["cache-control"] == "no-store"
        assert httpx.get(f"{house.server.url}/admin/session", headers={"cookie": value}).status_code == 401


def test_no_route_shows_the_canary_to_strangers(house: House, strangers: dict[str, str]) -> None:
    described = httpx.get(f"{house.server.url}/api/v1/openapi.json").json()
    routes = [(path, method) for path, methods in described["paths"].items() for method in methods]

    for value in strangers.values():
        for path, method in routes:
            filled = path.replace("{token}", "t").replace("{slug}", "saiga-recovery")
            answer = httpx.request(method, house.server.url + filled, headers={"cookie": value})
            assert CANARY not in answer.text
    assert len(routes) >= 8


def test_staff_pages_are_never_kept(house: House) -> None:
    answer = httpx.get(f"{house.server.url}/admin", headers={"cookie": house.cookie()})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert CANARY not in answer.text
    kept = re.findall(r'"(/[^"]*)": "[0-9a-f]{24}"', httpx.get(f"{house.server.url}/sw.js").text)
    assert "/meet" in kept
    assert [url for url in kept if re.search("admin|staff|set_up", url)] == []


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "null", "", "http://127.0.0.1:1"])
def test_a_live_cookie_opens_no_socket_from_elsewhere(house: House, elsewhere: str) -> None:
    assert _refused(house, cookie=house.cookie(), origin=elsewhere) == 403


def _guard(session: str, name: str) -> bool:
    """Whether the guard alone lets an event through, with the door before it left open."""

    async def ask() -> bool:
        context = EventContext(
            token="x",
            state_manager=app.state_manager,
            enqueue_impl=app.event_namespace.on_event,  # type: ignore[union-attr,arg-type]
            router_data={"headers": {HEADER: session}},
        )
        EventContext.set(context)
        event = Event(name=name, payload={}, router_data={})
        return await Guard().preprocess(app, None, event) is None

    with ThreadPoolExecutor(1) as pool:  # in this thread a browser's loop may run
        return pool.submit(asyncio.run, ask()).result()


def test_the_guard_alone_closes_every_handler(db: Session, environment: Environment) -> None:
    environment(NOW=NOW.isoformat())
    _people(db)
    everyone = {each.name: each for each in staff.members(db)}
    sessions = {name: hash_of(staff.open_session(db, each.id or 0, NOW)) for name, each in everyone.items()}
    signed_out = hash_of(staff.open_session(db, everyone["Aigul"].id or 0, NOW))
    expired = hash_of(staff.open_session(db, everyone["Aigul"].id or 0, NOW - timedelta(hours=25)))
    staff.sign_out(db, signed_out)
    everyone["Dana"].disabled_at = NOW
    db.commit()

    for name in _handlers():
        for session in ("", "forged", signed_out, expired, sessions["Dana"]):
            assert not _guard(session, name), name
        assert _guard(sessions["Bolat"], name) == (name in MEMBERS), name
        assert _guard(sessions["Aigul"], name) == (name in MEMBERS | COORDINATORS), name
    assert not _guard(sessions["Aigul"], "no.such.handler")


def test_the_wrong_role_changes_and_learns_nothing(house: House) -> None:
    before = house.told()
    aigul, bolat, dana = ({"number": number, "seen": house.seen(number)} for number in (1, 2, 3))
    payloads: dict[str, dict[str, Any]] = {
        "add_person": {"given": {"name": "Eve", "email": "eve@example.org", "coordinator": "on"}},
        "make_link": aigul,
        "disable": aigul,
        "end_sessions": aigul,
        "reset_factor": aigul,
        "require_factor": {"is_on": True},
        "enable": dana,
        "set_role": bolat | {"role": "coordinator"},
    }

    with RawSocket(house.server, house.cookie("Bolat")) as page:
        page.connect("/admin/accounts")
        page.listen_for("is_hydrated")
        for name in COORDINATORS:
            page.event(name, payloads.get(name.rpartition(".")[2]), path="/admin/accounts")
        page.listen(1.5)

        assert page.closed_at is None
        assert "aigul@example.org" not in page.heard
        assert "set-up" not in page.heard
    assert house.told() == before
    assert "was refused to somebody who does not coordinate" in house.server.log.read_text()


def test_a_coordinator_may(house: House) -> None:
    """The same asked by the right role has an effect: the test above could fail."""
    with RawSocket(house.server, house.cookie()) as page:
        page.connect("/admin/accounts")
        page.listen_for("aigul@example.org")
        page.event(f"{ACCOUNTS}.make_link", {"number": 2, "seen": house.seen(2)}, path="/admin/accounts")
        page.listen_for("/admin/set-up/")


def test_unlisted_and_malformed_events_do_nothing(house: House) -> None:
    before = house.told()
    with RawSocket(house.server, house.cookie("Bolat")) as page:
        page.connect()
        page.listen_for(CANARY)
        client_storage = "reflex___state____state.reflex___state____update_vars_internal_state"
        unlisted: dict[str, dict[str, Any]] = {
            f"{INBOX}.setvar": {"var_name": "search", "value": LIE},
            "reflex___state____state.setvar": {"var_name": "is_hydrated", "value": LIE},
            f"{client_storage}.update_vars_internal": {"vars": {f"{INBOX}.search": LIE}},
            "no.such.handler": {"value": LIE},
            f"{REQUEST}._do": {"act": LIE},
        }
        for name, payload in unlisted.items():
            page.event(name, payload)
        page.send('42/_event,["event","not json"]')
        page.send('42/_event,["event",[1,2]]')
        page.send('42/_event,["event",{"name":5,"payload":7}]')
        page.send('42/_event,["no_such_event",{}]')
        page.listen(1)
        assert LIE not in page.heard

    log = house.server.log.read_text()
    assert house.told() == before
    assert "one that stands in no list was refused" in log
    assert LIE not in log
    assert CANARY not in log
    assert "Traceback" not in log


NONSENSE = (
    '42/_event,["event",{"name":"no.such.handler","payload":{}}]',
    '42/_event,["event",{"name":5,"payload":7}]',
    '42/_event,["event",{"name":["a list"],"payload":{}}]',
    '42/_event,["event",{"payload":{}}]',
    '42/_event,["event",[1,2]]',
    '42/_event,["event","not json"]',
    '42/_event,["event"]',
    "42/_event,[]",
    "42/_event,{}",
)


def test_a_socket_that_asks_for_nonsense_is_heard_all_the_same(house: House) -> None:
    """Each question that nobody answers was waited for without end, and kept a place among the open ones."""
    value = house.cookie("Bolat")
    with RawSocket(house.server, value) as page:
        page.connect()
        page.listen_for(CANARY)
        for frame in NONSENSE * 20:
            page.send(frame)
        page.event(f"{INBOX}.look_for", {"text": "still-here"})
        page.listen_for("still-here")

    with ExitStack() as opened:
        for tab in range(20):
            opened.enter_context(_opened_when_there_is_room(house, value, f"tab-{tab}"))


def test_a_client_cannot_act_as_the_server(house: House) -> None:
    """Socket.IO takes an event of a client's named "connect" or "disconnect" for what it tells itself."""
    with RawSocket(house.server, house.cookie()) as page:
        page.connect()
        page.listen_for(CANARY)
        page.listen_for('"is_hydrated_rx_state_":true')
        begun = len(page.heard)
        boot = json.dumps({"event": {"name": HYDRATE, "payload": {}, "router_data": {"pathname": "/admin"}}})
        page.send(f'42/_event,["connect",{{"QUERY_STRING":"token=another"}},{boot}]')
        page.send(f"40/_event,{boot}")
        page.send('42/_event,["disconnect"]')
        page.event(f"{INBOX}.look_for", {"text": "still-here"})
        page.listen_for("still-here")

        assert "is_hydrated" not in page.heard[begun:]


def test_another_members_reflex_token_leads_nowhere(house: House) -> None:
    """The state of whoever used a token last came back to whoever named it."""
    with RawSocket(house.server, house.cookie(), token="aiguls-own") as page:
        page.connect()
        page.listen_for(CANARY)
        page.event(f"{INBOX}.look_for", {"text": "what-only-aigul-typed"})
        page.listen_for("what-only-aigul-typed")

    with RawSocket(house.server, house.cookie("Bolat"), token="aiguls-own") as page:
        page.connect()
        page.listen_for('"me_rx_state_":"Bolat"')
        page.listen(1)

        assert "what-only-aigul-typed" not in page.heard
        assert "Aigul" not in page.heard


@pytest.mark.parametrize("way", ["sign out", "sign out everywhere", "disable", "expire", "new password"])
def test_an_open_socket_goes_dark_and_is_closed(house: House, way: str) -> None:
    value = house.cookie("Bolat")
    with RawSocket(house.server, value) as page:
        page.connect()
        page.listen_for(CANARY)
        page.listen(1)
        before = len(page.heard)

        _end(house, way, value)
        page.listen(PATIENCE_SECONDS)
        dark = page.heard[before:]
        with house.open() as db:
            bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
            staff.enable_member(db, None, bolat, MONDAY)
            _move(db, db.exec(select(MeetingRequest)).one(), MoveKind.ASK)

    assert page.closed_at is not None
    assert "/admin/sign-in" in dark
    assert '"rows_rx_state_":[]' in dark
    assert CANARY not in dark
    assert _refused(house, cookie=value) == 403


def _end(house: House, way: str, value: str) -> None:
    """End Bolat's session."""
    if way.startswith("sign out"):
        assert house.post(f"/admin/{way.replace(' ', '-')}", value).status_code == 303
    with house.open() as db:
        bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
        if way == "disable":
            staff.disable_member(db, None, bolat, MONDAY)
        elif way == "expire":
            for session in db.exec(select(StaffSession).where(StaffSession.member_id == bolat.id)):
                session.expires_at = MONDAY
                db.add(session)
        elif way == "new password":
            link = staff.make_link(db, None, bolat, MONDAY)
            staff.use_link(db, link, bolat.password_hash, MONDAY)


def test_events_in_the_moment_before_the_socket_closes_do_nothing(house: House) -> None:
    value = house.cookie("Bolat")
    before = house.told()
    with RawSocket(house.server, value) as page:
        page.connect("/admin/request")
        page.listen_for("is_hydrated")
        page.listen(1)
        heard = len(page.heard)

        _end(house, "expire", value)
        for name in sorted(MEMBERS):
            page.event(name, {"given": {"words": "after the end"}, "tab": "answer", "text": "", "number": 1})
        page.listen(PATIENCE_SECONDS)

    assert house.told() == before
    assert CANARY not in page.heard[heard:]


def test_one_of_us_cannot_keep_the_others_out(house: House) -> None:
    """One session had 199 of the 200 sockets: everybody else was refused."""
    value = house.cookie("Bolat")

    def asked() -> int:
        return httpx.get(f"{house.server.url}/admin/session", headers={"cookie": value}).status_code

    with ExitStack() as opened:
        pages = [opened.enter_context(RawSocket(house.server, value, f"tab-{each}")) for each in range(20)]
        assert (_refused(house, cookie=value), asked()) == (403, 409)
        with RawSocket(house.server, house.cookie("Bolat")), RawSocket(house.server, house.cookie()):
            pages[0].close()
            wait_until(lambda: asked() == 204, "room for another page of the same session")
        with RawSocket(house.server, value):
            assert asked() == 409


def test_a_page_that_waits_for_a_slow_mail_server_is_heard_meanwhile(tmp_path: Path) -> None:
    """What it sent was not read before the trial's end, and no other page was told of anything."""
    with socket.create_server(("127.0.0.1", 0)) as slow:
        slow.settimeout(PATIENCE_SECONDS)
        given = {"COPAPP_SMTP_URL": f"smtp://127.0.0.1:{slow.getsockname()[1]}?from=us@example.org"}
        with _serve(tmp_path, given) as house, RawSocket(house.server, house.cookie()) as page:
            page.connect("/admin/settings")
            page.listen_for('"is_hydrated_rx_state_":true')
            seen = re.search(r'"marks_rx_state_":\{"mail":"([^"]*)"', page.heard)
            assert seen
            page.event(f"{CHANNELS}.try_mail", {"seen": seen[1]}, path="/admin/settings")
            page.listen_for('"trying_rx_state_":"mail"')
            # A server that greets without end: a line each second, as it has 15 for each.
            with slow.accept()[0] as trial, _again_and_again(partial(trial.sendall, b"220-wait\r\n"), 1):
                page.heard = ""
                page.send("5")  # Engine.IO answers this by itself, with a 6
                page.listen_for("6")
                _see_an_inbox_go_on(house)
                page.listen(0.1)
            slow.close()  # mail to the latecomer waits for it too, and the server's end for that

        assert page.heard == "6", "the trial's end came first"


@contextmanager
def _again_and_again(act: Callable[[], None], every_seconds: float) -> Iterator[None]:
    """Do it beside what the test waits for."""
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(every_seconds):
            act()

    beside = threading.Thread(target=repeat)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def _see_an_inbox_go_on(house: House) -> None:
    """Watch as Bolat until a new request is on the screen and the page, signed out elsewhere, is closed."""
    value = house.cookie("Bolat")
    with RawSocket(house.server, value) as page, httpx.Client(base_url=house.server.url) as line:
        page.connect()
        page.listen_for(CANARY)
        assert ask(line, new_request("Latecomer")).is_success
        page.listen_for("Latecomer")
        house.post("/admin/sign-out", value)
        page.listen(PATIENCE_SECONDS)
        assert page.closed_at is not None


def _opened_when_there_is_room(house: House, cookie: str, tab: str) -> RawSocket:
    """Open a socket: the server may not have noticed yet that those of the tests before are closed."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return RawSocket(house.server, cookie, tab)
        except websocket.WebSocketBadStatusException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _listen_to_each(pages: list[RawSocket]) -> None:
    """Answer the server's pings as browsers do: it ends who is silent."""
    for page in list(pages):
        page.listen(0.001)


def test_more_sockets_than_staff_ever_have_are_refused(house: House) -> None:
    pages: list[RawSocket] = []
    with ExitStack() as opened, _again_and_again(partial(_listen_to_each, pages), 0.05):
        for value in (house.cookie("Bolat") for _ in range(10)):
            tabs = (_opened_when_there_is_room(house, value, f"tab-{tab}") for tab in range(20))
            pages.extend(map(opened.enter_context, tabs))

        assert _refused(house, cookie=house.cookie()) == 403
        assert [page for page in pages if page.closed_at is not None] == []
    assert "refused, 200 are open" in house.server.log.read_text()


@pytest.mark.parametrize("packet", ['451-/_event,["event",{"_placeholder":true,"num":0}]', "bAAAA", b"\4"])
def test_a_socket_takes_no_attachments(house: House, packet: str | bytes) -> None:
    """76 MB of one packet's were kept while the last was waited for."""
    with RawSocket(house.server, house.cookie("Bolat")) as page:
        page.connect()
        page.listen_for(CANARY)

        page.send(packet)
        page.listen(PATIENCE_SECONDS)

        assert page.closed_at is not None


def test_the_open_pages_of_whoever_coordinates_no_longer_are_emptied(house: House) -> None:
    """Its events were refused, but what it showed stayed on the screen, and came again after a reconnect."""

    def become(role: StaffRole) -> None:
        with house.open() as db:
            bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
            bolat.role = role
            db.add(bolat)

    become(StaffRole.COORDINATOR)
    try:
        with RawSocket(house.server, house.cookie("Bolat")) as page:
            page.connect("/admin/accounts")
            page.listen_for("aigul@example.org")
            page.listen(1)  # so long that the watch has seen who coordinates
            page.heard = ""

            become(StaffRole.MEMBER)
            page.listen_for('"is_hydrated_rx_state_":false')
            page.listen_for('"people_rx_state_":[]')
            page.listen(1)
    finally:
        become(StaffRole.MEMBER)

    assert "aigul@example.org" not in page.heard
    assert page.closed_at is None, "whoever is still one of us goes on"


def test_a_change_reaches_every_open_page(house: House) -> None:
    with (
        RawSocket(house.server, house.cookie()) as one,
        RawSocket(house.server, house.cookie("Bolat")) as two,
    ):
        for page in (one, two):
            page.connect()
            page.listen_for(CANARY)
            page.listen(1)
            page.heard = ""

        with house.open() as db:
            request = db.exec(select(MeetingRequest)).one()
            request.organisation = "changed just now"
            db.add(request)
            _move(db, request, MoveKind.ASK)

        for page in (one, two):
            page.listen_for("changed just now")


def test_signing_in_and_out(house: House) -> None:
    wrong = house.post("/admin/sign-in", email="bolat@example.org", password="not the password")
    unknown = house.post("/admin/sign-in", email="nobody@example.org", password=PASSWORD)
    entered = house.post("/admin/sign-in", email=" Bolat@Example.org ", password=PASSWORD)
    value = entered.headers["set-cookie"]
    session = {"cookie": value.partition(";")[0]}
    inside = httpx.get(f"{house.server.url}/admin", headers=session)
    left = house.post("/admin/sign-out", session["cookie"])
    outside = httpx.get(f"{house.server.url}/admin", headers=session)

    assert wrong.headers["location"] == unknown.headers["location"] == "/admin/sign-in?problem=wrong"
    assert "set-cookie" not in wrong.headers
    assert (entered.status_code, entered.headers["location"]) == (303, "/admin")
    assert value.startswith("copapp-staff=")
    assert "; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400" in value
    assert (inside.status_code, outside.status_code) == (200, 303)
    assert left.headers["set-cookie"].startswith("copapp-staff=; ")


def test_each_sign_in_is_in_the_log_of_changes_without_what_was_typed(house: House) -> None:
    with house.open() as db:
        for each in db.exec(select(AuditEntry).where(AuditEntry.act.in_(KINDS["sign_ins"]))):  # type: ignore[attr-defined]  # a column
            db.delete(each)
        db.exec(delete(Attempt))
    for password in ("not the password", "nor this one"):
        house.post("/admin/sign-in", email="bolat@example.org", password=password)
    entered = house.post("/admin/sign-in", email="bolat@example.org", password=PASSWORD)
    house.post("/admin/sign-out", f"copapp-staff={entered.cookies['copapp-staff']}")
    for number in range(5):
        house.post("/admin/sign-in", email="nobody@example.org", password=f"guess number {number}")
    with _after_long_guessing(house):
        house.post("/admin/sign-in", email="nobody@example.org", password="guess number 5")

    with house.open() as db:
        entries = db.exec(select(AuditEntry).where(AuditEntry.act.in_(KINDS["sign_ins"])))  # type: ignore[attr-defined]
        written = [(each.act, each.subject, each.changes) for each in entries]
    assert sorted(written) == [
        ("sign_in", "bolat", {}),
        ("sign_in_failed", "", {"tries": [None, 5]}),
        ("sign_in_failed", "bolat", {"tries": [None, 2]}),
        ("sign_in_refused", "", {}),
        ("sign_out", "bolat", {}),
    ]


def test_a_new_sign_in_ends_the_session_before(house: House) -> None:
    """Whoever has kept the old cookie has nothing; another browser of the same person goes on."""
    before, elsewhere = house.cookie("Bolat"), house.cookie("Bolat")

    entered = house.post("/admin/sign-in", before, email="bolat@example.org", password=PASSWORD)
    after = f"copapp-staff={entered.cookies['copapp-staff']}"

    def status(cookie: str) -> int:
        return httpx.get(f"{house.server.url}/admin/session", headers={"cookie": cookie}).status_code

    assert (status(before), status(after), status(elsewhere)) == (401, 204, 204)


def test_the_sign_in_leads_to_the_page_that_was_asked_for(house: House) -> None:
    asked = httpx.get(f"{house.server.url}/admin/request?id=1").headers["location"]
    given = {"email": "bolat@example.org", "password": PASSWORD}

    wrong = house.post(asked, **(given | {"password": "not the password"})).headers["location"]
    entered = house.post(wrong, **given).headers["location"]
    elsewhere = [
        house.post(f"/admin/sign-in?next={where}", **given).headers["location"]
        for where in ("https://evil.example", "//evil.example", "/admin/nowhere", "/admin/team%0d%0aX: y")
    ]

    assert asked == "/admin/sign-in?next=%2Fadmin%2Frequest%3Fid%3D1"
    assert wrong == "/admin/sign-in?problem=wrong&next=%2Fadmin%2Frequest%3Fid%3D1"
    assert entered == "/admin/request?id=1"
    assert elsewhere == ["/admin"] * 4


@contextmanager
def _after_long_guessing(house: House) -> Iterator[None]:
    """Count each try four times: after five the wait is one second, over before a slow machine asks again."""
    with house.open() as db:
        tries = db.exec(select(Attempt)).all()
        db.add_all([Attempt(kind=each.kind, key=each.key, at=each.at) for each in tries for _ in range(3)])
    yield
    with house.open() as db:
        db.exec(delete(Attempt))


def test_guessing_is_slowed_down_even_for_the_right_password(house: House) -> None:
    def guess(password: str) -> str:
        return house.post("/admin/sign-in", email="aigul@example.org", password=password).headers["location"]

    assert [guess(f"guess number {number}") for number in range(5)] == ["/admin/sign-in?problem=wrong"] * 5
    with _after_long_guessing(house):
        assert all("problem=wait" in guess(each) for each in ("guess number 5", PASSWORD))


def test_behind_a_proxy_who_guesses_slows_down_only_his_own_address(house: House) -> None:
    def guess(address: str) -> str:
        given = {"email": "proxied@example.org", "password": "a guess"}
        headers = {"origin": house.server.url, "x-forwarded-for": f"203.0.113.1, {address}"}
        answer = httpx.post(f"{house.server.url}/admin/sign-in", data=given, headers=headers)
        return answer.headers["location"].partition("&")[0].partition("=")[2]

    assert [guess("192.0.2.1") for _ in range(5)] == ["wrong"] * 5
    with _after_long_guessing(house):
        assert [guess("192.0.2.2"), guess("198.51.100.2")] == ["wait", "wrong"]


def test_the_browser_that_signed_in_before_is_let_in_at_once_whoever_guesses_beside_it(house: House) -> None:
    """A stranger in the same network kept the owner out for as long as he went on."""
    given = {"email": "bolat@example.org", "password": PASSWORD}
    entered = house.post("/admin/sign-in", **given)
    known = entered.cookies["copapp-device"]
    for number in range(5):
        house.post("/admin/sign-in", email="bolat@example.org", password=f"guess number {number}")

    with _after_long_guessing(house):
        stranger = house.post("/admin/sign-in", **given)
        owner = house.post("/admin/sign-in", f"copapp-device={known}", **given)

    assert "problem=wait" in stranger.headers["location"]
    assert (owner.headers["location"], owner.cookies["copapp-device"]) == ("/admin", known)
    kept = [each for each in owner.headers.get_list("set-cookie") if each.startswith("copapp-device=")]
    assert kept == [f"copapp-device={known}; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000"]


def test_sixty_guesses_at_once_are_few_that_wait_and_do_not_hold_the_owner_up(house: House) -> None:
    """Each sign-in waited a quarter of a minute behind them."""
    given = {"email": "bolat@example.org", "password": PASSWORD}
    known = house.post("/admin/sign-in", **given).cookies["copapp-device"]

    headers = {"origin": house.server.url, "x-forwarded-for": "198.51.100.7", "accept-language": "ru"}
    line = httpx.Client(base_url=house.server.url, headers=headers, timeout=60)

    def guess(number: int) -> httpx.Response:
        form = {"email": f"nobody{number}@example.org", "password": "a guess"}
        return line.post("/admin/sign-in", data=form)

    with line, ThreadPoolExecutor(60) as pool:
        guesses = [pool.submit(guess, number) for number in range(60)]
        owner = house.post("/admin/sign-in", f"copapp-device={known}", **given)
        answers = [each.result() for each in guesses]

    refused = [each for each in answers if each.status_code == 429]
    assert owner.headers["location"] == "/admin"
    assert len(refused) >= 1
    assert {each.headers["location"] for each in answers if each not in refused} == {
        "/admin/sign-in?problem=wrong"
    }
    assert {(each.headers["retry-after"], each.text) for each in refused} == {
        ("5", catalogue("ru", "staff")["door.queue"])
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1"},
        {"sec-fetch-site": "none"},
    ],
)
def test_forms_from_elsewhere_are_refused(house: House, headers: dict[str, str]) -> None:
    value = house.cookie("Bolat")
    named = ("sign-in", "sign-out", "sign-out-everywhere", "set-up/x", "import/file", "account/password")
    for path in (f"/admin/{name}" for name in named):
        answer = httpx.post(house.server.url + path, data={}, headers=headers | {"cookie": value})
        assert answer.status_code == 403
    assert httpx.get(f"{house.server.url}/admin/session", headers={"cookie": value}).status_code == 204


def test_a_large_form_and_other_methods_are_refused(house: House) -> None:
    large = house.post("/admin/sign-in", email="a" * 10_000, password="")
    put = httpx.put(f"{house.server.url}/admin/sign-in", headers={"origin": house.server.url})
    elsewhere = house.post("/admin/team", house.cookie())

    assert (large.status_code, put.status_code, elsewhere.status_code) == (413, 405, 405)


def _start_upload(house: House, cookie: str, announced: int, body: bytes) -> socket.socket:
    """Send the head of a file to import and as much of its body; what sends it has read nothing yet."""
    upload = socket.create_connection(("127.0.0.1", house.server.port), timeout=PATIENCE_SECONDS)
    head = ["POST /admin/import/file HTTP/1.1", f"Host: 127.0.0.1:{house.server.port}"]
    head += [f"Origin: {house.server.url}", f"Cookie: {cookie}", f"Content-Length: {announced}"]
    upload.sendall("\r\n".join([*head, "", ""]).encode() + body)
    return upload


@pytest.mark.parametrize(("name", "length", "status"), [("Bolat", 20_000_000, 413), ("", 9_000_000, 401)])
def test_who_sends_a_large_file_hears_the_answer_and_no_broken_connection(
    house: House, name: str, length: int, status: int
) -> None:
    """A proxy that cannot send the rest says 502 instead."""
    cookie = house.cookie(name) if name else "none=none"
    with _start_upload(house, cookie, length, b"x" * length) as upload:
        assert upload.recv(100).startswith(f"HTTP/1.1 {status} ".encode())


def test_half_a_file_is_none(house: House) -> None:
    upload = _start_upload(house, house.cookie("Bolat"), 100, b"half")
    upload.shutdown(socket.SHUT_WR)
    upload.recv(100)  # once it was handled
    upload.close()

    with house.open() as db:
        assert db.exec(select(GivenFile).where(GivenFile.content == b"half")).first() is None


def test_a_file_to_import_is_kept_for_one_of_us_alone(house: House, strangers: dict[str, str]) -> None:
    address, origin = f"{house.server.url}/admin/import/file", {"origin": house.server.url}

    mine = httpx.post(address, content=b"a,b", headers=origin | {"cookie": house.cookie("Bolat")})
    endless = httpx.post(
        address, content=(b"x" * 1_000_000 for _ in range(11)), headers=origin | {"cookie": house.cookie()}
    )
    refused = [
        httpx.post(address, content=b"c,d", headers=origin | {"cookie": value}).status_code
        for value in strangers.values()
    ]

    assert (mine.status_code, endless.status_code) == (201, 413)
    assert refused == [401] * len(strangers)
    with house.open() as db:
        [kept] = db.exec(select(GivenFile)).all()
        people = {each.id: each for each in db.exec(select(StaffMember)).all()}
        assert (people[kept.member_id].name, kept.digest, kept.content) == ("Bolat", mine.text, b"a,b")
        others = [each for each in people.values() if each.id != kept.member_id]
        assert {kept_file(db, each, mine.text) for each in others} == {None}


@pytest.mark.parametrize("path", ["/admin/import/template.csv", "/admin/import/template.xlsx"])
def test_templates_are_for_us(house: House, path: str) -> None:
    mine = httpx.get(house.server.url + path, headers={"cookie": house.cookie()})
    theirs = httpx.get(house.server.url + path)

    assert (mine.status_code, theirs.status_code) == (200, 303)
    assert mine.content == (template_csv() if path.endswith("csv") else template_xlsx())


@pytest.mark.parametrize("path", ["/admin/requests.csv", "/admin/requests.xlsx"])
def test_requests_are_taken_away_by_coordinators_alone_and_that_is_written_down(
    house: House, strangers: dict[str, str], path: str
) -> None:
    def get(value: str, **query: str) -> httpx.Response:
        return httpx.get(house.server.url + path, headers={"cookie": value}, params=query)

    mine, theirs = get(house.cookie(), language="fr"), get(house.cookie("Bolat"))
    refused = [get(value) for value in strangers.values()]

    assert (mine.status_code, theirs.status_code) == (200, 403)
    kind = path.rpartition(".")[2]
    assert mine.headers["content-disposition"] == f'attachment; filename="requests.{kind}"'
    assert mine.headers["cache-control"] == theirs.headers["cache-control"] == "no-store"
    assert mine.headers["x-content-type-options"] == "nosniff"
    if kind == "csv":
        assert mine.content.decode("utf-8-sig").startswith("État,Nom,Organisation,Courriel,Motif,")
        assert f"{CANARY} reason" in mine.text
    assert {answer.status_code for answer in refused} == {303}
    assert [CANARY in answer.text for answer in [*refused, theirs]] == [False] * (len(refused) + 1)
    with house.open() as db:
        entries = db.exec(select(AuditEntry).where(AuditEntry.act == "take_requests")).all()
        people = {each.id: each.name for each in staff.members(db)}
        written = [(people[each.member_id], each.subject, each.changes) for each in entries]
    assert [each for each in written if each[1] == kind] == [("Aigul", kind, {})]


def test_one_file_at_a_time_is_written(
    db: Session, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes a thread and a processor; signing in needs both."""
    environment(NOW=NOW.isoformat())
    _people(db)
    session = staff.open_session(db, 1, NOW)
    db.commit()
    at_once: list[int] = []
    running = threading.Semaphore(3)

    def write(*_: Any) -> Any:
        with running:
            at_once.append(3 - running._value)
            time.sleep(0.05)
        return 200, [], b""

    async def ask() -> None:
        doors, headers = StaffDoors(), {b"cookie": f"copapp-staff={session}".encode()}
        shelf: Any = None
        asked = (doors.show("/admin/requests.csv", "", headers, shelf) for _ in range(3))
        assert [status for status, *_ in await asyncio.gather(*asked)] == [200, 200, 200]

    monkeypatch.setattr(staff_doors, "staff_file", write)
    with ThreadPoolExecutor(1) as pool:  # in this thread a browser's loop may run
        pool.submit(asyncio.run, ask()).result()

    assert at_once == [1, 1, 1]


def test_a_one_time_link_shows_a_hundred_times_and_works_once(house: House) -> None:
    with house.open() as db:
        bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
        token = staff.make_link(db, None, bolat, MONDAY)
    page = f"/admin/password/{token}"

    for _ in range(100):
        assert httpx.get(house.server.url + page).status_code == 200
    moved = httpx.get(f"{house.server.url}/admin/set-up/{token}")
    short = house.post(page, password="short")
    chosen = house.post(page, password="a new and longer password")
    again = house.post(page, password="a new and longer password")
    old = house.post("/admin/sign-in", email="bolat@example.org", password=PASSWORD)
    house.set_password()

    assert (moved.status_code, moved.headers["location"]) == (303, page)
    assert short.headers["location"] == f"{page}?problem=short"
    assert chosen.headers["location"] == "/admin"
    assert again.headers["location"] == "/admin/sign-in?problem=link"
    assert old.headers["location"] == "/admin/sign-in?problem=wrong"


def test_one_s_own_password_is_changed_by_who_knows_it_and_every_other_browser_goes(house: House) -> None:
    new = "velvet otter copper lantern"
    mine, other = (f"copapp-staff={house.post(SIGN_IN, **BOLAT).cookies['copapp-staff']}" for _ in range(2))

    def change(cookie: str, current: str, password: str) -> httpx.Response:
        return house.post("/admin/account/password", cookie, current=current, password=password)

    def is_in(cookie: str) -> bool:
        return httpx.get(f"{house.server.url}/admin/session", headers={"cookie": cookie}).status_code == 204

    nobody = change("", PASSWORD, new)
    refused = [change(mine, *each) for each in (("wrong", new), (PASSWORD, "samarkand2024"), (PASSWORD, "x"))]
    before = [is_in(each) for each in (mine, other)]
    changed = change(mine, PASSWORD, new)
    renewed = f"copapp-staff={changed.cookies['copapp-staff']}"
    after = [is_in(each) for each in (mine, other, renewed)]
    old = house.post(SIGN_IN, **BOLAT)
    known = house.post(
        SIGN_IN, f"copapp-device={changed.cookies['copapp-device']}", **BOLAT | {"password": new}
    )
    house.set_password()

    assert nobody.headers["location"] == "/admin/sign-in"
    problems = [each.headers["location"].partition("?")[2] for each in refused]
    assert problems == ["problem=current", "problem=ours", "problem=short"]
    assert changed.headers["location"] == "/admin/account?done=password"
    assert (before, after) == ([True, True], [False, False, True])
    assert old.headers["location"] == "/admin/sign-in?problem=wrong"
    assert known.headers["location"] == "/admin"


def test_who_found_an_open_browser_cannot_guess_its_password(house: House) -> None:
    value = house.cookie("Bolat")
    given = {"current": "a guess", "password": "velvet otter copper lantern"}

    told = [
        house.post("/admin/account/password", value, **given).headers["location"].partition("?")[2]
        for _ in range(5)
    ]
    with _after_long_guessing(house):
        right = house.post("/admin/account/password", value, **given | {"current": PASSWORD})
        owner = house.post(SIGN_IN, **BOLAT)

    assert told == ["problem=current"] * 5
    assert right.headers["location"].startswith("/admin/account?problem=wait&seconds=")
    assert owner.headers["location"] == "/admin"


def test_a_session_knows_its_browser_in_two_words_and_when_it_was_used(house: House) -> None:
    firefox = "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"
    headers = {"origin": house.server.url, "user-agent": firefox}
    entered = httpx.post(house.server.url + SIGN_IN, data=BOLAT, headers=headers)
    token = entered.cookies["copapp-staff"]
    mine = StaffSession.token_hash == hash_of(token)
    with house.open() as db:
        session = db.exec(select(StaffSession).where(mine)).one()
        opened, session.used_at = session.used_at, MONDAY - timedelta(minutes=6)
        db.add(session)

    httpx.get(
        f"{house.server.url}/admin", headers={"cookie": f"copapp-staff={entered.cookies['copapp-staff']}"}
    )

    with house.open() as db:
        session = db.exec(select(StaffSession).where(mine)).one()
        assert session.browser == "Firefox, Android"
        assert opened is not None
        assert session.used_at is not None
        assert session.used_at >= opened >= MONDAY


@pytest.fixture
def factor(house: House) -> Iterator[tuple[str, list[str]]]:
    """Bolat's second factor: the secret, and the codes of recovery."""
    secret = second_factor.new_secret()
    with house.open() as db:
        bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
        long_ago = datetime(2024, 2, 12, tzinfo=UTC)
        code = code_at(secret, step_at(long_ago))
        codes = second_factor.set_factor(db, bolat, secret, code, MONDAY, long_ago)
    yield secret, codes
    with house.open() as db:
        bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
        second_factor.remove_factor(db, None, bolat, MONDAY)
        db.exec(delete(Attempt))


def test_the_password_alone_lets_nobody_in_who_has_a_second_factor(
    house: House, factor: tuple[str, list[str]]
) -> None:
    secret, codes = factor

    def enter(**given: str) -> str:
        answer = house.post(SIGN_IN, **BOLAT | given)
        assert ("set-cookie" in answer.headers) is (answer.headers["location"] == "/admin")
        return answer.headers["location"].removeprefix("/admin")

    alone, wrong, unknown = enter(), enter(code="000000"), enter(code=codes[0], password="not the password")
    recovered, again = enter(code=codes[0]), enter(code=codes[0])
    right = enter(code=code_at(secret, step_at(machine_time())))

    assert (alone, wrong, unknown) == (
        "/sign-in?problem=code",
        "/sign-in?problem=code_wrong",
        "/sign-in?problem=wrong",
    )
    assert (recovered, again, right) == ("", "/sign-in?problem=code_wrong", "")


def test_codes_are_guessed_as_slowly_as_passwords(house: House, factor: tuple[str, list[str]]) -> None:
    for number in range(5):
        house.post(SIGN_IN, **BOLAT, code=f"00000{number}")

    with _after_long_guessing(house):
        told = house.post(SIGN_IN, **BOLAT, code=factor[1][0])

    assert told.headers["location"].startswith("/admin/sign-in?problem=wait")


def test_a_link_for_a_new_password_is_no_way_around_the_second_factor(
    house: House, factor: tuple[str, list[str]]
) -> None:
    with house.open() as db:
        bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
        token = staff.make_link(db, None, bolat, MONDAY)

    chosen = house.post(f"/admin/password/{token}", password="velvet otter copper lantern")
    house.set_password()

    assert chosen.headers["location"] == "/admin/sign-in?problem=code"
    assert "set-cookie" not in chosen.headers


@pytest.fixture
def required(house: House) -> Iterator[None]:
    """Everybody must have a second factor."""
    with house.open() as db:
        second_factor.require_factor(db, _aigul(db), MONDAY, is_required=True)
    yield
    with house.open() as db:
        second_factor.require_factor(db, _aigul(db), MONDAY, is_required=False)


def _aigul(db: Session) -> StaffMember:
    return db.exec(select(StaffMember).where(StaffMember.name == "Aigul")).one()


@pytest.mark.usefixtures("required")
def test_where_it_is_required_nothing_else_is_done_before_it_is_set_up(house: House) -> None:
    url, headers = house.server.url, {"cookie": house.cookie(), "origin": house.server.url}
    behind = [path for path in STAFF_PAGES if path.count("/") < 3 and path not in {SIGN_IN, "/admin/account"}]
    pages = {path: httpx.get(url + path, headers=headers) for path in behind}
    table = httpx.get(f"{url}/admin/requests.csv", headers=headers)
    file = httpx.post(f"{url}/admin/import/file", content=b"a,b", headers=headers)
    own = httpx.get(f"{url}/admin/account", headers=headers)
    before = house.told()
    with RawSocket(house.server, house.cookie()) as page:
        page.connect("/admin")
        page.listen_for("is_hydrated")
        for name in COORDINATORS | MEMBERS:
            page.event(name, {"number": 2, "seen": house.seen(2)}, path="/admin")
        page.listen(1.5)

        assert CANARY not in page.heard
        assert "bolat@example.org" not in page.heard
    assert {each.headers["location"] for each in [*pages.values(), table]} == {
        "/admin/account?problem=factor"
    }
    assert len(pages) > 10
    assert (file.status_code, own.status_code) == (401, 200)
    assert house.told() == before


def test_the_first_of_us_is_set_up_by_the_link_that_serve_prints(tmp_path: Path) -> None:
    server = DelegateServer(tmp_path, {})
    server.seed()
    server.start()
    try:
        printed = server.log.read_text()
        link = next(word for word in printed.split() if "/admin/set-up/" in word)
        given = {"name": "Aigul Omarova", "email": "aigul@example.org", "password": PASSWORD}
        entered = httpx.post(link, data=given, headers={"origin": server.url})
        session = entered.headers["set-cookie"].partition(";")[0]
        inside = httpx.get(f"{server.url}/admin/session", headers={"cookie": session})
    finally:
        server.close()

    assert link.startswith(server.url)
    assert inside.status_code == 204
    assert "coordinator" in server.run("staff", "list")


def test_over_tls_the_cookie_is_bound_to_the_host(environment: Environment) -> None:
    environment(PUBLIC_URL="https://meet.example.org")

    assert cookie("t", 60) == "__Host-copapp=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
    assert device_cookie("d", []) == (
        "__Host-copapp-device=d; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000; Secure"
    )
    assert devices_of("copapp-device=d; __Host-copapp-device=e~f") == ["e", "f"]


def test_a_browser_keeps_what_it_is_known_by_for_each_who_signed_in_last_there() -> None:
    kept = "abcd"

    assert device_cookie("c", list(kept)).startswith("copapp-device=c~a~b~d; ")
    assert device_cookie("e", list(kept)).startswith("copapp-device=e~a~b~c; ")


def test_reflex_writes_nothing_at_home_and_asks_nobody_outside(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(1)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        outside = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), address)
        with (
            _serve(tmp_path, {"HOME": str(home)} | outside) as house,
            RawSocket(house.server, house.cookie()) as page,
        ):
            page.connect()
            page.listen_for(CANARY)
        with pytest.raises(TimeoutError):
            proxy.accept()

    assert list(home.iterdir()) == []
    assert not (house.server.root / ".states").exists()


def test_several_workers_need_redis(house: House) -> None:
    with pytest.raises(RuntimeError, match="COPAPP_REDIS_URL"):
        house.server.run("serve", "--workers", "2")


def test_two_workers_with_redis_close_and_refresh_everywhere(tmp_path: Path, redis_url: str) -> None:
    given = {"COPAPP_REDIS_URL": redis_url, "WORKERS": "2"}
    with _serve(tmp_path, given) as house, ExitStack() as opened:
        value = house.cookie()
        sockets = [
            opened.enter_context(RawSocket(house.server, value, token=f"tab-{number}")) for number in range(6)
        ]
        for page in sockets:
            page.connect()
            page.listen_for(CANARY)
        with house.open() as db:
            request = db.exec(select(MeetingRequest)).one()
            request.organisation = "changed just now"
            db.add(request)
            _move(db, request, MoveKind.ASK)
        for page in sockets:
            page.listen_for("changed just now")
            page.listen(0.5)
            page.heard = ""
        house.post("/admin/sign-out", value)
        for page in sockets:
            page.listen(PATIENCE_SECONDS)

        assert all(page.closed_at for page in sockets)
        assert all("/admin/sign-in" in page.heard for page in sockets)
        assert all('"rows_rx_state_":[]' in page.heard for page in sockets)


def test_a_page_to_come_back_to_breaks_no_header(house: House) -> None:
    """The right password opened a session that nobody got: the answer was a fault."""
    given = {"email": "bolat@example.org", "password": PASSWORD}

    entered = house.post(
        "/admin/sign-in?next=/admin/request%3Fid%3D1%26x%3D%250d%250aX:y%0d%0aZ:%20z", **given
    )

    assert (entered.status_code, entered.headers.get("x"), entered.headers.get("z")) == (303, None, None)
    assert entered.headers["location"].startswith("/admin/request?id=1&")
    assert "set-cookie" in entered.headers


@pytest.fixture
def broken(house: House) -> Iterator[None]:
    """Nothing of who is signed in can be read or written."""
    _rename(house, "staffsession", "gone")
    _rename(house, "stafflink", "gone_too")
    yield
    _rename(house, "gone", "staffsession")
    _rename(house, "gone_too", "stafflink")


def _rename(house: House, before: str, after: str) -> None:
    with house.open() as db:
        db.connection().exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")


@pytest.mark.usefixtures("broken")
def test_without_the_database_each_door_says_so_in_words_and_with_all_headers(house: House) -> None:
    """They answered a bare 500, without a header, and the log knew nothing of it."""
    url, headers = house.server.url, {"cookie": f"copapp-staff={'x' * 43}", "accept-language": "fr"}
    page = httpx.get(f"{url}/admin/team", headers=headers)
    table = httpx.get(f"{url}/admin/requests.csv", headers=headers)
    session = httpx.get(f"{url}/admin/session", headers=headers)
    tried = house.post("/admin/sign-in", email="bolat@example.org", password=PASSWORD)
    link = house.post(f"/admin/password/{'x' * 43}", password=PASSWORD)

    assert [each.status_code for each in (page, table, session, tried, link)] == [503, 503, 503, 303, 303]
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert table.text == catalogue("fr", "staff")["door.busy"]
    assert tried.headers["location"] == "/admin/sign-in?problem=busy"
    assert link.headers["location"] == f"/admin/password/{'x' * 43}?problem=busy"
    for each in (page, table, session, tried, link):
        assert each.headers["cache-control"] == "no-store"
        assert each.headers["x-frame-options"] == "DENY"
        assert "content-security-policy" in each.headers
    log = house.server.log.read_text()
    assert log.count("does not answer staff's doors") == 1, "once a minute, not for each request"
    assert "Traceback" not in log


def test_what_only_some_may_see_is_not_for_search_engines(house: House) -> None:
    pages = {
        each: httpx.get(house.server.url + each).headers.get("x-robots-tag")
        for each in ("/", "/admin/sign-in", f"/meet/{'x' * 24}", "/api/v1/programme.ics", "/healthz")
    }

    assert pages == {
        "/": None,
        "/admin/sign-in": "noindex",
        f"/meet/{'x' * 24}": "noindex",
        "/api/v1/programme.ics": "noindex",
        "/healthz": "noindex",
    }


def test_no_page_is_named_to_any_server_as_the_one_before(house: House) -> None:
    """The link of a request stood in the Referer of 32 requests, so in the logs of proxies."""
    for each in ("/", f"/meet/{'x' * 24}", "/admin/sign-in", f"/admin/set-up/{'x' * 43}"):
        page = httpx.get(house.server.url + each, follow_redirects=True).text
        assert re.search(
            '<meta (content="strict-origin" )?name="referrer"( content="strict-origin")?/>', page
        ), each


def _ask_of_factor(house: House, cookie: str, name: str, then: str, **given: str) -> None:
    """Ask for something at one's account, until the page has heard `then`."""
    with RawSocket(house.server, cookie) as page:
        page.connect("/admin/account")
        page.listen_for('is_hydrated_rx_state_":true')
        page.heard = ""
        page.event(f"{ACCOUNT}.{name}", {"given": given}, path="/admin/account")
        page.listen_for(then)


def _factors(house: House) -> tuple[int, int]:
    """Count the second factors, and the codes of recovery."""
    with house.open() as db:
        kept = (db.exec(select(each)).all() for each in (SecondFactor, RecoveryCode))
        return tuple(map(len, kept))  # type: ignore[return-value]


def test_only_who_knows_the_password_sets_up_a_second_factor(house: House) -> None:
    """At a laptop left open anybody could set up an app of his own, and keep its owner out."""
    cookie, secret = house.cookie("Bolat"), second_factor.new_secret()

    def given() -> dict[str, str]:
        return {"secret": secret, "code": code_at(secret, step_at(machine_time()))}

    def tries() -> set[int | None]:
        with house.open() as db:
            return set(db.exec(select(Attempt.id)))

    others = tries()
    for each in ({}, {"current": ""}, {"current": "not the password"}):
        _ask_of_factor(house, cookie, "set_factor", "password_wrong", **given() | each)
    before, counted = _factors(house), tries()
    _ask_of_factor(house, cookie, "set_factor", 'since_rx_state_":"20', **given(), current=PASSWORD)
    after = _factors(house)
    with house.open() as db:
        bolat = db.exec(select(StaffMember).where(StaffMember.name == "Bolat")).one()
        second_factor.remove_factor(db, None, bolat, MONDAY)

    assert (before, after) == ((0, 0), (1, second_factor.RECOVERY_CODES))
    assert counted > others, "the wrong ones count"
    assert tries() == others, "the right one forgives"


def test_only_who_knows_the_password_gives_a_second_factor_up(
    house: House, factor: tuple[str, list[str]]
) -> None:
    cookie, code = house.cookie("Bolat"), factor[1][0]

    _ask_of_factor(house, cookie, "remove_factor", "password_wrong", code=code, current="not the password")
    before = _factors(house)
    _ask_of_factor(house, cookie, "remove_factor", 'since_rx_state_":""', code=code, current=PASSWORD)

    assert (before, _factors(house)) == ((1, second_factor.RECOVERY_CODES), (0, 0))


def test_the_password_of_a_second_factor_is_guessed_as_slowly_as_that_of_a_new_one(house: House) -> None:
    cookie, secret = house.cookie("Bolat"), second_factor.new_secret()
    given = {"secret": secret, "code": code_at(secret, step_at(machine_time()))}
    for number in range(5):
        _ask_of_factor(house, cookie, "set_factor", "password_wrong", **given, current=f"guess {number}")

    with _after_long_guessing(house):
        _ask_of_factor(house, cookie, "set_factor", "password_later", **given, current=PASSWORD)
        new = house.post("/admin/account/password", cookie, current=PASSWORD, password="velvet otter lantern")

    assert new.headers["location"].startswith("/admin/account?problem=wait")
    assert _factors(house) == (0, 0)

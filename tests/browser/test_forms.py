"""A form holds what it shows, and a tap means what was on the screen: back and forth, and two at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, SQLModel, col, create_engine, select

from copapp.domain.event_form import EventForm
from copapp.mail_server import MailServer
from copapp.models import (
    Availability,
    Channel,
    Conference,
    Coverage,
    Event,
    Room,
    StaffMember,
    StaffRole,
    WatchedAddress,
)
from copapp.services import channel_settings, draft, staff, team
from copapp.services.channels import WEBHOOK_KEPT, kept, kept_mail
from copapp.services.draft import Batch
from tests.browser.acts import journey_of
from tests.browser.browsers import wait_until
from tests.browser.conftest import Phone, Serve
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up

pytestmark = pytest.mark.browser

SOON = 30_000
NOW = datetime(2024, 2, 12, 5, tzinfo=UTC)
NO_MAILBOX = "imaps://meet:right@127.0.0.1:9/INBOX?address=meet@altyndala.example"
CATS, ASS, SAIGA, RECOVERY = "cats-of-the-silk-road", "asiatic-wild-ass", "saiga-networking", "saiga-recovery"


@contextmanager
def colleague(server: DelegateServer) -> Iterator[tuple[Session, Any]]:
    """Act as somebody else does meanwhile, by the services; also a look at what was written."""
    engine = create_engine(server.environment["COPAPP_DATABASE_URL"], connect_args={"timeout": 30})
    with Session(engine, expire_on_commit=False) as db:
        yield db, db.exec(select(StaffMember).order_by(col(StaffMember.id))).first()
        db.commit()
    engine.dispose()


def row(server: DelegateServer, table: type[SQLModel], **key: Any) -> Any:
    """Read one row, None where there is none."""
    with colleague(server) as (db, _):
        return db.exec(select(table).filter_by(**key)).first()


def event(server: DelegateServer, slug: str) -> Any:
    return row(server, Event, slug=slug)


def retitled(server: DelegateServer, slug: str, title: str) -> None:
    """Let a colleague keep another title."""
    with colleague(server) as (db, by):
        found = db.exec(select(Event).where(Event.slug == slug)).one()
        room = db.get_one(Room, found.room_id).slug
        form = EventForm(title, found.starts, found.ends, room, found.published, found.descriptions)
        draft.change_event(db, by, slug, found.version, form, NOW)


def moved(server: DelegateServer, *slugs: str) -> None:
    """Let a colleague move events by an hour."""
    with colleague(server) as (db, by):
        seen = {each.slug: each.version for each in db.exec(select(Event)) if each.slug in slugs}
        draft.change_several(db, by, seen, Batch(minutes=60), NOW)


def tap_event(page: Page, slug: str, title: str) -> None:
    """Go from the list into an event's form."""
    page.locator(f"[data-draft='{slug}'] a").click(timeout=SOON)
    expect(page.locator(".event-form [name=title]")).to_have_value(title, timeout=SOON)


def desk(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/programme")
    expect(page.locator("[data-draft]")).not_to_have_count(0, timeout=SOON)


def keep(page: Page) -> None:
    page.locator(".event-form button[type=submit]").click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click(timeout=SOON)


@journey_of("EventState.save", "EventState.set_status", "EventState.duplicate", "EventState.remove")
@journey_of("EventState.cover")
def test_an_events_page_holds_that_event_whatever_was_looked_at_before(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)

    keep_the_second_of_two(page, server)
    leave_an_empty_form(page, server)
    come_back_to_a_newer_version(page, server)
    act_while_a_colleague_writes(page, server)
    act_with_something_half_written(page, server)
    take_out_what_was_seen(page, server)
    follow_addresses_that_nobody_made(page, server)


def keep_the_second_of_two(page: Page, server: DelegateServer) -> None:
    titles, before = {slug: event(server, slug).title for slug in (CATS, ASS)}, event(server, ASS)
    desk(page, server)
    tap_event(page, CATS, titles[CATS])
    page.go_back()
    tap_event(page, ASS, titles[ASS])
    page.fill("[name=ends]", "19:30")
    keep(page)
    expect(page.locator(".head [role=status]")).to_be_visible(timeout=SOON)
    after = event(server, ASS)
    assert (after.title, after.room_id, after.starts) == (before.title, before.room_id, before.starts)
    assert (after.descriptions, after.ends.hour) == (before.descriptions, 14)


def follow_addresses_that_nobody_made(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/event?slug={CATS}&slug={ASS}")
    title = event(server, ASS).title
    expect(page.locator(".event-form [name=title]")).to_have_value(title, timeout=SOON)
    page.goto(f"{server.url}/admin/event?slug={'x' * 100}")
    expect(page.locator("main .nothing")).to_be_visible(timeout=SOON)


def leave_an_empty_form(page: Page, server: DelegateServer) -> None:
    desk(page, server)
    page.locator("a.button[href='/admin/event']").click()
    expect(page.locator("[name=day]")).to_have_value("2024-02-12", timeout=SOON)
    page.fill("[name=title]", "Half an event")
    page.go_back()
    tap_event(page, SAIGA, event(server, SAIGA).title)
    expect(page.locator("[name=day]")).to_have_value("2024-02-13")
    expect(page.locator("[name=room]")).to_have_value(room_of(server, SAIGA))
    come_back_to_a_half_written_one(page)
    desk(page, server)
    tap_event(page, SAIGA, event(server, SAIGA).title)


def come_back_to_a_half_written_one(page: Page) -> None:
    title = page.locator("[name=title]")
    page.goto(page.url.partition("/admin")[0] + "/admin/event")
    expect(title).to_have_value("Half an event", timeout=SOON)
    page.locator(".back").click()
    page.locator("a.button[href='/admin/event']").click(timeout=SOON)
    expect(page.locator(".head h1")).to_be_visible(timeout=SOON)
    expect(title).to_have_value("Half an event")
    title.fill("Half another event")
    page.reload()
    expect(title).to_have_value("Half another event", timeout=SOON)


def come_back_to_a_newer_version(page: Page, server: DelegateServer) -> None:
    page.fill("[name=published]", "Half written")
    page.go_back()
    tap_event(page, CATS, event(server, CATS).title)
    expect(page.locator("[name=published]")).not_to_have_value("Half written")
    retitled(server, SAIGA, "Saigas of a colleague")
    desk(page, server)
    tap_event(page, SAIGA, "Saigas of a colleague")
    expect(page.locator("#event-form-older")).to_contain_text("Half written")
    press(page, "Discard what was typed")
    expect(page.locator("#event-form-older")).to_have_count(0)
    expect(page.locator("[name=published]")).not_to_have_value("Half written")
    keep(page)
    expect(page.locator(".head [role=status]")).to_be_visible(timeout=SOON)
    assert event(server, SAIGA).title == "Saigas of a colleague"


def act_while_a_colleague_writes(page: Page, server: DelegateServer) -> None:
    page.fill("[name=published]", "By the fountain")
    retitled(server, SAIGA, "Saigas once more")
    press(page, "Cancel it")
    told = page.locator(".proposal")
    expect(told).to_contain_text("Saigas once more", timeout=SOON)
    assert event(server, SAIGA).status == "confirmed"
    expect(page.locator("[name=published]")).to_have_value("By the fountain")
    press(page, "Take that one")
    expect(page.locator("[name=title]")).to_have_value("Saigas once more", timeout=SOON)


def act_with_something_half_written(page: Page, server: DelegateServer) -> None:
    page.fill("[name=published]", "By the pond")
    press(page, "Cancel it")
    expect(page.locator(".head .tag.stop")).to_be_visible(timeout=SOON)
    expect(page.locator("[name=published]")).to_have_value("By the pond")
    expect(page.locator("#event-form-older")).to_have_count(0)
    assert event(server, SAIGA).status == "cancelled"
    assert event(server, SAIGA).published != "By the pond"

    page.locator(".people button").first.click()
    expect(page.locator(".people button").first).to_have_attribute("aria-pressed", "true", timeout=SOON)
    assert row(server, Coverage, event=SAIGA) is not None


def take_out_what_was_seen(page: Page, server: DelegateServer) -> None:
    press(page, "Duplicate")
    expect(page).to_have_url(f"{server.url}/admin/event?slug=saigas-once-more", timeout=SOON)
    expect(page.locator("main h1")).to_have_text("Saigas once more", timeout=SOON)
    retitled(server, "saigas-once-more", "Not to be taken out")
    press(page, "Take it out")
    expect(page.locator(".proposal")).to_contain_text("Not to be taken out", timeout=SOON)
    press(page, "Take that one")
    expect(page.locator("[name=title]")).to_have_value("Not to be taken out", timeout=SOON)
    press(page, "Take it out")
    expect(page).to_have_url(f"{server.url}/admin/programme", timeout=SOON)
    assert event(server, "saigas-once-more") is None
    assert event(server, SAIGA) is not None


def room_of(server: DelegateServer, slug: str) -> str:
    found: str = row(server, Room, id=event(server, slug).room_id).slug
    return found


@journey_of("ProgrammeState.move", "ProgrammeState.into_room", "ProgrammeState.set_status")
@journey_of("ProgrammeState.remove", "ReleaseState.discard", "ReleaseState.make_release")
@journey_of("ReleaseState.bring_back")
def test_what_is_picked_is_what_was_on_the_screen(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)
    desk(page, server)

    page.locator(f"[data-draft='{CATS}'] input").click()
    page.locator(f"[data-draft='{RECOVERY}'] input").click()
    expect(page.locator(".together")).to_contain_text("2", timeout=SOON)
    page.locator("[name=q]").fill("Saiga")
    expect(page.locator(f"[data-draft='{CATS}']")).to_have_count(0, timeout=SOON)
    moved(server, CATS)  # out of sight: the list is narrowed to others
    at = event(server, RECOVERY).starts
    page.locator("[data-move='15']").click()
    told = page.locator("main .banner.stop")
    expect(told).to_contain_text("13:45–14:30", timeout=SOON)
    expect(told).to_contain_text("14:45–15:30")
    assert event(server, RECOVERY).starts == at, "all or none"
    page.locator("[data-move='15']").click()
    expect(told).to_have_count(0, timeout=SOON)
    assert (event(server, CATS).starts.hour, event(server, CATS).starts.minute) == (10, 0)

    page.locator(".together select").select_option("bukhara")
    picked = (CATS, RECOVERY)
    wait_until(lambda: {room_of(server, each) for each in picked} == {"bukhara"}, "both are in Bukhara")
    page.locator(".together").get_by_role("button", name="Cancel them").click()
    expect(page.locator(f"[data-draft='{RECOVERY}'] .tag.stop")).to_be_visible(timeout=SOON)
    assert event(server, CATS).status == "cancelled"
    page.locator(".together .stop").click()
    expect(page.locator(".together")).to_have_count(0, timeout=SOON)
    assert event(server, CATS) is None

    page.goto(f"{server.url}/admin/release")
    expect(page.locator(f"[data-change='{CATS}']")).to_be_visible(timeout=SOON)
    press(page, "Discard these changes")
    expect(page.locator("[data-change]")).to_have_count(0, timeout=SOON)
    assert event(server, CATS).title == "Cats of the Silk Road"

    moved(server, CATS)
    expect(page.locator(f"[data-change='{CATS}']")).to_be_visible(timeout=SOON)
    leave_what_a_colleague_kept_a_moment_ago(page, server)
    page.locator(".release-form button[type=submit]").click()
    expect(page.locator("main .banner.go")).to_contain_text("2", timeout=SOON)
    page.get_by_role("button", name="Bring release 1 back").click()
    expect(page.locator("main .banner.go")).to_contain_text("3", timeout=SOON)
    assert event(server, CATS).starts.hour == 8


def leave_what_a_colleague_kept_a_moment_ago(page: Page, server: DelegateServer) -> None:
    """Nobody has read what has just come: a tap meant the screen before, and those buttons are gone."""
    buttons = page.locator(".release-form button").element_handles()
    told = page.locator("main .banner.stop")
    moved(server, SAIGA)
    expect(page.locator(f"[data-change='{SAIGA}']")).to_be_visible(timeout=SOON)
    expect(told).to_contain_text("changed while you looked")
    assert [each.evaluate("node => node.isConnected") for each in buttons] == [False, False]
    assert page.locator(".release-form .rests").count() == len(buttons)


@journey_of("TeamState.add_hours", "TeamState.remove_hours", "TeamState.set_practice", "TeamState.cover")
@journey_of("CoverState.cover", "AccountsState.add_person", "AccountsState.make_link")
@journey_of("AccountsState.set_role", "AccountsState.disable", "AccountsState.enable")
def test_hours_cover_and_accounts_are_changed_as_they_were_shown(phone: Phone, serve: Serve) -> None:
    server, page = serve(), phone()
    set_up(page, server)

    change_hours(page, server)
    change_practice(page, server)
    cover_cats(page, server)
    change_an_account(page, server)


def change_hours(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/team")
    first = page.locator("section:has([name=opens])").first
    first.get_by_role("button", name="Add").click(timeout=SOON)
    expect(first.locator(".hours li")).to_contain_text("09:00–18:00", timeout=SOON)
    assert row(server, Availability).starts.hour == 4
    with colleague(server) as (db, _):  # the same number, other hours
        hours = db.exec(select(Availability)).one()
        hours.ends = hours.ends.replace(hour=7)
        db.add(hours)
    first.locator(".hours button").click()
    expect(page.locator("main .banner.stop")).to_be_visible(timeout=SOON)
    expect(first.locator(".hours li")).to_contain_text("09:00–12:00")
    first.locator(".hours button").click()
    expect(first.locator(".hours li")).to_have_count(0, timeout=SOON)
    assert row(server, Availability) is None


def change_practice(page: Page, server: DelegateServer) -> None:
    page.fill("[name=job_title]", "Saiga")
    with colleague(server) as (db, by):
        team.set_practice(db, by, by.id or 0, NOW, slot_minutes=60, buffer_minutes=0)
    expect(page.locator("[name=slot_minutes]")).to_have_value("60", timeout=SOON)
    expect(page.locator("#practice-form-older")).to_contain_text("Saiga", timeout=SOON)
    press(page, "Put what was typed into the form")
    expect(page.locator("#practice-form-older")).to_have_count(0)
    expect(page.locator("[name=job_title]")).to_have_value("Saiga")
    page.locator("#practice-form button[type=submit]").click()
    expect(page.get_by_text("Kept.")).to_be_visible(timeout=SOON)
    me = row(server, StaffMember)
    assert (me.job_title, me.slot_minutes) == ("Saiga", 60)


def cover_cats(page: Page, server: DelegateServer) -> None:
    box = page.locator("label.tick", has_text="Cats of the Silk Road").locator("input")
    box.click()
    expect(box).to_be_checked(timeout=SOON)
    assert row(server, Coverage, event=CATS) is not None
    page.goto(f"{server.url}/admin/cover")
    mine = page.locator(f"[data-cover='{CATS}'] .people button")
    expect(mine).to_have_attribute("aria-pressed", "true", timeout=SOON)
    mine.click()
    expect(mine).to_have_attribute("aria-pressed", "false", timeout=SOON)
    assert row(server, Coverage, event=CATS) is None


def change_an_account(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/accounts")
    page.fill("[name=name]", "Bolat Seitkali", timeout=SOON)
    page.fill("[name=email]", "bolat@altyndala.example")
    press(page, "Add, and make a link")
    first_link = page.locator("[name=link]").input_value(timeout=SOON)
    expect(page.locator("[name=name]")).to_have_value("")
    page.fill("[name=name]", "Bolat the second")
    page.fill("[name=email]", "bolat@altyndala.example")
    press(page, "Add, and make a link")
    expect(page.locator("main .banner.stop")).to_be_visible(timeout=SOON)
    expect(page.locator("[name=name]")).to_have_value("Bolat the second")
    bolat = page.locator(".accounts li", has_text="Bolat")
    bolat.get_by_role("button", name="Link for a new password").click()
    expect(page.locator("[name=link]")).not_to_have_value(first_link, timeout=SOON)
    with colleague(server) as (db, by):
        member = db.exec(select(StaffMember).where(StaffMember.slug == "bolat-seitkali")).one()
        staff.set_role(db, by, member, StaffRole.COORDINATOR, NOW)
    bolat.get_by_role("button", name="Disable").click()
    expect(page.locator("main .banner.stop")).to_contain_text("coordinator", timeout=SOON)
    assert row(server, StaffMember, slug="bolat-seitkali").disabled_at is None
    bolat.get_by_role("button", name="Make member").click()
    expect(bolat).to_contain_text("Member ·", timeout=SOON)
    assert row(server, StaffMember, slug="bolat-seitkali").role == "member"
    bolat.get_by_role("button", name="Disable").click()
    bolat.get_by_role("button", name="Enable").click(timeout=SOON)
    expect(page.locator("[data-account=waiting]")).to_be_visible(timeout=SOON)
    assert row(server, StaffMember, slug="bolat-seitkali").disabled_at is None


@journey_of("ConferenceState.keep", "ChannelsState.keep_mail", "ChannelsState.forget_mail")
@journey_of("ChannelsState.keep_webhook", "ChannelsState.forget_webhook", "ChannelsState.try_mail")
@journey_of("ChannelsState.try_webhook", "ChannelsState.try_mailbox", "WatchState.set_aside")
def test_settings_are_kept_over_what_was_shown_and_nothing_else(phone: Phone, serve: Serve) -> None:
    server, page = serve(COPAPP_IMAP_URL=NO_MAILBOX), phone()
    set_up(page, server)

    keep_the_conference(page, server)
    keep_and_forget_mail(page, server)
    keep_and_forget_the_channel(page, server)
    try_the_mailbox(page)
    set_a_watched_page_aside(page, server)


def keep_the_conference(page: Page, server: DelegateServer) -> None:
    page.goto(f"{server.url}/admin/settings")
    expect(page.locator("#conference-place")).not_to_have_value("", timeout=SOON)

    page.fill("#conference-retention_days", "20")
    with colleague(server) as (db, _):
        about = db.exec(select(Conference)).one()
        about.place, about.version = "Bukhara", about.version + 1
        db.add(about)
    page.locator("nav.places a[href='/admin/programme']").click()
    expect(page.locator("[data-draft]")).not_to_have_count(0, timeout=SOON)
    page.go_back()
    expect(page.locator("#conference-place")).to_have_value("Bukhara", timeout=SOON)
    expect(page.locator("#conference-form-older")).to_contain_text("20", timeout=SOON)
    press(page, "Put what was typed into the form")
    expect(page.locator("#conference-form-older")).to_have_count(0)
    page.fill("#conference-place", "Samarkand")
    page.locator("#conference-form button[type=submit]").click()
    expect(page.locator("#conference .banner.go")).to_be_visible(timeout=SOON)
    about = row(server, Conference)
    assert (about.retention_days, about.place) == (20, "Samarkand")


def keep_and_forget_mail(page: Page, server: DelegateServer) -> None:
    mail = page.locator("#mail")
    mail.locator("[name=host]").fill("127.0.0.1")
    mail.locator("[name=port]").fill("9")
    mail.locator("[name=tls]").select_option("none")
    mail.locator("[name=sender]").fill("meet@altyndala.example")
    mail.locator("button[type=submit]").click()
    expect(mail.locator(".banner.go")).to_be_visible(timeout=SOON)
    mail.get_by_role("button", name="Send").click()
    expect(page.locator("#tried-mail .banner.stop")).to_be_visible(timeout=SOON)
    with colleague(server) as (db, by):
        found = kept_mail(db)
        assert found is not None
        seen = channel_settings.mark_of(db, Channel.MAIL)
        other = MailServer("mail.example.org", 587, found.sender, found.tls, "", "")
        channel_settings.set_mail(db, by, seen, other, NOW)
    forget = mail.get_by_role("button", name="Forget")
    forget.click()
    expect(page.locator("main .banner.stop", has_text="mail.example.org")).to_contain_text(
        "127.0.0.1", timeout=SOON
    )
    with colleague(server) as (db, _):
        assert kept_mail(db) is not None
    forget.click()
    expect(forget).to_have_count(0, timeout=SOON)
    with colleague(server) as (db, _):
        assert kept_mail(db) is None


def keep_and_forget_the_channel(page: Page, server: DelegateServer) -> None:
    hook, sender = page.locator("#webhook"), page.locator("#mail [name=sender]")
    sender.fill("half@typed.example")
    hook.locator("[name=url]").fill("https://chat.invalid/hooks/1")
    hook.locator("button[type=submit]").click()
    expect(hook).to_contain_text("chat.invalid", timeout=SOON)
    expect(sender).to_have_value("half@typed.example")
    hook.get_by_role("button", name="Send").click()
    expect(page.locator("#tried-webhook .banner.stop")).to_be_visible(timeout=60_000)
    hook.get_by_role("button", name="Forget").click()
    expect(hook).not_to_contain_text("chat.invalid", timeout=SOON)
    with colleague(server) as (db, _):
        assert kept(db, WEBHOOK_KEPT) == ""


def try_the_mailbox(page: Page) -> None:
    press(page, "Look whether it opens")
    expect(page.locator("#tried-mailbox .banner.stop")).to_be_visible(timeout=SOON)


def set_a_watched_page_aside(page: Page, server: DelegateServer) -> None:
    with colleague(server) as (db, _):
        db.add(
            WatchedAddress(
                address="https://sides.invalid/",
                created_at=NOW,
                looked_at=NOW,
                free_at=NOW.replace(year=2030),
                says="one",
                content=b"Title,Date,Start\nWalk,2024-02-13,10:00\n",
            )
        )
    page.goto(f"{server.url}/admin/import")
    press(page, "Set aside")
    expect(page.locator("#watched .tag")).to_have_count(0, timeout=SOON)
    assert row(server, WatchedAddress).content is None

"""`copapp staff`: accounts of staff from the command line, where no sign-in is needed. Used by `cli.py`."""

import os
from typing import Annotated

import typer
from rich.table import Table
from sqlmodel import Session

from copapp.clock import clock
from copapp.database import writing
from copapp.i18n import catalogue
from copapp.models import StaffMember, StaffRole
from copapp.services import second_factor, staff
from copapp.services.moves import NotAllowedError
from copapp.settings import settings
from copapp.terminal import console, fail, open_database, say

app = typer.Typer(no_args_is_help=True, help="Accounts of staff.")

Email = Annotated[str, typer.Argument(help="The address that the person signs in with.")]


def set_up_link(db: Session, member: StaffMember | None) -> str:
    """Make the one-time link at which a person chooses a password."""
    address = f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '3000')}"
    token = staff.make_link(db, None, member, clock().now())
    return f"{(settings().public_url or address).rstrip('/')}/admin/set-up/{token}"


def _say_link(db: Session, member: StaffMember) -> None:
    link = set_up_link(db, member)
    say(f"{member.name} chooses a password here, once, within 24 hours:")
    if not settings().public_url:
        say("COPAPP_PUBLIC_URL is not set, so its beginning is a guess: write there where the app is served.")
    say(link)


def _find(db: Session, email: str) -> StaffMember:
    member = staff.member_by_email(db, email)
    if member is None:
        raise fail(f"Nobody has the address {email}: see `copapp staff list`.")
    return member


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The person's name, as colleagues see it.")],
    email: Email,
    *,
    coordinator: Annotated[bool, typer.Option("--coordinator", help="May edit team and settings.")] = False,
) -> None:
    """Add a person and print the one-time link to choose a password. Exit 1 if the address is taken."""
    open_database()
    role = StaffRole.COORDINATOR if coordinator else StaffRole.MEMBER
    try:
        with writing() as db:
            _say_link(db, staff.add_member(db, None, name, email, role, clock().now()))
            if not any(each.role is StaffRole.COORDINATOR for each in staff.members(db)):
                say("Nobody is a coordinator yet, who alone may add colleagues and change settings: ")
                say("add one with --coordinator. The link that `copapp serve` printed no longer works.")
    except staff.MemberError as error:
        words = catalogue("en", "staff")[f"door.{error.code}"]
        raise fail(f"{name} <{email}> cannot be added. {words}") from error


@app.command()
def reset(email: Email) -> None:
    """Print a one-time link to choose a new password; the old one works until then."""
    open_database()
    try:
        with writing() as db:
            _say_link(db, _find(db, email))
    except NotAllowedError as error:
        raise fail(f"{email} is disabled: first run `copapp staff enable {email}`.") from error


@app.command()
def disable(email: Email) -> None:
    """Take a person's account away; signed-in browsers go dark at once."""
    open_database()
    try:
        with writing() as db:
            member = _find(db, email)
            staff.disable_member(db, None, member, clock().now())
            say(f"{member.name} is disabled.")
    except staff.LastCoordinatorError as error:
        raise fail(f"{email} is the last coordinator: first add another.") from error


@app.command()
def enable(email: Email) -> None:
    """Give a person's account back, with the password it had."""
    open_database()
    with writing() as db:
        member = _find(db, email)
        staff.enable_member(db, None, member, clock().now())
        say(f"{member.name} is enabled.")


@app.command("reset-factor")
def reset_factor(email: Email) -> None:
    """Ask a person no more for codes of an authenticator app, who lost it. No-op if none were asked for."""
    open_database()
    with writing() as db:
        member = _find(db, email)
        second_factor.remove_factor(db, None, member, clock().now())
        say(f"{member.name} signs in with the password alone.")


@app.command("list")
def list_members() -> None:
    """List everybody with an account."""
    open_database()
    table = Table("Name", "Address", "Role", "State")
    with writing() as db:
        for each in staff.members(db):
            state = "disabled" if each.disabled_at else "active" if each.password_hash else "no password yet"
            table.add_row(each.name, each.email, each.role, state)
    console.print(table)

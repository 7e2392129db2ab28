"""`copapp clock`: what the machine's clock shows, and whether the app acts on it. Used by `cli.py`."""

from typing import Annotated

import typer

from copapp.clock import clock as the_clock
from copapp.database import reading, writing
from copapp.services.clock_watch import after_a_look, believe, said, said_of_jump
from copapp.terminal import open_database, say


def clock(
    *,
    confirm: Annotated[bool, typer.Option("--confirm", help="The clock is right: act on it now.")] = False,
) -> None:
    """Say what time it is, and whether a jump of the clock holds up erasing, lapsing and mail."""
    open_database()
    now = the_clock().now()
    if confirm:
        with writing() as db:
            believe(db, now)
    with reading() as db:
        mark = after_a_look(db, now)
    if jump := said_of_jump(mark, now):
        say(jump)
        say("If it is right: `copapp clock --confirm`.")
    else:
        say(f"It is {said(now)}.")

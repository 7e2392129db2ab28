"""The live state of the statistics."""

import asyncio
from zoneinfo import ZoneInfo

import reflex as rx

from copapp.clock import clock
from copapp.database import reading
from copapp.presenters.figures import FiguresView, figures_view
from copapp.presenters.programme import venue_instant
from copapp.services.figures import figures
from copapp.services.slots import the_conference
from copapp.staff.signed_in import signed_in


class FiguresState(rx.State):
    """What was counted last."""

    figures: FiguresView = FiguresView()

    @rx.event
    async def refresh(self) -> None:
        """Count everything anew."""
        await signed_in()
        self.figures = await asyncio.to_thread(_view)


def _view() -> FiguresView:
    with reading() as db:
        about = the_conference(db)
        return figures_view(figures(db), about, venue_instant(clock().now(), ZoneInfo(about.timezone)))

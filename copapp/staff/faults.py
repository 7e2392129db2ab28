"""What is logged of a fault: where it was, and nothing of what was asked or by whom."""

import logging
import traceback
from inspect import signature

from reflex_base.event import EventSpec, server_side

from copapp.staff.signed_in import NotSignedInError

logger = logging.getLogger(__name__)


def note_fault(exception: Exception) -> None:
    """Log where a handler failed, and nothing of what it was given."""
    frames = traceback.extract_tb(exception.__traceback__)[-3:]
    places = ", ".join(f"{each.name} ({each.filename.rpartition('/')[2]}:{each.lineno})" for each in frames)
    logger.error("A staff page's handler failed: %s in %s", type(exception).__name__, places)


def tell_fault(exception: Exception) -> EventSpec:
    """Log where a handler failed, and have the page say that one did (store/connection.js).

    That a session ended meanwhile is no fault: the page goes to the sign-in by itself.
    """
    if not isinstance(exception, NotSignedInError):
        note_fault(exception)
    return server_side("_failed", signature(tell_fault))


def note_page_fault(exception: Exception) -> None:
    """Log that a staff page failed in a browser, not what the browser says about it."""
    logger.error("A staff page failed in a browser: %s", type(exception).__name__)


def hush_reflex() -> None:
    """Keep Reflex from logging events with their headers and contents; `note_fault` says what matters."""
    for name in ("reflex_base.event", "reflex.app", "reflex.state", "engineio.server", "socketio.server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

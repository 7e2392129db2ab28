"""Fingers on a page, as Chromium's own protocol gives them: they scroll, pinch and tap as on a phone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Page

Point = tuple[float, float]
STEPS = 12


class Hand:
    """Up to ten fingers on one page, which must have been opened with `has_touch`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)

    def _touch(self, kind: str, fingers: Sequence[Point]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(fingers)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    @contextmanager
    def down(self, *fingers: Point) -> Iterator[None]:
        """Put fingers down; lift them at the end."""
        self._touch("touchStart", fingers)
        yield
        self._touch("touchEnd", [])

    def move(self, starts: Sequence[Point], ends: Sequence[Point]) -> None:
        """Slide fingers that are down, a frame at a time."""
        for step in range(1, STEPS + 1):
            part = step / STEPS
            self._touch(
                "touchMove",
                [
                    (x + (to_x - x) * part, y + (to_y - y) * part)
                    for (x, y), (to_x, to_y) in zip(starts, ends, strict=True)
                ],
            )
            self._page.evaluate("new Promise(requestAnimationFrame)")

    def drag(self, start: Point, end: Point) -> None:
        """Slide one finger."""
        with self.down(start):
            self.move([start], [end])

    def pinch(self, middle: Point, apart: float, to: float) -> None:
        """Slide two fingers, from so many pixels apart to so many."""
        x, y = middle
        starts, ends = ([(x - half, y), (x + half, y)] for half in (apart / 2, to / 2))
        with self.down(*starts):
            self.move(starts, ends)

    def tap(self, at: Point) -> None:
        """Touch and lift."""
        with self.down(at):
            pass

"""What a page is made of, measured before it is drawn, and how blocks are shared out between pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from copapp.interop.paper.plan import Plan
from copapp.interop.paper.sheet import Face, Sheet
from copapp.interop.paper.words import Words


@dataclass(frozen=True)
class Block:
    """What is not torn apart between pages; `again` heads a page that begins with it."""

    height: float
    draw: Callable[[float], None]
    again: "Block | None" = None
    is_heading: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Lines of one face under one tag, with space after them."""

    tag: str
    lines: list[str]
    face: Face
    after: float = 0

    @property
    def height(self) -> float:
        """Give the height with the space after."""
        return self.face.leading * len(self.lines) + self.after


@dataclass(frozen=True)
class Setting:
    """A release on a sheet, in one language and one size of type; the plan is None where none is known."""

    sheet: Sheet
    words: Words
    programme: dict[str, Any]
    plan: Plan | None
    address: str
    scale: float

    @property
    def numbers(self) -> dict[str, int]:
        """Give the rooms' numbers on the plan, none without one."""
        return self.plan.numbers if self.plan else {}

    def paragraph(self, tag: str, text: str, face: Face, width: float, after: float = 0) -> Paragraph:
        """Break a text into lines, all in the size of this setting."""
        scaled = face.scaled(self.scale)
        return Paragraph(tag, self.sheet.balanced(text, scaled, width), scaled, after * self.scale)

    def stack(self, x: float, paragraphs: list[Paragraph]) -> Block:
        """Put paragraphs under each other."""

        def draw(top: float) -> None:
            for each in paragraphs:
                with self.sheet.tagged(each.tag):
                    self.sheet.say_lines(x, top, each.lines, each.face)
                top += each.height

        return Block(sum(each.height for each in paragraphs), draw)


def shared_out(blocks: list[Block], room: float, head: Block) -> list[list[Block]]:
    """Share blocks out between pages: no heading ends one, and each after the first begins with `head`."""
    pages: list[list[Block]] = [[]]
    left = room
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        needed = block.height + (following.height if block.is_heading and following else 0)
        if needed > left and pages[-1]:
            pages.append([head, block.again] if block.again else [head])
            left = room - sum(each.height for each in pages[-1])
        pages[-1].append(block)
        left -= block.height
    return pages

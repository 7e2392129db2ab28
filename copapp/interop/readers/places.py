"""Which part of a line or a location is the room, and which the site: by known names, else by position."""

from difflib import get_close_matches

from copapp.domain.alike import place_form, words
from copapp.interop.readers.frame import Frame

_ROOM_WORDS = {"room", "salle", "sala", "зал", "hall", "auditorium", "комната", "аудитория"}  # Russian
_LONGEST_NAME = 3
_ALIKE = 0.85


class Places:
    """The names of one conference."""

    def __init__(self, frame: Frame) -> None:
        self.rooms: dict[str, list[tuple[str, str]]] = {}
        for room, site in frame.rooms:
            self.rooms.setdefault(place_form(room), []).append((room, site))
        self.sites = {place_form(site): site for site in (*frame.sites, *(site for _, site in frame.rooms))}
        self.place = place_form(frame.place)

    def named(self, room: str, site: str = "") -> tuple[str, str]:
        """Give room and site as they are called here; a known room brings its site, where it has only one."""
        site = self.sites.get(place_form(site), site)
        found = self.rooms.get(place_form(room), [])
        for each in found:
            if site in ("", each[1]):
                return each if len(found) == 1 or site else (each[0], "")
        return room, site

    def of_room(self, text: str) -> tuple[str, str]:
        """Give room and site of a room's name, which may hold a known site after a comma."""
        if place_form(text) in self.rooms:
            return self.named(text)
        left, room, site = self._known(_parts(text))
        return (room, site) if room and not left else self.named(text)

    def of_location(self, text: str) -> tuple[str, str]:
        """Give room and site of a location, such as "Room 1, Hall 2, Lisboa, Portugal"."""
        parts = _parts(text)
        if place_form(text) in self.rooms or len(parts) <= 1:
            return self.named(text)
        parts = self._without_place(parts)
        left, room, site = self.of_line([*parts], title=0)
        return (text, "") if left else (room, site)

    def of_line(self, parts: list[str], title: int = 1) -> tuple[list[str], str, str]:
        """Take room and site from the end of a line's parts; at least `title` parts stay."""
        head, tail = parts[:title], parts[title:]
        left, room, site = self._known(tail)
        if not (room or site):
            left, room, site = self._by_position(left, is_room_first=not title)
        elif not room and left:
            left, room = left[:-1], left[-1]
        elif not site:
            left, site = self._misspelt_site(left)
        return [*head, *left], *self.named(room, site)

    def _known(self, parts: list[str]) -> tuple[list[str], str, str]:
        """Take known names from the end; a name may itself hold commas."""
        left, room, site = parts, "", ""
        while left:
            for count in range(min(_LONGEST_NAME, len(left)), 0, -1):
                name = ", ".join(left[-count:])
                if not room and place_form(name) in self.rooms:
                    left, room = left[:-count], name
                    break
                if not site and place_form(name) in self.sites:
                    left, site = left[:-count], name
                    break
            else:
                break
        return left, room, site

    def _by_position(self, parts: list[str], *, is_room_first: bool) -> tuple[list[str], str, str]:
        if not parts:
            return [], "", ""
        if len(parts) == 1:
            return [], parts[0], ""
        *left, first, second = parts
        if self._is_room(first) == self._is_room(second):
            return (left, first, second) if is_room_first else (left, second, first)
        return (left, first, second) if self._is_room(first) else (left, second, first)

    def _is_room(self, name: str) -> bool:
        form = place_form(name)
        return form in self.rooms or (form not in self.sites and not _ROOM_WORDS.isdisjoint(words(name)))

    def _misspelt_site(self, parts: list[str]) -> tuple[list[str], str]:
        close = get_close_matches(place_form(parts[-1]), self.sites, n=1, cutoff=_ALIKE) if parts else []
        return (parts[:-1], self.sites[close[0]]) if close else (parts, "")

    def _without_place(self, parts: list[str]) -> list[str]:
        """Take the conference's place, which a calendar writes after room and site, from the end."""
        for count in range(1, len(parts)):
            if place_form(", ".join(parts[-count:])) == self.place:
                return parts[:-count]
        return parts


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]

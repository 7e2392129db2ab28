"""Programme files that mean harm, or are broken badly: each with the name of what is wrong with it."""

import json
import random
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

FULL = 9_999_000
_EVENT = {"title": "Cats", "date": "2024-02-12T13:45:00+05:00", "duration": "00:45", "guid": "g"}
_SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/xl/worksheets/b.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))

SLOW = {
    "lines of dashes",
    "lines of commas",
    "lines of near days",
    "Excel: many shared texts",
    "Excel: one row of many cells",
    "Excel: many empty rows",
}
"""Those that keep a processor busy for a second or two."""


def hostile_files() -> dict[str, bytes]:
    """Give all of them; the same each time."""
    return {
        **dict(_texts()),
        **dict(_json()),
        **dict(_xml()),
        **dict(_calendars()),
        **dict(_tables()),
        **dict(_workbooks()),
    }


def _full(piece: str, before: str = "", after: str = "") -> bytes:
    """Repeat a piece until the file is as large as one may be."""
    room = FULL - len(before) - len(after)
    return (before + piece * (room // len(piece)) + after).encode()


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "too large", b"x" * 10_000_001
    yield "NUL alone", b"\0" * 1_000_000
    yield "noise", random.Random(5).randbytes(2_000_000)
    yield "one endless line", _full("a, ", "Monday 12th\n* ")
    yield "one endless line of times", _full("13:45 - ", "Monday 12th\n* ")
    yield "endless bullets", _full("*\n", "Monday 12th\n")
    yield "endless days", _full("Monday 12th\n")
    yield "endless broken items", _full("* a\nb\n", "Monday 12th\n")
    yield "endless events of a page", _full("* Cats, A, B, 13:45\n", "Monday 12th\n")
    yield "endless commas", _full(",", "Monday 12th\n* ", ", 13:45")
    yield "endless spaces", _full(" ", "Monday 12th\n* a", "13:45")
    yield "lines of dashes", _full("* " + "-" * 1_990 + "\n", "Monday 12th\n")
    yield "lines of brackets", _full("* " + "( " * 990 + "\n", "Monday 12th\n")
    yield "lines of commas", _full("* " + "a," * 990 + "9:00\n", "Monday 12th\n")
    yield "lines of near days", _full("12 " * 19 + "\n", "Monday 12th\n" + "a\n" * 10)[:900_000]
    yield (
        "half a surrogate, and order turned around",
        "Monday 12th\n* a\ud800\u202eb, A, B, 13:45".encode("utf-8", "surrogatepass"),
    )
    yield "HTML: tags never closed", _full("<b><i><li>", "<p>Monday 12th</p>")
    yield "HTML: deep", _full("<div>", "<p>Monday 12th</p>")
    yield "HTML: comments never closed", _full("<!--", "<p>Monday 12th</p>")
    yield "HTML: a tag of attributes", _full("a=b ", "<p>Monday 12th</p><li ", ">Cats</li>")
    yield "HTML: entities", _full("&amp;&#x1F431;&notin;", "<p>Monday 12th</p><li>")
    yield "HTML: less than", _full("< ", "<p>Monday 12th</p><li>")


def _json() -> Iterator[tuple[str, bytes]]:
    yield "JSON: deep lists", _full("[", '{"schedule":')
    yield "JSON: deep objects", b'{"a":' * 100_000
    yield "JSON: deep and whole", b"[" * 100_000 + b"]" * 100_000
    yield "JSON: empty lists", _full("[],", '{"schedule":{"conference":{"days":[', "1]}}}")
    yield "JSON: numbers", _full("1.5,", '{"schedule":{"conference":{"days":[', "1]}}}")
    yield "JSON: an endless number", _full("9", '{"schedule":{"events":[', "]}}")
    yield "JSON: events of nothing", _full("1,", '{"schedule":{"events":[', "1]}}")
    yield (
        "JSON: an endless title",
        _full("\\u0041", '{"schedule":{"events":[{"title":"', '","start":"2024-02-12T13:45"}]}}'),
    )
    many = [{**_EVENT, "guid": f"{n}", "title": f"Cats {n}"} for n in range(20_000)]
    yield "JSON: too many events", json.dumps({"schedule": {"events": many}}).encode()
    values: list[object] = [None, True, 1e999, -1, [], {}, [[]], "\0", "\ud800", "9" * 5_000]
    odd = [{**_EVENT, key: value} for key in _EVENT for value in values]
    yield "JSON: wrong types", json.dumps({"schedule": {"events": odd, "conference": []}}).encode()
    yield (
        "JSON: wrong types above",
        json.dumps(
            {
                "schedule": {
                    "conference": {
                        "days": [{"rooms": {"A": 1}}, 1, None, {"rooms": []}],
                        "rooms": {},
                        "time_zone_name": ["x"],
                    }
                }
            }
        ).encode(),
    )
    dates = [
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        "2024-02-12T13:45:00+99:99",
        "2024-13-45",
        "٢٠٢٤",
    ]
    yield (
        "JSON: dates that are none",
        json.dumps(
            {"schedule": {"events": [{"title": "a", "start": each, "end": each} for each in dates]}}
        ).encode(),
    )


def _xml() -> Iterator[tuple[str, bytes]]:
    yield (
        "XML: a billion laughs",
        f'<!DOCTYPE schedule [<!ENTITY e0 "ha">{_ENTITIES}]><schedule>&e9;</schedule>'.encode(),
    )
    yield (
        "XML: one large entity",
        f'<!DOCTYPE schedule [<!ENTITY e "{"a" * 50_000}">]><schedule>{"&e;" * 50_000}</schedule>'.encode(),
    )
    yield (
        "XML: a file of ours",
        b'<!DOCTYPE schedule [<!ENTITY e SYSTEM "file:///etc/passwd">]><schedule><version>&e;</version></schedule>',
    )
    yield (
        "XML: an address",
        b'<!DOCTYPE schedule SYSTEM "http://127.0.0.1:9/x.dtd"><schedule><day><room><event/></room></day></schedule>',
    )
    yield "XML: deep", _full("<a>", "<schedule>")
    yield "XML: deep and whole", b"<schedule>" + b"<a>" * 250_000 + b"</a>" * 250_000 + b"</schedule>"
    yield "XML: many tags", _full("<a/>", "<schedule>", "</schedule>")
    yield (
        "XML: many attributes",
        ("<schedule " + " ".join(f'a{n}=""' for n in range(400_000)) + "/>").encode(),
    )
    yield "XML: an endless attribute", _full("&amp;", '<schedule a="', '"/>')
    yield "XML: half a document", b"<schedule><day><room><event><title>Cats"
    yield "XML: events of nothing", _full("<event/>", "<schedule><day><room>", "</room></day></schedule>")


def _calendars() -> Iterator[tuple[str, bytes]]:
    head = "BEGIN:VCALENDAR\n"
    a_day = "BEGIN:VEVENT\nUID:{0}\nSUMMARY:Cats {0}\nDTSTART:20230301T090000\nRRULE:FREQ={1}\nEND:VEVENT\n"
    yield "iCalendar: every second", (head + a_day.format("a", "SECONDLY")).encode()
    yield (
        "iCalendar: never, for ever",
        (head + a_day.format("a", "YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9")).encode(),
    )
    yield (
        "iCalendar: repeated by thousands",
        (head + "".join(a_day.format(n, "DAILY") for n in range(4_900))).encode(),
    )
    yield (
        "iCalendar: too many events",
        (head + "".join(a_day.format(n, "DAILY") for n in range(9_000))).encode(),
    )
    yield "iCalendar: deep", _full("BEGIN:VEVENT\n", head)
    yield "iCalendar: nested", _full("BEGIN:VALARM\n", head + "BEGIN:VEVENT\n")
    yield "iCalendar: folded without end", _full("\n a", head + "BEGIN:VEVENT\nSUMMARY:")
    yield (
        "iCalendar: endless exceptions",
        _full(
            ",20240213T090000",
            head + a_day.format("a", "DAILY").replace("END:VEVENT", "EXDATE:20240212T090000"),
            "\nEND:VEVENT",
        ),
    )
    yield "iCalendar: one property many times", _full("SUMMARY:a\n", head + "BEGIN:VEVENT\n")
    zone = (
        "BEGIN:VTIMEZONE\nTZID:{0}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n"
        "TZOFFSETTO:+0200\nRRULE:FREQ={1}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    used = "BEGIN:VEVENT\nSUMMARY:Cats\nDTSTART;TZID={0}:20240212T090000\nEND:VEVENT\n"
    yield (
        "iCalendar: a zone that changes each second",
        (head + zone.format("x", "SECONDLY") + used.format("x")).encode(),
    )
    yield (
        "iCalendar: thousands of zones",
        (
            head + "".join(zone.format(f"z{n}", "YEARLY") + used.format(f"z{n}") for n in range(4_000))
        ).encode(),
    )


def _tables() -> Iterator[tuple[str, bytes]]:
    head = "Title,Date,Start\n"
    yield "CSV: a quote never closed", _full("a", head + '"')
    yield "CSV: endless columns", _full(",", "Title,Date,Start")
    yield "CSV: endless rows of nothing", _full(",\n", head)
    yield "CSV: endless notes", _full("a\n", head)
    yield (
        "CSV: too many events",
        (head + "".join(f"Cats {n},2024-02-12,13:45\n" for n in range(9_000))).encode(),
    )
    yield "CSV: endless broken rows", (head + "Cats,when,when\n" * 19_000).encode()
    yield "CSV: large cells", _full("a" * 100_000 + "," + "-" * 100_000 + "\n", head)
    yield "CSV: quotes alone", _full('"', head)


def _workbooks() -> Iterator[tuple[str, bytes]]:
    yield "Excel: a bomb", _workbook("xl/worksheets/sheet1.xml", b"<a>" + b" " * 300_000_000)
    yield (
        "Excel: a bomb of cells",
        _workbook("xl/worksheets/sheet1.xml", _sheet(b"<row>" + b"<c><v>1</v></c>" * 1_200_000 + b"</row>")),
    )
    yield (
        "Excel: one row of many cells",
        _workbook("xl/worksheets/sheet1.xml", _sheet(b"<row>" + b"<c><v>1</v></c>" * 95_000 + b"</row>")),
    )
    yield "Excel: many empty rows", _workbook("xl/worksheets/sheet1.xml", _sheet(b"<row/>" * 390_000))
    yield (
        "Excel: many shared texts",
        _workbook(
            "xl/sharedStrings.xml",
            _root(b"sst") + b"<si/>" * 390_000 + b"</sst>",
        ),
    )
    yield (
        "Excel: many styles",
        _workbook(
            "xl/styles.xml",
            _root(b"styleSheet") + b"<cellXfs>" + b"<xf/>" * 19_000 + b"</cellXfs></styleSheet>",
        ),
    )
    yield (
        "Excel: more styles",
        _workbook(
            "xl/styles.xml",
            _root(b"styleSheet") + b"<cellXfs>" + b"<xf/>" * 590_000 + b"</cellXfs></styleSheet>",
        ),
    )
    yield (
        "Excel: a workbook named as a sheet",
        _zip(
            {
                "[Content_Types].xml": _TYPES,
                "xl/worksheets/b.xml": _root(b"workbook")
                + b"<definedNames>"
                + b"<definedName name='a'/>" * 390_000
                + b"</definedNames></workbook>",
            }
        ),
    )
    yield (
        "Excel: the last cell there is",
        _workbook(
            "xl/worksheets/sheet1.xml", _sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
        ),
    )
    yield (
        "Excel: a number without end",
        _workbook("xl/worksheets/sheet1.xml", _sheet(b"<row><c><v>" + b"9" * 1_000_000 + b"</v></c></row>")),
    )
    yield (
        "Excel: entities",
        _workbook("xl/workbook.xml", f'<!DOCTYPE a [<!ENTITY e0 "ha">{_ENTITIES}]><a>&e9;</a>'.encode()),
    )
    yield "Excel: thousands of parts", _zip({f"xl/{n}.xml": b"" for n in range(20_000)})
    yield "Excel: no workbook", _zip({"readme.txt": b"hello"})
    yield "Excel: cut off", _workbook("xl/x.xml", b"")[:-200]
    yield "Excel: a zip in a zip", _zip({"xl/workbook.xml": _zip({"a": b"0" * 10_000_000})})


def _root(tag: bytes) -> bytes:
    return b"<" + tag + b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def _sheet(rows: bytes) -> bytes:
    return _root(b"worksheet") + b"<sheetData>" + rows + b"</sheetData></worksheet>"


def _workbook(part: str, content: bytes) -> bytes:
    """Give a workbook of one sheet, a part of which is replaced."""
    book = Workbook()
    book.active.append(["Title", "Date", "Start"])
    file = BytesIO()
    book.save(file)
    with ZipFile(file) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    parts["xl/sharedStrings.xml"] = b"<sst/>"
    types = "[Content_Types].xml"
    parts[types] = parts[types].replace(b"</Types>", _SHARED + b"</Types>")
    return _zip({**parts, part: content})


def _zip(parts: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()

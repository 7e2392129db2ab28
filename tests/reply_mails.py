"""Answers of calendar programs, in the shapes in which they send them."""

from base64 import b64encode
from datetime import UTC, datetime

STAMP = datetime(2024, 2, 12, 6, 0, tzinfo=UTC)


def reply(
    uid: str,
    partstat: str = "ACCEPTED",
    attendee: str = "dana@ministry.example",
    *,
    sequence: int | None = 0,
    stamp: datetime = STAMP,
    method: str = "REPLY",
    more: tuple[str, ...] = (),
) -> bytes:
    """Write a reply by the table of RFC 5546, 3.2.3; `more` are lines of the event."""
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Somebody//Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{attendee}",
        "ORGANIZER:mailto:meetings@altyndala.example",
        f"UID:{uid}",
        *([] if sequence is None else [f"SEQUENCE:{sequence}"]),
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        *more,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def mailed(calendar: bytes, sender: str = "Dana <dana@ministry.example>", number: int = 1) -> bytes:
    """Put a reply into a mail, as Outlook does: one part, in base64."""
    head = f"From: {sender}\r\nTo: meetings@altyndala.example\r\nSubject: Accepted\r\n"
    kind = 'MIME-Version: 1.0\r\nContent-Type: text/calendar; charset="utf-8"; method=REPLY\r\n'
    rest = f"Message-ID: <{number}@ministry.example>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return (head + kind + rest).encode() + b64encode(calendar) + b"\r\n"


def shapes(uid: str) -> dict[str, bytes]:
    """Give one acceptance as each of four programs mails it, folded and quoted as they do."""
    google = (
        "From: =?UTF-8?Q?Dana_Om=C3=A1r?= <Dana@ministry.example>\n"
        "Sender: Google Calendar <calendar-notification@google.com>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="outer"\n\n'
        '--outer\nContent-Type: multipart/alternative; boundary="inner"\n\n'
        "--inner\nContent-Type: text/plain; charset=UTF-8\n\nDana has accepted this invitation.\n"
        "--inner\nContent-Type: text/html; charset=UTF-8\n\n<p>Dana has accepted</p>\n"
        "--inner\nContent-Type: text/calendar; charset=UTF-8; method=REPLY\n"
        "Content-Transfer-Encoding: 7bit\n\n{calendar}\n--inner--\n"
        '--outer\nContent-Type: application/ics; name="invite.ics"\n'
        'Content-Disposition: attachment; filename="invite.ics"\nContent-Transfer-Encoding: base64\n\n'
        "{encoded}\n--outer--\n"
    )
    google_calendar = (
        "BEGIN:VCALENDAR\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\nVERSION:2.0\n"
        "CALSCALE:GREGORIAN\nMETHOD:REPLY\nBEGIN:VEVENT\nDTSTART:20240213T050000Z\nDTEND:20240213T053000Z\n"
        "DTSTAMP:20240212T060000Z\nORGANIZER;CN=Altyn Dala:mailto:meetings@altyndala.example\n"
        f"UID:{uid}\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=dana@m\n"
        " inistry.example;X-NUM-GUESTS=0:mailto:dana@ministry.example\nCREATED:20240212T055900Z\n"
        "DESCRIPTION:\nLAST-MODIFIED:20240212T060000Z\nLOCATION:Room Ferghana\nSEQUENCE:0\n"
        "STATUS:CONFIRMED\nSUMMARY:Meeting\nTRANSP:OPAQUE\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    outlook_calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\n"
        "BEGIN:VTIMEZONE\r\nTZID:West Asia Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Dana:MAILTO:dana@ministry.example\r\n"
        f"COMMENT;LANGUAGE=en-US:\\n\r\nUID:{uid}\r\nSUMMARY;LANGUAGE=en-US:Accepted: Meeting\r\n"
        "DTSTART;TZID=West Asia Standard Time:20240213T100000\r\n"
        "DTEND;TZID=West Asia Standard Time:20240213T103000\r\nCLASS:PUBLIC\r\nPRIORITY:5\r\n"
        "DTSTAMP:20240212T060000Z\r\nTRANSP:OPAQUE\r\nSTATUS:CONFIRMED\r\nSEQUENCE:0\r\n"
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    apple = (
        "From: Dana <dana@ministry.example>\nContent-Type: multipart/alternative; boundary=b\n"
        "Mime-Version: 1.0 (Mac OS X Mail 16.0)\n\n--b\nContent-Transfer-Encoding: 7bit\n"
        "Content-Type: text/plain; charset=us-ascii\n\nDana accepted your invitation.\n\n--b\n"
        "Content-Transfer-Encoding: quoted-printable\n"
        "Content-Type: text/calendar; charset=utf-8; method=REPLY; name=invitation.ics\n\n{quoted}\n--b--\n"
    )
    plain = reply(uid, more=("DTSTART:20240213T050000Z", "REQUEST-STATUS:2.0;Success"))
    quoted = plain.decode().replace("=", "=3D").replace("\r\n", "\n")
    thunderbird = (
        "From: dana@ministry.example\nContent-Type: multipart/mixed; boundary=t\n\n--t\n"
        "Content-Type: multipart/alternative; boundary=u\n\n--u\nContent-Type: text/plain\n\nDana\n"
        "--u\nContent-Type: text/calendar; method=REPLY; charset=UTF-8\n\n{calendar}\n--u--\n--t--\n"
    )
    encoded = b64encode(google_calendar.encode()).decode()
    return {
        "google": google.format(calendar=google_calendar, encoded=encoded).encode(),
        "outlook": mailed(outlook_calendar.encode()),
        "apple": apple.format(quoted=quoted).encode(),
        "thunderbird": thunderbird.format(calendar=reply(uid, sequence=None).decode()).encode(),
        "a file alone": b"\xef\xbb\xbf" + plain,
    }


def hostile_replies(uid: str) -> dict[str, bytes]:
    """Give what means harm, or is broken, each with a name; none of it is an answer."""
    good = reply(uid)
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    )
    parts = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 20_000
    forwarded = b"Content-Type: message/rfc822\r\n\r\n"
    from_dana = b"From: dana@ministry.example\r\n"
    return {
        "nothing": b"",
        "noise": bytes(range(256)) * 300,
        "too large": b"BEGIN:VCALENDAR\r\n" + b"X" * 1_000_001,
        "a large calendar": good.replace(b"END:VEVENT", b"X-A:b\r\n" * 20_000 + b"END:VEVENT"),
        "deep parts": from_dana + nested,
        "many parts": from_dana + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts,
        "a forwarded answer": from_dana + forwarded + mailed(good),
        "broken base64": mailed(b"").replace(b"\r\n\r\n", b"\r\n\r\n=A=B=C\xff"),
        "headers of rubbish": b"From: \xff\xfe<<@>>,;:\r\nContent-Type: text/calendar; x*0*=\xff; =;\r\n\r\n"
        + good.replace(b"METHOD", b"\xff"),
        "events without end": reply(uid).replace(b"END:VEVENT", b"BEGIN:VEVENT\r\n" * 3_000),
        "two events": reply(uid).replace(b"END:VEVENT\r\n", b"END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n"),
        "two attendees": reply(uid, more=("ATTENDEE;PARTSTAT=ACCEPTED:mailto:canary@evil.example",)),
        "no attendee": good.replace(b"ATTENDEE", b"X-ATTENDEE"),
        "an attendee of no address": good.replace(b"mailto:dana", b"tel:dana"),
        "two UIDs": reply(uid, more=("UID:x",)),
        "no UID": good.replace(b"\r\nUID:", b"\r\nX-UID:"),
        "no stamp": good.replace(b"DTSTAMP", b"X-STAMP"),
        "a stamp that is no day": good.replace(b"20240212T", b"20241372T"),
        "an endless sequence": reply(uid).replace(b"SEQUENCE:0", b"SEQUENCE:" + b"9" * 5000),
        "a negative sequence": reply(uid, sequence=-1),
        "Arabic digits": good.replace(b"SEQUENCE:0", "SEQUENCE:\u0660".encode()),
        "no answer": reply(uid, "NEEDS-ACTION"),
        "an odd answer": reply(uid, "COUNTER"),
        "refused by its program": reply(uid, more=("REQUEST-STATUS:3.7;Invalid calendar user",)),
        "one day of many": reply(uid, more=("RECURRENCE-ID:20240213T050000Z",)),
        "an invitation": reply(uid, method="REQUEST"),
        "no method": good.replace(b"METHOD:REPLY\r\n", b""),
    }

"""Answers of calendar programs as staff see them: what is unclear, and what somebody pastes."""

import imaplib
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import delete, select

from copapp.models import MailboxMark, MeetingRequest
from tests.browser.acts import journey_of
from tests.browser.conftest import Phone, Serve
from tests.browser.server import DelegateServer
from tests.browser.staff import set_up
from tests.browser.test_inbox import SOON, accept, as_staff, asked, changing
from tests.reply_mails import mailed, reply
from tests.services import ImapServer

pytestmark = pytest.mark.browser

USER = "journey@altyndala.example"
LATER = 20_000


def arrives(server: DelegateServer, imap: ImapServer, mail: bytes) -> None:
    """Put a mail into the mailbox, and let the next look be now instead of in a minute."""
    signed_in = imap.open(USER)
    signed_in.append("INBOX", "", imaplib.Time2Internaldate(0), mail)
    signed_in.logout()
    with changing(server) as db:
        db.exec(delete(MailboxMark))


def dana(server: DelegateServer) -> MeetingRequest:
    with changing(server) as db:
        found = db.exec(select(MeetingRequest).where(MeetingRequest.name == "Dana")).one()
        db.expunge(found)
        return found


def give(page: Page, words: str) -> None:
    page.locator(".plan-form button[type=submit]").click()
    expect(page.locator("main .banner")).to_contain_text(words, timeout=SOON)


@journey_of("InboxState.saw_reply", "RepliesState.follow")
def test_answers_that_are_unclear_and_answers_that_somebody_was_given(
    phone: Phone, serve: Serve, imap: ImapServer, tmp_path: Path
) -> None:
    server = serve(
        COPAPP_IMAP_URL=f"imaps://{quote(USER)}:right@localhost:{imap.port}/INBOX",
        SSL_CERT_FILE=str(imap.certificate),
    )
    page = phone()
    set_up(page, server)
    asked(server, "Dana")
    as_staff(server, accept, "Dana")
    uid = dana(server).uid

    arrives(server, imap, mailed(reply(uid, "TENTATIVE")))
    answers = page.locator("#answers li")
    expect(answers).to_have_count(1, timeout=LATER)
    expect(answers).to_contain_text("The delegate says perhaps.")
    assert Axe().run(page).response["violations"] == []
    answers.locator("button").click()
    expect(page.locator("#answers")).to_have_count(0, timeout=SOON)

    page.locator("a[href='/admin/replies']").click()
    page.fill("#reply-text", "Yes, gladly!")
    give(page, "There is no calendar’s answer in it.")
    expect(page.locator("#reply-text")).to_have_value("Yes, gladly!")
    mail = tmp_path / "answer.eml"
    mail.write_bytes(mailed(reply(uid, "DECLINED")))
    page.set_input_files("#reply-file", mail)
    give(page, "the meeting is cancelled")
    give(page, "This answer came before")
    assert Axe().run(page).response["violations"] == []
    assert dana(server).status == "cancelled"

    page.locator("a", has_text="Open the request").click()
    expect(page.locator("article.request")).to_contain_text("The delegate cancelled", timeout=SOON)

"""What the environment sets (`COPAPP_…`). Any room may use it."""

import re
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from copapp.database_address import database_address, database_file
from copapp.fetch_allow import FetchAllow, fetch_allow
from copapp.mail_server import MailServer, is_address, mail_server
from copapp.proxies import spellings, trusted_networks
from copapp.reply_mailbox import ReplyMailbox, reply_mailbox

# All pages stand at the root of their host.
_OWN_ADDRESS = re.compile(r"https?://(\[[0-9a-f:.]+\]|[^\s/?#@:%\[\]\\<>\"]+)(:\d{1,5})?/*", re.IGNORECASE)
DATA = Path(__file__).parent / "data"


class Settings(BaseSettings):
    """The environment of one process; an empty variable counts as unset."""

    model_config = SettingsConfigDict(
        env_prefix="COPAPP_", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: str = "sqlite:///./var/copapp.db"
    sites: Path = Field(default=Path("var/site"), description="where drawn pages are kept")
    backups: Path | None = Field(
        default=None, description="where a copy is kept for a day before the date erases anything"
    )
    public_url: str = ""
    public_url_assumed: bool = Field(
        default=False, description="public_url is only where it listens; set by `copapp serve`"
    )
    trusted_proxies: str = Field(
        default="127.0.0.1, ::1",
        description="addresses and networks whose X-Forwarded-For is believed; none: nobody's",
    )
    secret_key: str = Field(
        default="",
        description="makes the tokens of requests; without it one is made and kept in the database",
    )
    redis_url: str = Field(
        default="", description="carries staff's states between workers; needed for several"
    )
    conference: str = Field(default="cop14", description="a folder under copapp/data, or the path of one")
    worker: Literal["on", "off"] = Field(default="on", description="off: installed workers remove themselves")
    mail_from: str = Field(default="", description="the address mail comes from, unless smtp_url says it")
    smtp_url: str = Field(default="", description="smtp://user:password@host:port?from=…; empty: mail waits")
    imap_url: str = Field(
        default="",
        description="imaps://user:password@host/INBOX?address=…, where answers to invitations arrive",
    )
    webhook_url: str = Field(default="", description="where the staff's channel takes messages; may be empty")
    fetch_allow: str = Field(
        default="", description="hosts, host:port and networks that an import may reach although private"
    )
    now: AwareDatetime | None = None
    clock_started: float | None = Field(
        default=None,
        description="seconds since 1970 at which the preview's clock started; set by `copapp serve`",
    )

    @property
    def shared_url(self) -> str:
        """Give the address that goes into mail and onto paper; "" where nobody has said it."""
        return "" if self.public_url_assumed else self.public_url

    @property
    def safety_copies(self) -> Path:
        """Give the folder of copies: beside SQLite's file, unless another is set."""
        if self.backups:
            return self.backups
        file = database_file(database_address(self.database_url))
        return (file.parent if file else Path("var")) / "before-erasing"

    @property
    def proxies(self) -> list[str]:
        """Give the networks that are believed, in the spelling of a socket for both families too."""
        return [spelling for each in trusted_networks(self.trusted_proxies) for spelling in spellings(each)]

    @field_validator("public_url")
    @classmethod
    def _is_own_address(cls, given: str) -> str:
        if given and not _OWN_ADDRESS.fullmatch(given):
            raise ValueError("write scheme and host, without a path: https://meet.example.org")
        return given.rstrip("/").lower()

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, given: str) -> str:
        database_address(given)
        return given

    @field_validator("trusted_proxies")
    @classmethod
    def _is_list_of_proxies(cls, given: str) -> str:
        trusted_networks(given)
        return given

    @property
    def mail_server(self) -> MailServer | None:
        """Give the mail server, if one is set."""
        return mail_server(self.smtp_url, self.mail_from) if self.smtp_url else None

    @field_validator("mail_from")
    @classmethod
    def _is_address(cls, given: str) -> str:
        if given and not is_address(given):
            raise ValueError("write one bare address: meetings@example.org")
        return given

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, given: str, info: ValidationInfo) -> str:
        if given:
            mail_server(given, info.data.get("mail_from", ""))
        return given

    @property
    def reply_mailbox(self) -> ReplyMailbox | None:
        """Give the mailbox of replies, if one is set."""
        return reply_mailbox(self.imap_url, self.mail_from) if self.imap_url else None

    @field_validator("imap_url")
    @classmethod
    def _is_mailbox(cls, given: str, info: ValidationInfo) -> str:
        if given:
            reply_mailbox(given, info.data.get("mail_from", ""))
        return given

    @property
    def fetch_allowed(self) -> FetchAllow:
        """Give what an import may reach although it is private."""
        return fetch_allow(self.fetch_allow)

    @field_validator("fetch_allow")
    @classmethod
    def _is_allow_list(cls, given: str) -> str:
        fetch_allow(given)
        return given

    @field_validator("webhook_url")
    @classmethod
    def _is_web_address(cls, given: str) -> str:
        if given and not (urlsplit(given).scheme in {"http", "https"} and urlsplit(given).hostname):
            raise ValueError("write a whole address: https://chat.example.org/hooks/…")
        return given

    @property
    def conference_folder(self) -> Path:
        """Give the data folder of the conference; it need not exist."""
        return DATA / self.conference if (DATA / self.conference).is_dir() else Path(self.conference)


@cache
def settings() -> Settings:
    """Read the environment once."""
    return Settings()

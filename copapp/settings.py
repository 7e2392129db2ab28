"""What the environment sets (`COPAPP_…`). Any room may use it."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DATA = Path(__file__).parent / "data"


class Settings(BaseSettings):
    """The environment of one process; an empty variable counts as unset."""

    model_config = SettingsConfigDict(env_prefix="COPAPP_", env_ignore_empty=True, extra="ignore")

    database_url: str = "sqlite:///./var/copapp.db"
    sites: Path = Field(default=Path("var/site"), description="where drawn pages are kept")
    public_url: str = ""
    secret_key: str = Field(
        default="", description="makes the tokens of requests; without it one is made and kept in the database"
    )
    conference: str = Field(default="cop14", description="a folder under copapp/data, or the path of one")
    worker: Literal["on", "off"] = Field(default="on", description="off: installed workers remove themselves")
    now: AwareDatetime | None = None
    clock_started: float | None = Field(
        default=None,
        description="seconds since 1970 at which the preview's clock started; set by `copapp serve`",
    )

    @property
    def conference_folder(self) -> Path:
        """Give the data folder of the conference; it need not exist."""
        return DATA / self.conference if (DATA / self.conference).is_dir() else Path(self.conference)


@cache
def settings() -> Settings:
    """Read the environment once."""
    return Settings()

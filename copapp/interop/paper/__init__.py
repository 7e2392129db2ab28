"""The release on paper: PDF bytes from plain values. The same release and language give the same bytes."""

from collections.abc import Callable
from typing import Any

from copapp.interop.paper.posters import NoAddressError, posters_paper
from copapp.interop.paper.programme import programme_paper

Paper = Callable[[dict[str, Any], dict[str, Any] | None, str, str], bytes]

# By the name of the file: release, plan of the venue if it is known, language, public address.
PAPERS: dict[str, Paper] = {"programme": programme_paper, "posters": posters_paper}

__all__ = ["PAPERS", "NoAddressError"]

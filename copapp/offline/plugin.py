"""What we add to Reflex's build: the client store, the catalogues, the prerenderer, and patches that say when they no longer fit."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import reflex as rx

from copapp.i18n import LANGUAGES, catalogue

_HERE = Path(__file__).parent
_INTO = Path("utils/copapp")

# Reflex bakes `ws://localhost:8000` into the bundle; the staff's socket must follow the page's own origin.
_BACKEND_URL = "const endpoint = new URL(url_str);"
_SAME_ORIGIN = (
    _BACKEND_URL
    + """
  if (typeof window !== "undefined") {
    endpoint.host = window.location.host;
    endpoint.protocol = window.location.protocol.replace("http", endpoint.protocol.startsWith("ws") ? "ws" : "http");
    return endpoint;
  }"""
)


def follow_the_page(source: str) -> str:
    """Patch `utils/state.js`; raise RuntimeError when Reflex no longer has the line."""
    if _SAME_ORIGIN in source:
        return source
    if source.count(_BACKEND_URL) != 1:
        msg = f"utils/state.js no longer holds the line `{_BACKEND_URL}`: look how Reflex finds its backend now"
        raise RuntimeError(msg)
    return source.replace(_BACKEND_URL, _SAME_ORIGIN)


_PRERENDER = '"prerender": true'


def leave_pages_undrawn(source: str) -> str:
    """Patch `react-router.config.js`: the build makes bundles only, `site.py` draws the pages from a release."""
    if _PRERENDER not in source and '"prerender": []' not in source:
        msg = f"react-router.config.js no longer holds `{_PRERENDER}`: look how Reflex asks for prerendering now"
        raise RuntimeError(msg)
    return source.replace(_PRERENDER, '"prerender": []')


class CompanionPlugin(rx.plugins.Plugin):
    """Adds the client store and what prerenders it."""

    def get_frontend_dependencies(self, **_: Any) -> list[str]:
        """Name the packages that the store loads."""
        return ["uqr@0.1.2"]

    def get_frontend_development_dependencies(self, **_: Any) -> list[str]:
        """Name the packages that the build runs."""
        return ["workbox-build@7.3.0"]

    def get_static_assets(self, **_: Any) -> Sequence[tuple[Path, str]]:
        """Give the store's modules, a module for each catalogue, and the prerenderer."""
        modules = [(_INTO / "store" / each.name, each.read_text()) for each in sorted((_HERE / "store").glob("*.js"))]
        words = [
            (_INTO / "i18n" / f"{each}.js", f"export default {json.dumps(catalogue(each), ensure_ascii=False)};\n")
            for each in LANGUAGES
        ]
        return [*modules, *words, (Path("prerender.mjs"), (_HERE / "prerender.mjs").read_text())]

    def pre_compile(self, **context: Any) -> None:
        """Patch what Reflex wrote."""
        context["add_modify_task"]("utils/state.js", follow_the_page)
        context["add_modify_task"]("react-router.config.js", leave_pages_undrawn)

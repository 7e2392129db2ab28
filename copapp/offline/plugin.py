"""What we add to Reflex's build: store, catalogues, prerenderer, and patches that check that they fit."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import reflex as rx
from reflex_base.constants import Templates

from copapp.i18n import LANGUAGES, PARTS, catalogue

_HERE = Path(__file__).parent
_INTO = Path("utils/copapp")

Patch = tuple[str, str]

# Reflex bakes `ws://localhost:8000` into the bundle; the staff's socket must follow the page's own origin.
_SAME_ORIGIN: Patch = (
    "const endpoint = new URL(url_str);",
    """const endpoint = new URL(url_str);
  if (typeof window !== "undefined") {
    endpoint.host = window.location.host;
    const kind = endpoint.protocol.startsWith("ws") ? "ws" : "http";
    endpoint.protocol = window.location.protocol.replace("http", kind);
    return endpoint;
  }""",
)

# Delegates never open a socket: its client (13 kB) loads when a staff page connects.
_SOCKET_LATER: tuple[Patch, ...] = (
    (
        'import io from "socket.io-client";',
        """let io, link;
const loadSocket = async () => {
  while (!io) {
    try {
      link = await import("./copapp/store/connection.js");
      io = (await import("socket.io-client")).default;
    } catch {
      await new Promise((again) => setTimeout(again, 2000));
    }
  }
};""",
    ),
    (
        "  // Socket already allocated, just reconnect it if needed.",
        "  await loadSocket();\n  // Socket already allocated, just reconnect it if needed.",
    ),
)

# Which page may open one is a matter of its address; Reflex asks a cookie, which all tabs share.
_SOCKET_FOR_STAFF: Patch = (
    "export const isBackendDisabled = () => {",
    """export const isBackendDisabled = () => {
  return !/^\\/admin(?!\\/(sign-in|set-up|password))(\\/|$)/.test(window.location.pathname);""",
)

# Socket.io keeps what is sent without a connection and sends it later; a tap must not be done to what nobody
# has looked at. `store/connection.js` is told of the socket, of each tap before and after it goes out, and of
# what comes back.
_TAPS_ARE_ANSWERED: tuple[Patch, ...] = (
    (
        "  socket.current.auth = bootAuth(true);",
        "  socket.current.auth = bootAuth(true);\n  link.watch(socket.current);",
    ),
    (
        """    return applyEventActions(
      () => queueEvents(_events, socket, false, navigate, params),""",
        """    const tap = link?.tapOf(_events, args);
    return applyEventActions(
      () => link && !link.take(tap) ? undefined : queueEvents(_events, socket, false, navigate, params),""",
    ),
    (
        'socket.emit("event", encodeFormDataArgs(routed_event));',
        'socket.emit("event", encodeFormDataArgs(routed_event), link.answered(event));',
    ),
    (
        '  socket.current.on("event", (update) => {',
        '  socket.current.on("event", link.whole((update) => {',
    ),
    (
        """  });
  socket.current.on("new_token",""",
        """  }));
  socket.current.on("new_token",""",
    ),
    (
        '  if (event.name == "_redirect") {',
        """  if (event.name == "_failed") {
    link?.failed();
    return;
  }
  if (event.name == "_redirect") {""",
    ),
)

# The build makes bundles only; `site.py` draws the pages from a release.
_NO_PAGES: Patch = ('"prerender": true', '"prerender": []')

# A page's part that cannot be loaded makes React Router reload, without a word and to no avail; `repair.js`
# says it. An empty answer is a module too, but no page.
_SAY_WHAT_IS_MISSING: Patch = (
    "    patchReactRouterHmrRuntime(),",
    """    patchReactRouterHmrRuntime(),
    {
      name: "copapp-say-what-is-missing",
      transform(code, id) {
        if (!/react-router\\/.*\\/routeModules\\.js$/.test(id)) return null;
        const reload = "window.location.reload();";
        const loaded = "routeModulesCache[route.id] = routeModule;";
        if ([reload, loaded].some((line) => code.split(line).length !== 2)) {
          this.error("React Router loads its parts in another way: look how it does now");
        }
        const said = 'window.dispatchEvent(new CustomEvent("copapp:missing", { detail: route.module }));';
        const checked = 'if (!routeModule.default) throw new TypeError("an empty part");' + loaded;
        return { code: code.replace(reload, said).replace(loaded, checked), map: null };
      },
    },""",
)


def patched(source: str, file: str, patches: Iterable[Patch]) -> str:
    """Replace each line once; one that is replaced stays. Raises RuntimeError when Reflex has changed it."""
    for old, new in patches:
        if new in source:
            continue
        if source.count(old) != 1:
            msg = f"{file} no longer holds `{old.strip()}` once: look how Reflex does it now"
            raise RuntimeError(msg)
        source = source.replace(old, new)
    return source


class CompanionPlugin(rx.plugins.Plugin):
    """Adds the client store and what prerenders it."""

    def get_frontend_dependencies(self, **_: Any) -> list[str]:
        """Name the packages that the store loads."""
        return ["uqr@0.1.2", "d3-selection@3.0.1", "d3-zoom@3.0.1"]

    def get_frontend_development_dependencies(self, **_: Any) -> list[str]:
        """Name the packages that the build and the tests run."""
        return ["ical.js@2.2.1", "node-ical@0.27.2"]

    def get_static_assets(self, **_: Any) -> Sequence[tuple[Path, str]]:
        """Give the store's modules, a module for each catalogue, and the prerenderer."""
        modules = [
            (_INTO / "store" / each.name, each.read_text()) for each in sorted((_HERE / "store").glob("*.js"))
        ]
        words = [
            (
                _INTO / "i18n" / f"{part}-{each}.js".removeprefix("-"),
                f"export default {json.dumps(catalogue(each, part), ensure_ascii=False)};\n",
            )
            for each in LANGUAGES
            for part in ("", *PARTS, "staff")
        ]
        return [*modules, *words, (Path("prerender.mjs"), (_HERE / "prerender.mjs").read_text())]

    def pre_compile(self, **context: Any) -> None:
        """Patch what Reflex wrote."""
        modify = context["add_modify_task"]
        state, router, vite = "utils/state.js", "react-router.config.js", "vite.config.js"
        # Reflex copies this file only once: an older folder may hold it with the patches of another version.
        as_it_came = (Templates.Dirs.WEB_TEMPLATE / state).read_text()
        modify(
            state,
            lambda _: patched(
                as_it_came, state, (_SAME_ORIGIN, _SOCKET_FOR_STAFF, *_SOCKET_LATER, *_TAPS_ARE_ANSWERED)
            ),
        )
        modify(router, lambda source: patched(source, router, (_NO_PAGES,)))
        modify(vite, lambda source: patched(source, vite, (_SAY_WHAT_IS_MISSING,)))

"""What runs before anything else on every page, and the links of the installable app."""

import json
from pathlib import Path

import reflex as rx

from copapp.i18n import LANGUAGES, catalogue

# Where the browser blocks storage, touching it throws; a store in memory takes its place, so that
# the page works and can say so.
_FIRST = """
for (const name of ["localStorage", "sessionStorage"]) {
  try { window[name].length; } catch {
    const kept = new Map();
    window.copappStorageBlocked = true;
    Object.defineProperty(window, name, { value: {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => kept.set(String(key), String(value)),
      key: (index) => [...kept.keys()][index] ?? null,
      removeItem: (key) => kept.delete(String(key)),
      clear: () => kept.clear(),
      get length() { return kept.size; } } });
  }
}
"""


# Where a part of a page cannot be loaded, the page's own scripts may be what is missing. So this stands in
# the page itself, with its few words. It does nothing by itself: a reload that mends nothing would never end.
_REPAIR = Path(__file__).with_name("repair.js").read_text(encoding="utf-8")
_REPAIR_WORDS = ("broken.part", "broken.repair", "broken.unreached", "notice.close")


def _repair() -> str:
    words = {each: {key: catalogue(each)[key] for key in _REPAIR_WORDS} for each in LANGUAGES}
    return _REPAIR.replace('"words"', json.dumps(words, ensure_ascii=False))


def before_anything() -> list[rx.Component]:
    """Head elements of every page: before anything is fetched, who is told where from; then the script."""
    return [
        # A secret link stands in the address of its page: not even our own server is told it as a Referer.
        rx.el.meta(name="referrer", content="strict-origin"),
        rx.el.script(_FIRST + _repair()),
        rx.el.meta(
            name="theme-color", content="#FBF8F1", custom_attrs={"media": "(prefers-color-scheme: light)"}
        ),
        rx.el.meta(
            name="theme-color", content="#14181A", custom_attrs={"media": "(prefers-color-scheme: dark)"}
        ),
        rx.el.link(rel="icon", href="/icons/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icons/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
    ]

"""What runs before anything else on every page, and the links of the installable app."""

import reflex as rx

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


def before_anything() -> list[rx.Component]:
    """Head elements of every page, the script first."""
    return [
        rx.el.script(_FIRST),
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

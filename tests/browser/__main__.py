"""Before the tests: fetch Playwright's own Chromium where the machine has none, and say what is missing."""

import os
import subprocess
import sys
from collections.abc import Callable

from playwright.sync_api import sync_playwright

from tests.browser import browsers


def main() -> int:
    """Return 1 without Chromium, and under CI without any of the three."""
    if _missing(_find_chromium) and "CHROMIUM" not in os.environ:
        print("No Chromium on this machine: fetching Playwright's own", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    chromium = _missing(_find_chromium)
    others = [_missing(browsers.find_firefox), _missing(browsers.find_webkit)]
    for message in filter(None, [chromium, *others]):
        print(message, file=sys.stderr)
    return 1 if chromium or (any(others) and os.environ.get("CI")) else 0


def _find_chromium() -> str:
    with sync_playwright() as playwright:
        return browsers.find_chromium(playwright.chromium.executable_path)


def _missing(find: Callable[[], object]) -> str | None:
    try:
        find()
    except browsers.BrowserMissingError as missing:
        return str(missing)
    return None


if __name__ == "__main__":
    sys.exit(main())

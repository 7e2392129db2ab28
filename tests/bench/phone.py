"""A phone four times slower than this machine, timed to the first frame that shows what was waited for."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.browsers import wait_until

SLOWER = 4
WAIT_SECONDS = 60

# Runs before the page: when, from the start of navigation, an element is first laid out with text.
WATCH = """(() => {
  const look = () => {
    const found = document.querySelector(%r);
    const box = found?.getBoundingClientRect();
    if (box?.width && box.height && found.textContent.trim()) {
      window.benchSeen = performance.now();
      return;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


@contextmanager
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """Open a fresh phone profile: 412 x 823, nothing cached."""
    context = browser.new_context(
        viewport={"width": 412, "height": 823},
        device_scale_factor=1.75,
        is_mobile=True,
        has_touch=True,
        locale="en-GB",
        timezone_id="Asia/Samarkand",
    )
    yield context
    context.close()


def slow_tab(context: BrowserContext) -> Page:
    """Open a tab whose processor is throttled."""
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def milliseconds_to(page: Page, url: str, css: str) -> float:
    """Navigate and give the time until `css` is laid out with text."""
    page.add_init_script(WATCH % css)
    page.goto(url, wait_until="commit", timeout=WAIT_SECONDS * 1_000)
    wait_until(lambda: page.evaluate("window.benchSeen"), css, WAIT_SECONDS)
    seen: float = page.evaluate("window.benchSeen")
    return seen


def wait_until_kept(page: Page) -> None:
    """Wait until the worker has everything it keeps."""
    active = "navigator.serviceWorker.controller?.state === 'activated'"
    wait_until(lambda: page.evaluate(active), "An active worker", WAIT_SECONDS)

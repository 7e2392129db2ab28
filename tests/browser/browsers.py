"""The three browsers: where each is found and how it is driven. For tests, pictures and bench."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import Browser, sync_playwright
from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions
from selenium.webdriver.webkitgtk.service import Service as WebKitService
from websocket import WebSocket, WebSocketTimeoutException, create_connection

# The same engine without windows: journeys take two thirds of the work in it.
CHROMIUM_WITHOUT_WINDOWS = "chromium-headless-shell"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# A test profile must ask no outside address: updates, studies, captive-portal probes, safe-browsing lists.
FIREFOX_PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
ANSWER_SECONDS = 30


class BrowserMissingError(RuntimeError):
    """A browser is not on this machine; the message says how to get it."""


class Page(Protocol):
    """What a journey may do in any browser; `open` and `click` return when the page has loaded."""

    def open(self, url: str) -> None: ...
    def text(self, css: str) -> str: ...
    def click(self, css: str) -> None: ...
    def evaluate(self, expression: str) -> Any: ...
    def resize(self, width: int, height: int) -> None: ...


def wait_until(claim: Callable[[], Any], what: str, seconds: float = ANSWER_SECONDS) -> Any:
    """Return the claim's first truthy value, or fail and name what did not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := claim():
            return value
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not happen within {seconds:g} seconds")


def find_chromium(own: str, *preferred: str) -> str:
    """Return the path of the machine's Chromium, `preferred` first, else of Playwright's `own`."""
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return found
        raise BrowserMissingError(f"CHROMIUM names {named}, which cannot be run")
    for name in (*preferred, *CHROMIUM_NAMES):
        if found := shutil.which(name):
            return found
    if Path(own).exists():
        return own
    raise BrowserMissingError(
        "No Chromium. Install Debian's package (apt-get install chromium), or Playwright's own "
        "(.venv/bin/playwright install --with-deps chromium), or name one in the variable CHROMIUM."
    )


def find_firefox() -> str:
    """Return the path of the machine's Firefox."""
    if found := shutil.which("firefox-esr") or shutil.which("firefox"):
        return found
    raise BrowserMissingError("No Firefox. Install Debian's package: apt-get install firefox-esr")


def find_webkit() -> tuple[str, str]:
    """Return the paths of WebKitGTK's driver and of the browser that it drives."""
    driver = shutil.which("WebKitWebDriver")
    minibrowser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), None)
    screen = os.environ.get("DISPLAY") or shutil.which("Xvfb")
    if driver and minibrowser and screen:
        return driver, str(minibrowser)
    raise BrowserMissingError(
        "No WebKitGTK with a screen. Install Debian's packages: apt-get install webkit2gtk-driver xvfb"
    )


@contextmanager
def chromium(*preferred: str) -> Iterator[Browser]:
    """Run Chromium under Playwright, by one of the `preferred` names if there is one."""
    with sync_playwright() as playwright:
        program = find_chromium(playwright.chromium.executable_path, *preferred)
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class FirefoxPage:
    """Firefox over WebDriver BiDi, which the browser itself speaks: Debian ships no geckodriver."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._last_id = 0
        self.command("session.new", capabilities={})
        tree = self.command("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    def command(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one BiDi command and return its result; events that come between are passed over."""
        self._last_id += 1
        self._socket.send(json.dumps({"id": self._last_id, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") != self._last_id:
                continue
            if answer["type"] == "error":
                raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
            result: dict[str, Any] = answer["result"]
            return result

    def open(self, url: str) -> None:
        self.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def text(self, css: str) -> str:
        selector = json.dumps(css)
        wait_until(lambda: self.evaluate(f"!!document.querySelector({selector})"), f"Element {css}")
        return str(self.evaluate(f"document.querySelector({selector}).innerText"))

    def click(self, css: str) -> None:
        """Click as a finger does, at the element's middle, so that what covers it is noticed."""
        selector = json.dumps(css)
        wait_until(lambda: self.evaluate(f"!!document.querySelector({selector})"), f"Element {css}")
        x, y = self.evaluate(
            f"(() => {{ const e = document.querySelector({selector});"
            " e.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )
        press = [
            {"type": "pointerMove", "x": int(x), "y": int(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {
            "type": "pointer",
            "id": "finger",
            "parameters": {"pointerType": "mouse"},
            "actions": press,
        }
        self.command("input.performActions", context=self._context, actions=[pointer])

    def evaluate(self, expression: str) -> Any:
        """Return the expression's value (a promise is awaited) as JSON carries it."""
        answer = self.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def resize(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        self.command("browsingContext.setViewport", context=self._context, viewport=viewport)


class WebKitPage:
    """WebKitGTK's MiniBrowser under Selenium. Its window is never narrower than about 450 px."""

    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self._driver = driver

    def open(self, url: str) -> None:
        self._driver.get(url)

    def text(self, css: str) -> str:
        return str(self._element(css).text)

    def click(self, css: str) -> None:
        self._element(css).click()

    def evaluate(self, expression: str) -> Any:
        """Return the expression's value (a promise is awaited) as JSON carries it."""
        answer = self._driver.execute_async_script(
            "const done = arguments[0];"
            f"(async () => JSON.stringify(await ({expression})) ?? 'null')()"
            ".then(value => done({value}), error => done({error: String(error)}))"
        )
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return json.loads(answer["value"])

    def resize(self, width: int, height: int) -> None:
        self._driver.set_window_size(width, height)

    def _element(self, css: str) -> Any:
        return wait_until(
            lambda: next(iter(self._driver.find_elements("css selector", css)), None), f"Element {css}"
        )


@contextmanager
def firefox() -> Iterator[FirefoxPage]:
    """Run the machine's Firefox, headless, on an empty profile."""
    program = find_firefox()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        preferences = "\n".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in FIREFOX_PREFERENCES.items()
        )
        Path(profile, "user.js").write_text(preferences)
        # A home of its own: Firefox refuses one that belongs to somebody else, and must not touch a real one.
        environment = os.environ | {"HOME": profile, "MOZ_HEADLESS": "1"}
        log = Path(profile, "stderr.log")
        with log.open("wb") as stderr:
            process = subprocess.Popen(
                [program, "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=environment,
            )
        try:
            address = wait_until(lambda: _bidi_address(log), "Firefox's WebDriver BiDi address")
            socket = create_connection(f"{address}/session", timeout=ANSWER_SECONDS, suppress_origin=True)
            page = FirefoxPage(socket)
            try:
                yield page
            finally:
                with suppress(RuntimeError, OSError, WebSocketTimeoutException):
                    page.command("browser.close")
                socket.close()
        finally:
            _end(process)


def _bidi_address(log: Path) -> str | None:
    found = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text(errors="replace"))
    return found and found[1]


@contextmanager
def webkit() -> Iterator[WebKitPage]:
    """Run WebKitGTK's MiniBrowser, on a screen of its own where the machine has none."""
    program, minibrowser = find_webkit()
    options = WebKitOptions()
    options.binary_location = minibrowser
    options.add_argument("--automation")
    with _screen() as display, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        # A home of its own, so that no run finds what another stored; no accessibility bus, there is none.
        environment = os.environ | {"HOME": home, "DISPLAY": display, "NO_AT_BRIDGE": "1"}
        environment |= {"XDG_DATA_HOME": f"{home}/data", "XDG_CACHE_HOME": f"{home}/cache"}
        driver = webdriver.WebKitGTK(options=options, service=WebKitService(program, env=environment))
        try:
            yield WebKitPage(driver)
        finally:
            driver.quit()


@contextmanager
def _screen() -> Iterator[str]:
    if display := os.environ.get("DISPLAY"):
        yield display
        return
    reader, writer = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

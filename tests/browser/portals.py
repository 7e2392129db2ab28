"""What a phone keeps while a portal stands in the app's place, request by request."""

from collections.abc import Sequence

from playwright.sync_api import Page

from tests.browser.browsers import wait_until
from tests.browser.phone import open_online
from tests.browser.relay import PORTALS, Relay

# Every address that is kept, and whether what is kept there is what the server says it is.
KEPT = """async (files) => {
  const kept = await caches.open("copapp");
  const hash = async (answer) => crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
  const hex = (byte) => byte.toString(16).padStart(2, "0");
  const digest = async (answer) => [...new Uint8Array(await hash(answer), 0, 12)].map(hex).join("");
  const wrong = [];
  for (const request of await kept.keys()) {
    const { pathname, search } = new URL(request.url);
    const answer = await kept.match(request);
    if (!answer || `?${await digest(answer)}` !== search) wrong.push(pathname);
  }
  return { wrong, missing: Object.keys(files).length - (await kept.keys()).length };
}"""
WHOLE = {"wrong": [], "missing": 0}
FETCHED = "(path) => fetch(path).then((answer) => answer.text(), () => 'refused')"
FORGET = "(key) => caches.open('copapp').then((kept) => kept.delete(key))"
REGISTERED = "navigator.serviceWorker.getRegistration().then(Boolean)"
TRY_AGAIN = f"{REGISTERED}.then((isThere) => isThere || dispatchEvent(new Event('online')))"


def poison_each(page: Page, network: Relay, addresses: Sequence[str]) -> list[str]:
    """Let a portal stand at one address after the other of an installation; give what was kept of it.

    Each attempt finds the true rest, and fails; in the end the portal goes away.
    """
    files, kinds, kept = network.files(), [*PORTALS], []
    at, kind = "", ""
    network.is_cached = False  # no true copy stands in for what the portal hides
    network.portal = lambda path, by_worker: kind if by_worker and path == at else ""
    for number, address in enumerate(addresses):
        if number:
            page.evaluate(FORGET, f"{address}?{files[address]}")
        before = len(network.asked)
        at, kind = address, kinds[number % len(kinds)]
        if not number:
            open_online(page, network.url)

        def is_asked(at: str = at, before: int = before) -> bool:
            return bool(page.evaluate(TRY_AGAIN)) and (at, True) in network.asked[before:]

        wait_until(is_asked, f"{at} asked for")
        wait_until(lambda: not page.evaluate(REGISTERED), f"{kind} at {at} ends the installation")
        kept += [f"{kind} at {wrong}" for wrong in page.evaluate(KEPT, files)["wrong"]]
    at = ""
    wait_until(lambda: page.evaluate(TRY_AGAIN), "The installation")
    return kept

"""Draw the project's pictures: `make pictures`."""

from tests.browser.browsers import chromium
from tests.pictures.icons import draw_icons
from tests.pictures.screens import photograph_screens

if __name__ == "__main__":
    with chromium() as browser:
        draw_icons(browser)
        photograph_screens(browser)

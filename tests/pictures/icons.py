"""Draw every icon of `assets/icons/` from one source, `icon.svg`."""

import base64
import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

SOURCE = Path(__file__).with_name("icon.svg")
FOLDER = Path(__file__).parents[2] / "assets" / "icons"
CORNER = 112  # of 512: the roundness where the system cuts no shape of its own
SAFE_ZONE = 0.86  # a mask may cut all outside a circle of 80 % of the width
FAVICON_ZOOM = 1.16  # a tab shows 16 px: the mark fills it, and rings would only blur
ICO_PIXELS = 32
COLOURS = 64


def draw_icons(browser: Browser) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    source = re.sub(r"\s*<!--.*?-->|\n\s*", "", SOURCE.read_text())
    favicon = _rounded(_zoomed(_without_rings(source), FAVICON_ZOOM))
    (FOLDER / "favicon.svg").write_text(favicon + "\n")
    for pixels in (192, 512):
        _write(f"icon-{pixels}.png", _raster(browser, _rounded(source), pixels))
        _write(f"maskable-{pixels}.png", _raster(browser, _zoomed(source, SAFE_ZONE), pixels))
    # iOS cuts its own corners and fills what is transparent with black.
    _write("apple-touch-icon.png", _raster(browser, source, 180))
    _raster(browser, favicon, ICO_PIXELS).save(FOLDER / "favicon.ico", sizes=[(ICO_PIXELS, ICO_PIXELS)])


def _rounded(svg: str) -> str:
    shape = f'<clipPath id="shape"><rect width="512" height="512" rx="{CORNER}"/></clipPath>'
    whole = re.sub(r"(<svg[^>]*>)", rf'\1{shape}<g clip-path="url(#shape)">', svg, count=1)
    return whole.replace("</svg>", "</g></svg>")


def _zoomed(svg: str, factor: float) -> str:
    """Scale the mark and the ground it stands on; sky and steppe still reach every edge."""
    move = 256 * (1 - factor)
    scale = f'<g transform="translate({move:g} {move:g}) scale({factor:g})">'
    wide = svg.replace("M0 402Q256 354 512 402V512H0Z", "M-50 411Q256 345 562 411V640H-50Z")
    wide = wide.replace("M0 402Q256 354 512 402", "M-50 411Q256 345 562 411")
    return wide.replace('<g id="mark">', f'{scale}<g id="mark">').replace("</svg>", "</g></svg>")


def _without_rings(svg: str) -> str:
    return re.sub(r'<path id="rings"[^>]*>', "", svg)


def _raster(browser: Browser, svg: str, pixels: int) -> Image.Image:
    page = browser.new_page(viewport={"width": pixels, "height": pixels})
    address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    page.set_content(f'<body style="margin:0"><img src="{address}" width="{pixels}" style="display:block">')
    image = page.screenshot(omit_background=True)
    page.close()
    return Image.open(io.BytesIO(image))


def _write(name: str, image: Image.Image) -> None:
    """Write it with a palette: four colours and their soft edges need no more, and a third of the bytes."""
    image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        FOLDER / name, optimize=True
    )
    print(f"assets/icons/{name}: {(FOLDER / name).stat().st_size:,} bytes")

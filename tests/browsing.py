"""A page in the system's Chromium, driven by Playwright.

Belongs here: opening, choosing and reading. Does not belong here: assertions.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_BROWSER = "no Chromium here; .ci/run installs it where it may"


@dataclass
class Opened:
    """A page in the browser, and what it said and asked for meanwhile."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def text(self, place: str) -> str:
        """What a reader finds at a place, folded parts too."""
        return spaced(self.page.locator(place).first.text_content())

    def choose(self, selector: str, value: str) -> None:
        """Choose a segment or period, and wait until it is shown."""
        self.page.select_option(selector, value)
        self.page.wait_for_function(
            "([name, value]) => document.documentElement.dataset[name] === value",
            arg=["shown" if selector == "#segment" else "period", value],
        )

    def unfold(self) -> None:
        """Open everything that is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")

    def tiles(self) -> dict[str, str]:
        """Text of every tile by its title."""
        read = "all => all.map(each => [each.querySelector('h4').textContent, each.textContent])"
        return {title: spaced(text) for title, text in self.page.locator("article.tile").evaluate_all(read)}

    def milliseconds(self) -> float:
        """How long the page took until it could be used."""
        return float(self.page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))

    def serious(self) -> dict[str, list[str]]:
        """What axe-core calls serious or critical, by rule, with the first places."""
        from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - costs where no Chromium is

        self.unfold()
        found = Axe().run(self.page).response["violations"]
        return {
            each["id"]: [node["html"][:160] for node in each["nodes"][:3]]
            for each in found
            if each["impact"] in {"serious", "critical"}
        }

    def inked(self, place: str) -> tuple[float, tuple[int, int, int]]:
        """Share of the pixels of a picture that are not of its commonest colour, and that colour."""
        from base64 import b64encode  # noqa: PLC0415

        counted = self.page.evaluate(_COUNT_COLOURS, b64encode(self.page.locator(place).first.screenshot()).decode())
        red, green, blue = counted["ground"]
        return counted["share"], (red, green, blue)


def spaced(text: str) -> str:
    """A text with single plain spaces."""
    return re.sub(r"\s+", " ", text).strip()


@contextmanager
def chromium() -> Iterator[Callable[..., Opened]]:
    """A visitor of files: each visit is a fresh page in the one tab, on a screen of some width, in light or dark.

    A tab of its own would cost each visit the start of a process. Nothing is downloaded for the browser.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - costs where no Chromium is

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        page = running.new_page()
        opened = [Opened(page)]
        page.on("console", lambda message: opened[-1].said.append(message.text))
        page.on("pageerror", lambda error: opened[-1].said.append(str(error)))
        page.on("request", lambda request: opened[-1].asked.append(request.url))

        def visit(file: Path, *, width: int = 1280, scheme: str = "light", query: str = "") -> Opened:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            opened.append(Opened(page))
            page.goto(file.as_uri() + query)
            return opened[-1]

        yield visit
        running.close()


_COUNT_COLOURS = """async png => {
  const bytes = Uint8Array.from(atob(png), letter => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(pen.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
  const counts = new Map();
  pixels.forEach(pixel => counts.set(pixel, (counts.get(pixel) || 0) + 1));
  const [ground, most] = [...counts].reduce((best, each) => each[1] > best[1] ? each : best);
  return {share: 1 - most / pixels.length, ground: [ground & 255, ground >> 8 & 255, ground >> 16 & 255]};
}"""

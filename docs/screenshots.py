"""Pictures of the report for README and pages, taken from the demo with the Chromium of this machine.

Belongs here: which part, how large, light or dark. Does not belong here: drawing anything. Run by ``make pictures``
after ``make demo``.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline import publish
from pipeline.settings import PROJECT_ROOT, Settings

PICTURES = PROJECT_ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LARGEST_BYTES = 200_000


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        name: of the file.
        section: the one section to show, by its anchor; empty for the top of the page.
        size: width and height in pixels.
        is_dark: whether the page is asked for in dark.
    """

    name: str
    section: str = ""
    size: tuple[int, int] = (1200, 760)
    is_dark: bool = False


SHOTS = (
    Shot("report"),
    Shot("report_dark", is_dark=True),
    Shot("report_journey", section="journey", size=(1200, 1560)),
    Shot("report_friction", section="friction"),
)


def browser() -> str:
    """The program.

    Raises:
        FileNotFoundError: there is none.
    """
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        raise FileNotFoundError(f"none of {', '.join(BROWSERS)} is installed")
    return found


@contextmanager
def _profile() -> Iterator[Path]:
    """A profile of its own, for the browser to write to; it may still do so when it has ended."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _only(section: str, text: str) -> str:
    """The page with one section alone, as a browser without a window cannot scroll.

    Raises:
        ValueError: the page has no such section.
    """
    if not section:
        return text
    if f'id="{section}"' not in text:
        raise ValueError(f"the report has no section {section}")
    hidden = f"main > section:not(#{section}), body > :not(main) {{ display: none !important }}"
    return text.replace("</head>", f"<style>{hidden}</style></head>", 1)


def take(shot: Shot, report: Path, folder: Path) -> Path:
    """Take one picture of a report.

    Args:
        shot: what.
        report: folder of the report.
        folder: where the picture goes.

    Returns:
        The file.

    Raises:
        ValueError: the report has no such section, or the picture is larger than the repository should hold.
    """
    file = folder / f"{shot.name}.png"
    with _profile() as profile:
        page = profile / "page.html"
        page.write_text(_only(shot.section, (report / "index.html").read_text(encoding="utf-8")), encoding="utf-8")
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}"]
        flags += [f"--blink-settings=preferredColorScheme={0 if shot.is_dark else 1}"]
        flags += ["--virtual-time-budget=4000", f"--window-size={shot.size[0]},{shot.size[1]}"]
        asked = [browser(), *flags, f"--screenshot={file}", page.as_uri()]
        subprocess.run(asked, check=True, capture_output=True, timeout=120)  # noqa: S603
    if file.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"{file.name} has {file.stat().st_size:,} bytes; show less of the page")
    return file


def main() -> int:
    """Take all pictures of the release the home serves."""
    release = publish.current_release(Settings().paths.releases)
    if release is None:
        sys.stderr.write("no release is served; run `make demo`\n")
        return 2
    for shot in SHOTS:
        file = take(shot, release / "report", PICTURES)
        sys.stdout.write(f"{file.relative_to(PROJECT_ROOT)}  {file.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

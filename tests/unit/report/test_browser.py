"""The page in a real browser, where one is installed: no error, and the selector acts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.report import write_report
from tests.unit.report.published_rows import friction_row, kpi_row
from tests.unit.report.test_page import HOSTILE

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium here")]


def _opened(page: Path, profile: Path, segment: str = "") -> tuple[str, str]:
    """The document after its script ran, and what the browser's console said."""
    address = page.as_uri() + (f"?segment={segment}" if segment else "")
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
         "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom", address],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


def test_a_segment_unfolds_in_the_browser_and_hostile_text_stays_text(release, facts, write, tmp_path):
    north = {"segment_dimension": "region", "segment": "north"}
    write("kpi_latest", [kpi_row(), kpi_row(**north, value=0.777, label_en=HOSTILE)])
    write("segment_friction_ranking", [friction_row(), friction_row(**north, label_en=HOSTILE, action_en=HOSTILE)])
    page = write_report(release, facts, tmp_path / "report")
    whole, said = _opened(page, tmp_path / "profile")
    assert said == ""
    assert "30.0%" in whole
    assert "77.7%" not in whole
    north_page, said = _opened(page, tmp_path / "profile", "region%2Fnorth")
    assert said == ""
    assert 'data-shown="region/north"' in north_page
    assert "77.7%" in north_page
    assert "Region: North" in re.sub(r"<[^>]+>", "", north_page)
    assert "<img" not in north_page
    assert north_page.count("&lt;img src=x") >= 3


def test_a_segment_that_is_not_there_leaves_all_customers(release, facts, tmp_path):
    page = write_report(release, facts, tmp_path / "report")
    document, said = _opened(page, tmp_path / "profile", "region%2F__proto__")
    assert said == ""
    assert "data-shown" not in document
    assert "30.0%" in document

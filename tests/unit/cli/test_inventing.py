"""`parcours sample`: scenarios, messes and sizes from the command line; wrong wishes are told, not traced."""

import json

import pytest

from pipeline.sample import load_scenarios


def test_scenarios_and_messes_are_listed_and_nothing_is_written(tmp_path, parcours, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = parcours("sample", "--list")
    assert result.exit_code == 0
    assert all(name in result.output for name in load_scenarios())
    assert "late_rows" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_and_its_messes_are_written_into_the_truth(tmp_path, parcours):
    folder = tmp_path / "company"
    result = parcours(
        "sample", str(folder), "--scenario", "calm", "--events", "4000", "--no-messes", "--mess", "late_rows=0.5"
    )
    assert result.exit_code == 0, result.output
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert (truth["scenario"], truth["messes"]["late_rows"], truth["messes"]["exact_duplicates"]) == ("calm", 0.5, 0)
    assert str(folder / "truth.json") in result.output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--scenario", "chaos"], "mixed"),
        (["--mess", "thunder=1"], "late_rows"),
        (["--mess", "late_rows"], "late_rows=0.02"),
        (["--mess", "late_rows=2"], "between 0 and 1"),
        (["--events", "10"], "at least 50"),
    ],
)
def test_wrong_wishes_are_told(tmp_path, parcours, arguments, word):
    result = parcours("sample", str(tmp_path / "company"), *arguments)
    assert result.exit_code == 2
    assert word in result.output
    assert not (tmp_path / "company").exists()


def test_a_folder_is_needed(parcours):
    result = parcours("sample")
    assert result.exit_code == 2
    assert "--list" in result.output

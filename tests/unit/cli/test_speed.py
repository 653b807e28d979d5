"""`parcours bench speed`: what is told of measurements made up here, and arguments that make no sense."""

import json
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from pipeline.cli.speed import Bench, Day, Fixed, Growth, Measured, PartSpeed, Speed, Whole, growth
from pipeline.cli.speed import bench as parts_of_bench
from pipeline.cli.speed.clock import NodeClock
from pipeline.cli.speed.days import day_figures, day_of_runs
from pipeline.cli.speed.doors import settings_of, write_doors
from pipeline.cli.speed.growth import free_bytes
from pipeline.cli.speed.keeping import Company, kept
from pipeline.cli.speed.plotting import plot, series_of
from pipeline.cli.speed.processes import MeasurementError, Taken, taken
from pipeline.cli.speed.showing import show_speed
from pipeline.warehouse import connection

FIXED = Fixed(fixed_cpu_s=60.0, stages={"dbt_models": 30.0}, models_cpu_s=40.0)
PARTS = (PartSpeed("sessions", 3.0, 2.0, 0), PartSpeed("funnels", 6.0, 3.0, 2))
WHOLE = Whole(total_cpu_s=50.0, stages={"landing": 20.0, "dbt_models": 25.0}, total_peak_gib=1.5, build_gib=0.5)
GROWTH = Growth(runs=2, sizes=[900, 1000, 1100], free=50, fresh_size=1000, cpu_s=90.0, peak_gib=1.0)
AGREED = {
    "events", "baseline_cpu_s", "core_cpu_s", "core_ratio", "total_cpu_s", "total_ratio", "fixed_cpu_s", "fixed_ratio",
    "day_cpu_s", "day_ratio", "peak_rss_gib", "file_growth",
}  # fmt: skip


def _run(cpu: float, landing: float, nodes: dict[str, float], peak: float = 1.0) -> Taken:
    return Taken(cpu, cpu, peak, {"stages": {"landing": landing, "dbt_models": 20.0}, "nodes": nodes})


def _day(history: int, factor: float = 1.0) -> Day:
    event = {"int_sessions__aggregated": 1.0 * factor, "int_x__touched": 0.5, "int_friction_evidence__touched": 4.0}
    rebuild = {"int_sessions__aggregated": 30.0, "fct_orders": 5.0}
    return day_of_runs(history, 100, _run(80.0, 9.0, rebuild, 2.5), _run(30.0 * factor, 2.0, event))


SPEED = Speed(events=1_000_000, whole=WHOLE, parts=PARTS, days=(_day(30), _day(365, 1.5)))


def test_ratios_are_to_the_sum_of_what_is_written_by_hand():
    content = Measured(fixed=FIXED, speeds=[SPEED], growth=GROWTH).as_json()
    assert content.keys() >= AGREED
    assert content["fixed_ratio"] == 1.5
    assert (content["baseline_cpu_s"], content["core_cpu_s"]) == (5.0, 9.0)
    assert (content["core_ratio"], content["total_ratio"]) == (1.8, 10.0)
    assert content["day_cpu_s"] == {"30": 30.0, "365": 45.0}
    assert (content["day_ratio"], content["file_growth"], content["peak_rss_gib"]) == (1.5, 1.1, 2.5)
    assert json.loads(json.dumps(content["parts"]))[0]["name"] == "sessions"


def test_several_sizes_are_a_list_of_the_same():
    content = Measured(fixed=FIXED, speeds=[SPEED, SPEED], growth=GROWTH).as_json()
    assert [size.keys() >= AGREED for size in content["sizes"]] == [True, True]


def test_models_of_events_are_told_from_the_rest_of_a_day():
    content = day_figures(SPEED.days)
    assert content["landing_day_cpu_s"] == {"30": 2.0, "365": 2.0}
    assert content["event_day_cpu_s"] == {"30": 1.5, "365": 2.0}
    assert content["other_day_cpu_s"] == {"30": 18.5, "365": 18.0}
    assert content["event_day_ratio"] == 1.333
    assert content["event_rebuild_share"] == round(2 / 30, 3)
    assert content["event_models"]["30"] == {"int_sessions__aggregated": [1.0, 30.0], "int_x__touched": [0.5, 0.0]}


def test_one_history_has_no_ratio():
    assert not [name for name in day_figures([_day(30)]) if name.endswith("ratio")]


def test_what_was_not_measured_is_left_out():
    assert Measured(parts=PARTS).as_json().keys() == {"parts"}
    assert Measured(speeds=[Speed(events=5)]).as_json() == {"events": 5}


def test_all_that_was_measured_is_shown(capsys):
    show_speed(Measured(fixed=FIXED, speeds=[SPEED], growth=GROWTH))
    shown = capsys.readouterr().out
    for word in ("1.50 times", "1,000,000", "1.80", "10.0", "sessions", "landing", "365 days", "1.10 times"):
        assert word in shown
    show_speed(Measured(parts=PARTS))
    assert "Step" not in capsys.readouterr().out


def test_a_picture_has_a_line_for_each_thing_that_is_compared():
    large = Speed(events=10_000_000, whole=WHOLE, parts=PARTS, days=SPEED.days)
    drawn = ET.fromstring(plot([large, SPEED]))  # noqa: S314 - drawn here
    tags = [element.tag.rpartition("}")[2] for element in drawn.iter()]
    assert (tags.count("polyline"), tags.count("circle")) == (5, 10)
    assert series_of([large, SPEED])["a day after 365 days"] == [(1_000_000, 45.0), (10_000_000, 45.0)]
    words = " ".join(drawn.itertext())
    for word in ("by hand", "core", "whole run", "a day after 30", "10,000,000", "CPU s"):
        assert word in words
    assert "polyline" not in plot([Speed(events=5)])


def test_cpu_of_a_node_is_between_its_start_and_its_end(monkeypatch):
    moments = iter([1.0, 3.5, 4.0, 4.25, 5.0, 5.5])
    monkeypatch.setattr("pipeline.cli.speed.clock.time.process_time", lambda: next(moments))
    clock = NodeClock()
    for node in ("a", "b", "a"):
        with clock.noting(node):
            pass
    assert clock.seconds == {"a": 3.0, "b": 0.25}


def test_only_missing_rows_leave_a_door_open(tmp_path):
    write_doors(tmp_path)
    own, shipped = (
        settings_of(tmp_path / "h", tmp_path).expectations,
        settings_of(tmp_path, tmp_path / "x").expectations,
    )
    assert own == tmp_path / "expectations"
    changed = 0
    for file in shipped.rglob("*.json"):
        pairs = zip(*(json.loads(path.read_text())["expectations"] for path in (file, own / file.relative_to(shipped))),
                    strict=True)  # fmt: skip
        for before, after in pairs:
            if before != after:
                changed += 1
                assert after == before | {"severity": "warning"}
                assert after["type"] == "expect_table_row_count_to_be_between"
    assert changed


def test_a_bench_that_was_stopped_goes_on_where_it_was(tmp_path, monkeypatch):
    begun: list[str] = []

    def company(folder, **_):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "truth.json").write_text(json.dumps({"files": {"rows": {"web_events": 7}}}))
        return Company(folder)

    def whole(_home, _company):
        begun.append("whole")
        yield WHOLE

    def core(_build_file):
        begun.append("core")
        if begun.count("core") == 1:
            raise MeasurementError("stopped")
        yield from PARTS

    monkeypatch.setattr(parts_of_bench, "sample_company", company)
    monkeypatch.setattr(parts_of_bench, "measure_whole", whole)
    monkeypatch.setattr(parts_of_bench, "measure_core", core)
    bench = Bench(folder=tmp_path, sizes=[10], without={"fixed", "day", "growth"})
    with pytest.raises(MeasurementError, match="stopped"):
        bench.measure()
    first, again = bench.measure(), bench.measure()
    assert first.as_json() == again.as_json()
    assert first.speeds == [Speed(7, WHOLE, PARTS)]
    assert begun == ["whole", "core", "core"]


def test_a_file_of_many_runs_is_weighed_against_one_of_the_same_extracts(tmp_path, monkeypatch):
    delivered, ran = [], []

    def company(folder, **_):
        folder.mkdir(parents=True)
        (folder / "truth.json").write_text('{"last_day": "2025-12-31"}')
        return Company(folder)

    def run_in(home, *_, **days):
        ran.append(days)
        with connection(settings_of(home, home).paths.build_file) as opened:
            opened.execute("create table one as select 1 as one")
        return _run(5.0, 1.0, {})

    def run_days(arguments):
        run_in(Path(arguments[1]), days=arguments[3:])
        return Taken(20.0, 20.0, 1.0, {"bytes": [5, 7]})

    for name, stand_in in (("sample_company", company), ("run", run_in), ("taken", run_days),
                           ("deliver_daily", lambda *where: delivered.append(where[2]))):  # fmt: skip
        monkeypatch.setattr(growth, name, stand_in)
    (found,) = growth.measure_growth(tmp_path / "growth", runs=30)
    assert delivered == [date(2025, 12, 2)]
    assert ran == [{"days": ["2025-12-02", "2025-12-31"]}, {"last": date(2025, 12, 31)}]
    assert (found.sizes, found.cpu_s, found.runs) == ([5, 7], 25.0, 30)
    assert found.fresh_size > 0
    assert not (tmp_path / "growth").exists()


def test_what_a_file_holds_no_longer_is_free(tmp_path):
    with connection(tmp_path / "x.duckdb") as opened:
        opened.execute("create table numbers as select random() as n from range(500000)")
        opened.execute("checkpoint")
        opened.execute("create table kept as select 1 as one")
        opened.execute("drop table numbers")
        opened.execute("checkpoint")
    assert (tmp_path / "x.duckdb").stat().st_size >= free_bytes(tmp_path / "x.duckdb") > 1_000_000


def test_measurements_of_another_kind_are_told(tmp_path):
    (tmp_path / "x.json").write_text('[{"bytes": 1}]')
    with pytest.raises(MeasurementError, match="remove it"):
        kept(tmp_path / "x.json", Growth, list)


@pytest.mark.parametrize("events", ["many", "1e3", "", "1e6,,", "-1e6", "inf"])
def test_sizes_that_make_no_sense_are_refused(parcours, events):
    result = parcours("bench", "speed", "--events", events)
    assert result.exit_code == 2
    assert "1e6,1e7" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "word"), [("--without", "days", "day, growth"), ("--plot", "a.png", ".svg")]
)
def test_options_that_make_no_sense_are_refused(parcours, option, value, word):
    result = parcours("bench", "speed", option, value)
    assert result.exit_code == 2
    assert word in result.stderr


def test_a_home_that_was_not_run_has_no_core(parcours, tmp_path):
    result = parcours("bench", "speed", "--of", str(tmp_path))
    assert result.exit_code == 1
    assert "was not run" in result.stderr


def test_a_side_is_measured_in_a_process_of_its_own(tmp_path):
    statements = ["create table numbers as select random() as n from range(3000000)"]
    (tmp_path / "models.json").write_text(json.dumps(statements))
    found = taken(["side", str(tmp_path), "models"])
    assert 0 < found.told["cpu_seconds"] < found.cpu_seconds
    assert 0.03 < found.peak_gib < 2
    with connection(tmp_path / "models.duckdb", read_only=True) as opened:
        assert opened.execute("select count(*) from numbers").fetchall() == [(3_000_000,)]


def test_a_measurement_that_fails_says_so(tmp_path):
    with pytest.raises(MeasurementError, match="exit code"):
        taken(["side", str(tmp_path), "models"])

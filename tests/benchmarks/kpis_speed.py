"""What the KPI tables cost from observations on: CPU seconds per model, and of `kpi_daily` together.

Belongs here: the measurement of the KPI engine. Run by hand, on a home that has been run:
``python -m tests.benchmarks.kpis_speed HOME --times 10 --days 365``. The last `days` of observations of the home count
`times` over, each time with other customers of the same segments; the web events they come from are told, so that
`times` can be chosen to make 10 million. Copies bring no new combinations of segments, of which a larger company has
more.
"""

import argparse
import contextlib
import io
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from pipeline.defs.modelling import dbt_arguments, home_project, run_dbt
from pipeline.settings import Settings
from pipeline.warehouse import connection, literal

DAILY = ("int_kpi_days__clustered", "int_kpi_days__summed", "fct_kpi_windows", "kpi_daily")
WINDOWS = (
    "int_kpi_windows__observed",
    "int_kpi_windows__clustered", "int_kpi_clusters__divided", "int_kpi_window_persons__compared",
    "int_kpi_windows__divided", "int_kpi_windows__summed", "int_kpi_durations__expanded",
    "int_kpi_durations__estimated", "int_kpi_slots__dated", "kpi_latest",
)  # fmt: skip
VIEWS = ("int_kpi_observations__placed", "int_kpi_windows__measured")
ORDER = (
    "int_kpi_observations__placed", "int_kpi_days__clustered", "int_kpi_days__summed", "int_kpi_windows__observed",
    "int_kpi_windows__clustered", "int_kpi_clusters__divided",
    "int_kpi_window_persons__compared", "int_kpi_windows__divided", "int_kpi_windows__summed",
    "int_kpi_durations__expanded",
    "int_kpi_durations__estimated", "int_kpi_windows__measured", "fct_kpi_windows", "kpi_daily",
    "int_kpi_slots__dated", "kpi_latest",
)  # fmt: skip
GIVEN = (
    "intermediate.int_kpis__judged", "intermediate.int_segment_profiles__described",
    "intermediate.int_kpi_windows__dated",
    "intermediate.int_kpi_periods__unioned", "intermediate.int_survey_efforts__judged", "seeds.kpi_catalogue",
)  # fmt: skip
BOUND_DAILY = 25.0
MOST_MEMORY = 6.0


def compiled(settings: Settings) -> dict[str, str]:
    """The SQL of the models as dbt compiles it."""
    arguments = dbt_arguments("compile", project=home_project(settings), variables={}, flags=["--select", *ORDER])
    with contextlib.redirect_stdout(io.StringIO()):  # dbt shows what it compiled
        run_dbt(settings, arguments)
    folder = settings.paths.dbt_target / "compiled" / "parcours" / "models"
    of_models = {path.stem: path for path in folder.rglob("*.sql") if path.parent.suffix != ".yml"}  # not of unit tests
    return {name: of_models[name].read_text(encoding="utf-8") for name in ORDER}


def prepare(laboratory: Path, build_file: Path, *, times: int, days: int) -> tuple[int, int]:
    """Copy what the engine reads into a database of its own, the observations `times` over.

    Returns:
        Observations to work on, and the web events they come from.
    """
    copies = f"range({times}) as copies (number)"
    with connection(laboratory) as opened:
        opened.execute(f"attach {literal(str(build_file))} as build (read_only)")  # its views speak of it by that name
        for schema in ("landing", "seeds", "intermediate", "marts", "published"):
            opened.execute(f"create schema {schema}")
        for name in GIVEN:
            opened.execute(f"create table {name} as select * from build.{name}")
        opened.execute(
            "create table landing.run_parameters as select max(window_end) as as_of_date "
            "from intermediate.int_kpi_windows__dated"
        )
        opened.execute(
            "create table intermediate.int_kpi_observations__judged as select observations.* replace "
            "(customer_key || number as customer_key, person_key || number as person_key) "
            f"from build.intermediate.int_kpi_observations__judged as observations cross join {copies} "
            f"where observed_on > (select as_of_date - {days} from landing.run_parameters)"
        )
        opened.execute(
            "create table intermediate.int_segment_profiles__dated as select profiles.* replace "
            "(customer_key || number as customer_key, hash(customer_key || number) as customer_number) "
            f"from build.intermediate.int_segment_profiles__dated as profiles cross join {copies}"
        )
        row = opened.execute(
            "select count(*), sum(unit_count) filter (where kpi_id = 'linked_web_event_share') "
            "from intermediate.int_kpi_observations__judged"
        ).fetchone()
    return (int(row[0]), int(row[1] or 0)) if row else (0, 0)


def measure(settings: Settings, *, times: int, days: int, threads: int) -> dict[str, float]:
    """CPU seconds per model, in the order in which they are built."""
    sql = compiled(settings)
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="parcours-kpis-") as scratch, connection() as opened:
        laboratory = Path(scratch) / "laboratory.duckdb"
        observations, events = prepare(laboratory, settings.paths.build_file, times=times, days=days)
        sys.stdout.write(f"{observations:,} observations of {events:,} web events in {days} days\n")
        opened.execute(f"attach {literal(str(laboratory))} as build")
        opened.execute("use build")
        opened.execute(f"set threads = {threads}")
        opened.execute(f"set temp_directory = {literal(scratch)}")
        opened.execute(f"set memory_limit = '{MOST_MEMORY:g}GB'")
        for name in ORDER:
            schema = "published" if name.startswith("kpi_") else "marts" if name[:4] == "fct_" else "intermediate"
            kind = "view" if name in VIEWS else "table"
            before, clock = _cpu(), time.perf_counter()
            opened.execute(f"create {kind} {schema}.{name} as {sql[name]}")
            seconds[name] = _cpu() - before
            sys.stdout.write(f"{name}: {seconds[name]:.1f} CPU s, {time.perf_counter() - clock:.1f} s\n")
    return seconds


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure, and say whether it keeps to its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    seconds = measure(Settings(home=given.home), times=given.times, days=given.days, threads=given.threads)
    daily, windows = (round(sum(seconds[name] for name in part), 1) for part in (DAILY, WINDOWS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    result = {"kpi_daily_cpu_seconds": daily, "windows_cpu_seconds": windows, "peak_gigabytes": round(peak, 1)}
    sys.stdout.write(json.dumps(result) + "\n")
    sys.exit(daily > BOUND_DAILY)


if __name__ == "__main__":
    main()

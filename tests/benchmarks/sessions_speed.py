"""What sessions cost beside the same rules written by hand, over the same touchpoints, in the same run.

Belongs here: the measurement of sessions. Run by hand, on a home that has been run:
``python -m tests.benchmarks.sessions_speed HOME``. Each side runs in a process of its own; results are compared row by
row, then CPU seconds, memory and their ratio are written out.
"""

import argparse
import contextlib
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.defs.modelling import dbt_arguments, home_project, run_dbt
from pipeline.settings import Settings
from pipeline.warehouse import connection, literal

MODELS = ("int_session_buckets__joined", "int_touchpoints__sessionized", "int_sessions__aggregated")
BASELINE = Path(__file__).parent / "baseline" / "sessions.sql"
BOUND = 1.5
MOST_MEMORY = 6.0


def prepare(build_file: Path, folder: Path) -> int:
    """Copy the web touchpoints of a home, without their sessions, into one database for each side.

    Returns:
        How many there are.
    """
    input_file = folder / "input.duckdb"
    with connection(input_file) as opened:
        opened.execute(f"attach {literal(str(build_file))} as home (read_only)")
        opened.execute(
            "create table touchpoints as select * exclude (session_key, is_session_start, is_session_end) "
            "from home.intermediate.int_touchpoints__sessionized where anonymous_id is not null"
        )
        (count,) = opened.execute("select count(*) from touchpoints").fetchone()
    for side in ("models", "baseline"):
        (folder / side).mkdir()
        shutil.copyfile(input_file, folder / side / "build.duckdb")
    with connection(folder / "models" / "build.duckdb") as opened:
        opened.execute("create schema staging; create schema intermediate")
        opened.execute("create view staging.stg_web__events as select * from touchpoints")
        opened.execute("create view intermediate.int_touchpoints__unioned as select * from touchpoints")
    return int(count)


def compiled(settings: Settings) -> dict[str, str]:
    """The SQL of the models as dbt compiles it."""
    arguments = dbt_arguments("compile", project=home_project(settings), variables={}, flags=["--select", *MODELS])
    with contextlib.redirect_stdout(io.StringIO()):  # dbt shows what it compiled
        run_dbt(settings, arguments)
    folder = settings.paths.dbt_target / "compiled" / "parcours" / "models"
    return {name: next(folder.rglob(f"{name}.sql")).read_text(encoding="utf-8") for name in MODELS}


def run_side(side: str, folder: Path, threads: int) -> None:
    """Build one side and say what it took, as JSON on standard output."""
    before, clock = os.times(), time.perf_counter()
    with connection(folder / side / "build.duckdb") as opened:
        opened.execute(f"set threads = {threads}")
        if side == "baseline":
            opened.execute(BASELINE.read_text(encoding="utf-8"))
        else:
            for name, sql in json.loads((folder / "models.json").read_text(encoding="utf-8")).items():
                opened.execute(f"create table intermediate.{name} as {sql}")
    after = os.times()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    cpu = after.user + after.system - before.user - before.system
    json.dump({"cpu": cpu, "wall": time.perf_counter() - clock, "gib": peak}, sys.stdout)


def differences(folder: Path) -> dict[str, int]:
    """Rows in which the two sides differ: events in other sessions, and sessions with another content."""
    with connection() as opened:
        opened.execute(f"attach {literal(str(folder / 'models' / 'build.duckdb'))} as models (read_only)")
        opened.execute(f"attach {literal(str(folder / 'baseline' / 'build.duckdb'))} as baseline (read_only)")
        opened.execute(
            "create temp table pairs as select ours.session_key as ours, theirs.session_key as theirs "
            "from models.intermediate.int_touchpoints__sessionized as ours "
            "full join baseline.sessionized as theirs using (touchpoint_key) group by all"
        )
        (events,) = opened.execute(
            "select 2 * count(*) - count(distinct ours) - count(distinct theirs) from pairs"
        ).fetchone()
        names = [row[0] for row in opened.execute("describe baseline.sessions").fetchall() if row[0] != "session_key"]
        columns = ", ".join(names)
        ours = f"select session_key, {columns} from models.intermediate.int_sessions__aggregated"
        theirs = f"select pairs.ours, {columns} from baseline.sessions inner join pairs on session_key = pairs.theirs"
        (sessions,) = opened.execute(
            f"select count(*) from (({ours} except all {theirs}) union all ({theirs} except all {ours}))"
        ).fetchone()
    return {"events in another session": int(events), "sessions that differ": int(sessions)}


def _measured(side: str, arguments: argparse.Namespace, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.sessions_speed", str(arguments.home), "--side", side]
    command += ["--folder", str(folder), "--threads", str(arguments.threads)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(result.stdout))


def main() -> None:
    """Measure both sides, compare what they made and say whether the bound holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--build-file", type=Path, help="if not the one of the home")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--side", choices=["models", "baseline"])
    arguments = parser.parse_args()
    if arguments.side:
        run_side(arguments.side, arguments.folder, arguments.threads)
        return
    folder = Path(tempfile.mkdtemp(prefix="sessions_speed_", dir=arguments.folder))
    settings = Settings(home=folder / "home")
    count = prepare(arguments.build_file or Settings(home=arguments.home).paths.build_file, folder)
    (folder / "models.json").write_text(json.dumps(compiled(settings)), encoding="utf-8")
    taken = {side: _measured(side, arguments, folder) for side in ("baseline", "models")}
    ratio = taken["models"]["cpu"] / taken["baseline"]["cpu"]
    sys.stdout.write(f"{count:,} events\n")
    for side, figures in taken.items():
        sys.stdout.write(f"{side}: {figures['cpu']:.1f} CPU s, {figures['wall']:.1f} s, {figures['gib']:.1f} GiB\n")
    sys.stdout.write(f"ratio {ratio:.2f} (bound {BOUND})\n")
    found = differences(folder)
    sys.stdout.write(f"{found}\n")
    shutil.rmtree(folder)
    is_good = ratio <= BOUND and taken["models"]["gib"] <= MOST_MEMORY and not any(found.values())
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()

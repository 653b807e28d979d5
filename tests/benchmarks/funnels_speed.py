"""What all shipped funnels cost beside hand-written SQL of one funnel of each kind, in the same run.

Belongs here: the measurement of the funnel engine. Run by hand, on a home that has been run:
``python -m tests.benchmarks.funnels_speed HOME``. Each side runs in a process of its own, from the same touchpoints to
entries with their steps and device; the entries of the three funnels are compared one by one, then CPU seconds, memory
and the ratio to the sum of the baselines are written out.
"""

import argparse
import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.defs.modelling import dbt_arguments, home_project, run_dbt
from pipeline.settings import Settings
from pipeline.warehouse import connection, literal

MODELS = (
    "int_touchpoint_kinds__numbered", "int_funnel_subjects__listed", "int_funnel_touchpoints__matched",
    "int_funnel_entries__chained", "int_funnel_entries__attributed",
)  # fmt: skip
BASELINE = Path(__file__).parent / "baseline"
KINDS = ("stage_model", "journey_type", "process")
BOUND = 3.0
MOST_MEMORY = 6.0
_COMPARED = "entry_step, entered_at, deadline, device, traffic_channel"


def prepare(build_file: Path, folder: Path) -> int:
    """Copy what the funnels are made from, touchpoints and seeds, into a database for each side.

    Returns:
        How many touchpoints there are.
    """
    count = 0
    for side in ("models", *KINDS):
        (folder / side).mkdir()
        with connection(folder / side / "build.duckdb") as opened:
            opened.execute(f"attach {literal(str(build_file))} as home (read_only)")
            opened.execute("create schema intermediate; create schema seeds")
            opened.execute(
                "create table intermediate.int_touchpoints__sessionized as "
                "from home.intermediate.int_touchpoints__sessionized"
            )
            opened.execute("create view touchpoints as from intermediate.int_touchpoints__sessionized")
            for seed in ("funnels", "funnel_step_definitions", "funnel_step_touchpoints"):
                opened.execute(f"create table seeds.{seed} as from home.seeds.{seed}")
            (count,) = opened.execute("select count(*) from touchpoints").fetchone() or (0,)
    return int(count)


def compiled(settings: Settings) -> dict[str, str]:
    """The statements that make the models, as dbt compiles them: a view where the model is one."""
    arguments = dbt_arguments("compile", project=home_project(settings), variables={}, flags=["--select", *MODELS])
    with contextlib.redirect_stdout(io.StringIO()):  # dbt shows what it compiled
        run_dbt(settings, arguments)
    folder = settings.paths.dbt_target / "compiled" / "parcours" / "models"
    nodes = json.loads((settings.paths.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    statements = {}
    for name in MODELS:
        kind = nodes[f"model.parcours.{name}"]["config"]["materialized"]
        sql = next(folder.rglob(f"{name}.sql")).read_text(encoding="utf-8")
        statements[name] = f"create {kind} intermediate.{name} as {sql}"
    return statements


def run_side(side: str, folder: Path, threads: int) -> None:
    """Build one side and say what it took, as JSON on standard output."""
    before, clock = os.times(), time.perf_counter()
    with connection(folder / side / "build.duckdb") as opened:
        opened.execute(f"set threads = {threads}")
        if side == "models":
            for statement in json.loads((folder / "models.json").read_text(encoding="utf-8")).values():
                opened.execute(statement)
        else:
            sql = (BASELINE / f"{side}.sql").read_text(encoding="utf-8")
            opened.execute(f"create table entries as {sql}")
    after = os.times()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    cpu = after.user + after.system - before.user - before.system
    json.dump({"cpu": cpu, "wall": time.perf_counter() - clock, "gib": peak}, sys.stdout)


def differences(folder: Path) -> dict[str, int]:
    """Entries of each baseline's funnel that the two sides do not have alike."""
    counts = {}
    with connection() as opened:
        opened.execute(f"attach {literal(str(folder / 'models' / 'build.duckdb'))} as models (read_only)")
        for kind in KINDS:
            opened.execute(f"attach {literal(str(folder / kind / 'build.duckdb'))} as {kind} (read_only)")
            entries = f"select subject_key, entry_number, {_COMPARED}"
            (funnel_id,) = opened.execute(f"select any_value(funnel_id) from {kind}.entries").fetchone() or ("",)
            made = f"models.intermediate.int_funnel_entries__attributed where funnel_id = {literal(str(funnel_id))}"
            steps = "list_filter({}, lambda at_time: at_time is not null) as steps"
            one = f"{entries}, {steps.format('reached_at')} from {kind}.entries"
            other = f"{entries}, {steps.format('reached_at')} from {made}"
            (found,) = opened.execute(
                f"select count(*) from (({one} except {other}) union all ({other} except {one}))"
            ).fetchone() or (-1,)
            counts[str(funnel_id)] = int(found)
    return counts


def measured(side: str, folder: Path, threads: int) -> dict[str, float]:
    """What one side took, in a process of its own."""
    command = [sys.executable, "-m", __spec__.name, str(folder), "--side", side, "--threads", str(threads)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> int:
    """Measure both sides and compare what they made.

    Returns:
        1 if results differ or a bound is broken.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a home that has been run")
    parser.add_argument("--side", choices=["models", *KINDS], help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if options.side:
        run_side(options.side, options.folder, options.threads)
        return 0
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        folder = Path(scratch)
        settings = Settings(home=folder / "home")
        count = prepare(Settings(home=options.folder).paths.build_file, folder)
        (folder / "models.json").write_text(json.dumps(compiled(settings)), encoding="utf-8")
        taken = {side: measured(side, folder, options.threads) for side in (*KINDS, "models")}
        differing = differences(folder)
    sum_of_baselines = sum(taken[kind]["cpu"] for kind in KINDS)
    ratio, most = taken["models"]["cpu"] / sum_of_baselines, taken["models"]["gib"]
    lines = [
        f"{side:14} {took['cpu']:6.1f} CPU s {took['wall']:6.1f} s {took['gib']:5.2f} GiB"
        for side, took in taken.items()
    ]
    lines += [f"{count:,} touchpoints; all funnels {ratio:.2f} times the sum of the baselines (at most {BOUND:g})"]
    lines += [f"entries that differ: {differing}"]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(differing.values()) or ratio > BOUND or most > MOST_MEMORY)


if __name__ == "__main__":
    raise SystemExit(main())

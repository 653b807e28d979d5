"""What landing costs beside the engine's own copy of the same file, in the same run: CPU seconds and memory.

Belongs here: the measurement of landing. Run by hand: ``python -m tests.benchmarks.landing_speed 10000000``.
The file is made first, each figure is taken in a process of its own, and scratch is removed at the end.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from pipeline.contracts import CONTRACTS
from pipeline.extract import FileReader, discover, parse_sources
from pipeline.landing import DoorSettings, land_table
from pipeline.settings import PROJECT_ROOT, Home
from pipeline.warehouse import connection, literal

DAY = date(2025, 12, 1)
FORMATS = ("csv", "parquet")
BOUNDS = {"csv": 1.5, "parquet": 2.0}
MOST_MEMORY = 4.0
_EVENTS = """
    select
        'e' || lpad((i * 7919 % {rows})::varchar, 10, '0') as event_id,
        strftime(timestamp '2025-12-01 00:00:00' + to_milliseconds((i * 86399999 // {rows})::bigint),
            '%Y-%m-%dT%H:%M:%S.%gZ') as occurred_at,
        'a' || (hash(i // 9) % 1000000)::varchar as anonymous_id,
        case when i % 5 = 0 then 'C' || (hash(i // 9) % 200000)::varchar end as user_id,
        ['page_view', 'product_view', 'search', 'add_to_cart', 'checkout_payment', 'purchase'][1 + i % 6] as event_name,
        '/catalogue/' || (hash(i) % 500)::varchar || '/article-' || (hash(i + 1) % 9000)::varchar as page_path,
        case when i % 4 = 0 then 'https://www.example.org/' end as referrer,
        ['mobile', 'desktop', 'tablet', 'app'][1 + i % 4] as device,
        ['organic', 'paid_search', 'email', 'direct'][1 + (i // 9) % 4] as traffic_channel,
        case when i % 7 = 0 then 'K' || (i % 40)::varchar end as campaign_id,
        case when i % 6 in (1, 3) then 'P' || (hash(i + 1) % 9000)::varchar end as product_id,
        case when i % 6 = 5 then 'O' || i::varchar end as order_id,
        case when i % 6 = 2 then i % 50 end as search_result_count,
        120 + hash(i + 2) % 4000 as load_milliseconds,
        null::varchar as form_id,
        i % 200 = 0 as is_internal
    from range({rows}) as events (i)
"""


def make_file(folder: Path, form: str, rows: int) -> Path:
    """Write web events in the drop folder of a home."""
    file = folder / "drop" / "web" / "web_events" / f"{DAY}.{form}"
    file.parent.mkdir(parents=True, exist_ok=True)
    how = "format csv, header" if form == "csv" else "format parquet, compression zstd"
    with connection() as opened:
        opened.execute(f"copy ({_EVENTS.format(rows=rows)}) to {literal(str(file))} ({how})")
    return file


def copy_file(folder: Path, form: str) -> None:
    """The engine's own copy to Parquet: what any landing has to pay."""
    file = folder / "drop" / "web" / "web_events" / f"{DAY}.{form}"
    reader = "read_csv" if form == "csv" else "read_parquet"
    with connection() as opened:
        opened.execute(
            f"copy (from {reader}({literal(str(file))})) to {literal(str(folder / 'copy.parquet'))} "
            "(format parquet, compression zstd)"
        )


def land_file(folder: Path, form: str) -> None:
    """Land the same file through the door."""
    content = {"version": 1, "company": {}, "sources": {"web": {"tables": {"web_events": {"format": form}}}}}
    content["sources"]["web"]["tables"]["web_events"]["files"] = [f"web/web_events/{{day}}.{form}"]  # type: ignore[index]
    mapping = parse_sources(content, name="sources.yaml").mappings["web_events"]
    home = Home(folder / f"home_{form}", folder / "drop")
    (outcome,) = land_table(
        home,
        mapping,
        CONTRACTS["web_events"],
        files=discover(home.drop, mapping),
        read=FileReader(mapping, CONTRACTS["web_events"]),
        settings=DoorSettings(bytes(range(32)), "benchmark"),
    )
    if outcome.content["row_count_quarantined"] or outcome.content["row_count_duplicate"]:
        raise RuntimeError("the benchmark's rows are clean; the door must take them all")


def measure(step: str, folder: Path, form: str) -> dict[str, float]:
    """CPU seconds and greatest memory (GiB) of one step, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.landing_speed", "--step", step, "--form", form]
    result = subprocess.run(
        [*command, "--folder", str(folder)], check=True, capture_output=True, text=True, cwd=PROJECT_ROOT
    )
    return json.loads(result.stdout.splitlines()[-1])


def main() -> None:
    """Print one line per format: seconds of the copy and of landing, their ratio, memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=2_000_000)
    parser.add_argument("--formats", nargs="*", default=FORMATS)
    parser.add_argument("--scratch", type=Path)
    for name in ("--step", "--form"):
        parser.add_argument(name)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.step:
        {"copy": copy_file, "land": land_file}[asked.step](asked.folder, asked.form)
        used = resource.getrusage(resource.RUSAGE_SELF)
        sys.stdout.write(json.dumps({"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 2**20}) + "\n")
        return
    folder = Path(tempfile.mkdtemp(dir=asked.scratch, prefix="landing-speed-"))
    try:
        for form in asked.formats:
            file = make_file(folder, form, asked.rows)
            copied, landed = measure("copy", folder, form), measure("land", folder, form)
            ratio = landed["cpu"] / copied["cpu"]
            sys.stdout.write(
                f"{form}: {asked.rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB; copy {copied['cpu']:.1f} s CPU, "
                f"landing {landed['cpu']:.1f} s; ratio {ratio:.2f} (bound {BOUNDS[form]}); "
                f"memory {landed['memory']:.2f} GiB (bound {MOST_MEMORY:g})\n"
            )
            file.unlink()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

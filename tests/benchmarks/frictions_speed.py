"""What the models of frictions and enablers cost, one by one.

Belongs here: the measurement of the friction models. Run by hand, on a home that has been run:
``python -m tests.benchmarks.frictions_speed HOME --times 7``. The home's build is copied, its visits, touchpoints and
customers are repeated under other keys, and every model is made anew from them, in the order dbt would. CPU seconds per
model are written out, dearest first, and what that makes for ten million touchpoints beside the bound.
"""

import argparse
import contextlib
import graphlib
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from pipeline.defs.modelling import dbt_arguments, home_project, run_dbt
from pipeline.settings import Settings
from pipeline.warehouse import connection

SELECTED = (
    "path:models/intermediate/frictions", "path:models/marts/frictions", "segment_friction_ranking", "segment_enablers",
)  # fmt: skip
BOUND = 25.0
"""CPU seconds for ten million touchpoints."""
REPEATED = {
    "intermediate.int_touchpoints__sessionized": (
        "touchpoint_key", "customer_key", "session_key", "source_row_id", "case_id", "order_id", "contract_id",
    ),
    "intermediate.int_sessions__aggregated": ("session_key", "customer_key"),
    "intermediate.int_segments__dated": ("customer_key",),
    "intermediate.int_segment_profiles__dated": ("customer_key",),
    "intermediate.int_customers__unified": ("customer_key",),
    "intermediate.int_identifiers__resolved": ("customer_key", "identifier"),
    "staging.stg_web__events": ("event_key",),
    "staging.stg_crm__deliveries": ("delivery_id",),
    "staging.stg_crm__interactions": ("interaction_id",),
}  # fmt: skip
"""Relations that hold visits, touchpoints and customers, with the columns that tell repetitions apart."""
_OTHER_KEY = "{0} || case when repetition = 0 then '' else '~' || repetition end"


def repeat(opened: duckdb.DuckDBPyConnection, times: int) -> int:
    """Have every row of the ``REPEATED`` relations so many times, each time under other keys.

    Returns:
        How many touchpoints there are then.
    """
    for relation, keys in REPEATED.items():
        schema, name = relation.split(".")
        again = [f"{_OTHER_KEY.format(key)} as {key}" for key in keys]
        if name == "int_segment_profiles__dated":
            again.append(f"hash({_OTHER_KEY.format('customer_key')}) as customer_number")
        opened.execute(
            f"create table {schema}.repeated as select rows_once.* replace ({', '.join(again)}) "
            f"from {relation} as rows_once cross join range({times}) as repetitions(repetition)"
        )
        opened.execute(f"drop {'view' if schema == 'staging' else 'table'} {relation}")
        opened.execute(f"alter table {schema}.repeated rename to {name}")
    opened.execute("checkpoint")
    (count,) = opened.execute("select count(*) from intermediate.int_touchpoints__sessionized").fetchone() or (0,)
    return int(count)


def statements(settings: Settings) -> dict[str, tuple[str, str]]:
    """Kind and query of every model by its relation, as dbt compiles them, each after those it reads."""
    arguments = dbt_arguments("compile", project=home_project(settings), variables={}, flags=["--select", *SELECTED])
    with contextlib.redirect_stdout(io.StringIO()):  # dbt shows what it compiled
        run_dbt(settings, arguments)
    folder = settings.paths.dbt_target / "compiled" / "parcours"
    nodes = json.loads((settings.paths.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    chosen = {
        key: node
        for key, node in nodes.items()
        if node["resource_type"] == "model" and (folder / node["original_file_path"]).is_file()
    }
    order = graphlib.TopologicalSorter(
        {key: [parent for parent in node["depends_on"]["nodes"] if parent in chosen] for key, node in chosen.items()}
    )
    return {
        f'{node["schema"]}."{node["name"]}"': (
            "view" if node["config"]["materialized"] in ("view", "touched") else "table",
            (folder / node["original_file_path"]).read_text(encoding="utf-8"),
        )
        for node in (chosen[key] for key in order.static_order())
    }


def measured(opened: duckdb.DuckDBPyConnection, made: dict[str, tuple[str, str]]) -> dict[str, float]:
    """CPU seconds that each model takes."""
    seconds = {}
    for relation in made:
        opened.execute(f"drop {'view' if _is_view(opened, relation) else 'table'} if exists {relation}")
    for relation, (kind, query) in made.items():
        before = os.times()
        opened.execute(f"create {kind} {relation} as {query}")
        after = os.times()
        seconds[relation] = after.user + after.system - before.user - before.system
    return seconds


def _is_view(opened: duckdb.DuckDBPyConnection, relation: str) -> bool:
    schema, name = relation.replace('"', "").split(".")
    found = opened.execute(
        "select count(*) from duckdb_views() where schema_name = ? and view_name = ?", [schema, name]
    ).fetchone()
    return bool(found and found[0])


def main() -> int:
    """Measure all models.

    Returns:
        1 if the bound is broken.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a home that has been run")
    parser.add_argument("--times", type=int, default=7, help="how often every visit is repeated")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made = statements(Settings(home=folder / "home"))
        shutil.copy(Settings(home=options.folder).paths.build_file, folder / "build.duckdb")
        with connection(folder / "build.duckdb") as opened:
            opened.execute(f"set threads = {options.threads}")
            count = repeat(opened, options.times)
            seconds = measured(opened, made)
    total = sum(seconds.values())
    scaled = total * 1e7 / count
    lines = [f"{took:7.2f} CPU s {relation}" for relation, took in sorted(seconds.items(), key=lambda pair: -pair[1])]
    lines += [f"{total:7.2f} CPU s for {count:,} touchpoints: {scaled:.0f} for ten million (at most {BOUND:g})"]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(scaled > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())

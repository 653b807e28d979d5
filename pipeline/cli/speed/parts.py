"""The core results and what is written by hand beside them: the same input, the same rules, compared row by row.

Belongs here: which models and which statements make a part, and how both are compared. Does not belong here: timing.
"""

import contextlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.defs.modelling import dbt_arguments, home_project, run_dbt
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.warehouse import connection, literal

BASELINE = PROJECT_ROOT / "tests" / "benchmarks" / "baseline"
SIDES = ("models", "byhand")
_TOUCHPOINTS = "intermediate.int_touchpoints__sessionized"
_BARE = (
    "select * exclude (session_key, is_session_start, is_session_end, scope_number, key_hash, row_hash) "
    "from build.{} where anonymous_id is not null"
)


@dataclass(frozen=True)
class Part:
    """A part of the core.

    Attributes:
        name: what it is called, and its hand-written SQL where ``baselines`` does not say otherwise.
        models: the models that make it, in the order they are built in.
        given: relations both sides read, and the query on the home (database ``build``) each is a table of.
        names: views with the names the hand-written SQL uses, and the relation each is.
        stands_for: relations the models read instead of the home's, and the relation each is a view of.
        baselines: hand-written SQL, one file each; a query becomes the table of its name.
        compared: pairs of queries on the databases ``models`` and ``byhand`` that give the same rows.
    """

    name: str
    models: tuple[str, ...]
    given: Mapping[str, str]
    names: Mapping[str, str]
    compared: tuple[tuple[str, str], ...]
    stands_for: Mapping[str, str]
    baselines: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Names of its hand-written SQL."""
        return self.baselines or (self.name,)


def _copied(*relations: str) -> dict[str, str]:
    return {relation: f"select * from build.{relation}" for relation in relations}


def _same(columns: str, model: str, table: str, where: str = "true") -> tuple[str, str]:
    return f"select {columns} from models.{model} where {where}", f"select {columns} from byhand.{table}"


_ENTRIES = (
    "subject_key, entry_number, entry_step, entered_at, deadline, device, traffic_channel, "
    "list_filter(reached_at, lambda at_time: at_time is not null)"
)
_FUNNELS = {"stage_model": "five_stage", "journey_type": "onboarding", "process": "checkout"}
_SESSIONS = "started_at, ended_at, event_count, customer_key, device, landing_page, exit_page, is_bounce"
_OBSERVED = """
    select least(as_of_date, last_extract_date) as last_day
    from build.landing.run_parameters cross join build.landing.table_availability where table_name = 'orders'
"""
_COHORTS = "customer_key, cohort_grain, cohort_start, first_purchase_on, periods_since_first_order, value_amount"
_MOVES = "scope, window_days, customer_key, device, last_ended_on, from_touchpoint, to_touchpoint, transition_count"
_COUNTS = "customer_key, repeat_count, recency_days, age_days"

PARTS = (
    Part(
        name="sessions",
        models=("int_session_buckets__touched", "int_touchpoints__sessionized", "int_sessions__aggregated"),
        given={"main.touchpoints": _BARE.format(_TOUCHPOINTS)},
        names={},
        stands_for={
            "intermediate.int_web_events__touched": "main.touchpoints",
            "intermediate.int_touchpoints__unioned": "main.touchpoints",
        },
        compared=(
            _same(_SESSIONS, "intermediate.int_sessions__aggregated", "sessions"),
        ),
    ),
    Part(
        name="funnels",
        models=(
            "int_touchpoint_kinds__numbered", "int_funnel_subjects__listed", "int_funnel_subjects__touched",
            "int_funnel_touchpoints__matched", "int_funnel_entries__chained", "int_funnel_entries__touched",
            "int_funnel_entries__attributed",
        ),
        given=_copied(
            _TOUCHPOINTS, "seeds.funnels", "seeds.funnel_step_definitions", "seeds.funnel_step_touchpoints"
        ),
        names={"touchpoints": _TOUCHPOINTS},
        stands_for={},
        baselines=tuple(_FUNNELS),
        compared=tuple(
            _same(
                _ENTRIES, "intermediate.int_funnel_entries__attributed", name, f"funnel_id = {literal(funnel)}"
            )
            for name, funnel in _FUNNELS.items()
        ),
    ),
    Part(
        name="transitions",
        models=("int_paths__ended", "fct_touchpoint_transitions"),
        given=_copied(
            _TOUCHPOINTS, "intermediate.int_sessions__aggregated", "intermediate.int_journey_touchpoints__placed",
            "landing.run_parameters",
        ),
        names={
            "touchpoints": _TOUCHPOINTS, "sessions": "intermediate.int_sessions__aggregated",
            "placed": "intermediate.int_journey_touchpoints__placed", "run_parameters": "landing.run_parameters",
        },
        stands_for={},
        compared=(
            _same(_MOVES, "marts.fct_touchpoint_transitions", "transitions"),
        ),
    ),
    Part(
        name="cohorts",
        models=("fct_cohort_activity",),
        given=_copied(
            "intermediate.int_purchase_days__valued", "landing.run_parameters", "landing.table_availability"
        ) | {
            "main.observed": _OBSERVED
        },
        names={"days": "intermediate.int_purchase_days__valued"},
        stands_for={},
        compared=(_same(_COHORTS, "marts.fct_cohort_activity", "cohorts"),),
    ),
    Part(
        name="customers",
        models=("int_customer_transactions__aggregated",),
        given=_copied(
            "intermediate.int_purchase_days__valued", "intermediate.int_value_settings__derived",
            "intermediate.int_margins__dated", "intermediate.int_fit_groups__assigned",
            "intermediate.int_fit_groups__rated",
        ),
        names={
            "days": "intermediate.int_purchase_days__valued", "settings": "intermediate.int_value_settings__derived"
        },
        stands_for={},
        compared=(_same(_COUNTS, "intermediate.int_customer_transactions__aggregated", "customers"),),
    ),
)  # fmt: skip


def prepare(part: Part, build_file: Path, folder: Path) -> None:
    """Make ``models.duckdb`` and ``byhand.duckdb`` in a folder, which hold what both sides are given."""
    with connection() as opened:
        # the home's views speak of their database by that name
        opened.execute(f"attach {literal(str(build_file))} as build (read_only)")
        for side in SIDES:
            opened.execute(f"attach {literal(str(folder / f'{side}.duckdb'))} as {side}")
            for schema in ("landing", "seeds", "staging", "intermediate", "marts"):
                opened.execute(f"create schema {side}.{schema}")
            for relation, query in part.given.items():
                opened.execute(f"create table {side}.{relation} as {query}")


def write_statements(part: Part, compiled: Mapping[str, str], folder: Path) -> None:
    """Write the statements of both sides as ``models.json`` and ``byhand.json``."""
    byhand = [f"create view {name} as from {relation}" for name, relation in part.names.items()]
    for name in part.files:
        sql = (BASELINE / f"{name}.sql").read_text(encoding="utf-8")
        byhand.append(f"create table {name} as {sql}" if part.baselines else sql)
    models = [f"create view {name} as from {relation}" for name, relation in part.stands_for.items()]
    models += [compiled[name] for name in part.models]
    for side, statements in zip(SIDES, (models, byhand), strict=True):
        (folder / f"{side}.json").write_text(json.dumps(statements), encoding="utf-8")


def compiled_statements(settings: Settings, models: Iterable[str]) -> dict[str, str]:
    """The statements that make models, as dbt compiles them: a view where the model is one."""
    names = list(models)
    arguments = dbt_arguments("compile", project=home_project(settings), variables={}, flags=["--select", *names])
    with contextlib.redirect_stdout(io.StringIO()):  # dbt shows what it compiled
        run_dbt(settings, arguments)
    folder = settings.paths.dbt_target / "compiled" / "parcours" / "models"
    nodes = json.loads((settings.paths.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    statements = {}
    for name in names:
        node = nodes[f"model.parcours.{name}"]
        file = next(path for path in folder.rglob(f"{name}.sql") if path.parent.suffix != ".yml")  # not of a unit test
        is_view = node["config"]["materialized"] in ("view", "touched")
        kind = "view" if is_view else "table"  # however a run keeps the table
        statements[name] = f"create {kind} {node['schema']}.{name} as {file.read_text(encoding='utf-8')}"
    return statements


def differences(part: Part, folder: Path) -> int:
    """Rows one side has and the other has not."""
    with connection() as opened:
        for side in SIDES:
            opened.execute(f"attach {literal(str(folder / f'{side}.duckdb'))} as {side} (read_only)")
        return sum(_count(opened, one, other) + _count(opened, other, one) for one, other in part.compared)


def _count(opened: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    row = opened.execute(f"select count(*) from ({one} except all {other})").fetchone()
    return int(row[0]) if row else 0

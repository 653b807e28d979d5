"""What a block of the company delivers, row by row in contract columns, without files: for studies of many companies.

Belongs here: the last version of each row under the names of the landing tables. Does not belong here: formats, days,
messes; writing (``drops``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pandas as pd

from pipeline.contracts import CONTRACTS, Contract
from pipeline.sample.delivery.extracts import Extract
from pipeline.sample.delivery.messes import Messes
from pipeline.sample.delivery.names import MACROS, directory_of
from pipeline.sample.delivery.rendering import rendering_macros, shown_frame
from pipeline.sample.delivery.rows import delivered_events, tables_of
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.world import World

QUESTIONS = ("nps", "csat", "ces", "value_for_money", "expectation")
"""Questions of the company's survey, one column each; a landing table has one row each."""
_HASH = "_hash"


@dataclass(frozen=True)
class ToldTable:
    """One landing table of a block.

    Attributes:
        table: its name.
        shown: the frame behind its rows, to be registered as ``shown``.
        columns: landing column to SQL over it.
    """

    table: str
    shown: pd.DataFrame
    columns: Mapping[str, str]


def teach_names(engine: duckdb.DuckDBPyConnection) -> None:
    """Let an engine know the names the columns of ``told_tables`` are made of."""
    for macro in (*MACROS, *rendering_macros()):
        engine.execute(macro)


def told_tables(world: World, scenario: Scenario, *, seed: int) -> Iterator[ToldTable]:
    """Every table of a block as it stands after the last drop, nothing late, twice or broken.

    Args:
        world: the block, with what the whole company has in common among its ``others``.
        scenario: what is planted in the delivery: lost tracking, answers upside down.
        seed: of the company.
    """
    streams = Streams(seed, world.block)
    makers = tables_of(
        world,
        delivered_events(world, scenario, streams),
        directory=directory_of(world.persons),
        scenario=scenario,
        messes=Messes.none(),
        streams=streams,
    )
    for make in makers:
        made = make()
        last = made.rows.drop_duplicates("row", keep="last")
        shown = shown_frame(made.frame, last, made.extract)
        contract = CONTRACTS[made.extract.table]
        if contract.table == "survey_responses":
            yield _per_question(made.extract, contract, shown)
        else:
            yield ToldTable(contract.table, shown, _columns(made.extract, contract))


def _columns(extract: Extract, contract: Contract) -> dict[str, str]:
    """SQL of each landing column; what the door hashes is hashed here without a key."""
    found = {"_key_hash": extract.key, "_event_at": f"({extract.born})::timestamp"}
    known = extract.columns | extract.extra
    for name, _ in contract.landed_columns:
        sql = known.get(name)
        if sql is None and name.endswith(_HASH) and name.removesuffix(_HASH) in known:
            sql = f"md5(lower({known[name.removesuffix(_HASH)]}))"
        if sql is None:
            continue
        if name in extract.told_later:
            sql = f"case when not _is_early then {sql} end"
        found[name] = f"money({sql})" if name in contract.amount_columns else sql
    return found


def _per_question(extract: Extract, contract: Contract, shown: pd.DataFrame) -> ToldTable:
    """A row per invitation becomes one per question; the comment goes with the first."""
    asked = pd.concat([shown.assign(_question=question) for question in QUESTIONS], ignore_index=True)
    columns = _columns(extract, contract)
    scores = " ".join(f"when {question!r} then {extract.extra[question]}" for question in QUESTIONS)
    columns |= {
        "question_id": "_question",
        "score": f"case when not _is_early then case _question {scores} end end",
        "comment": f"case when _question = 'nps' then {columns['comment']} end",
        "_key_hash": f"{extract.key} || '/' || _question",
    }
    return ToldTable(extract.table, asked, columns)

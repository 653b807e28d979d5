"""Quarantined rows read again from what was kept of them, for a day whose files are gone from the drop.

Belongs here: one accepted day, its loaded rows kept as they are, and what its quarantine becomes under the present
mapping. Does not belong here: days whose files are there; those are simply landed anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb

from pipeline.contracts import Contract, Delivery
from pipeline.landing import outcome as outcomes_of
from pipeline.landing import store
from pipeline.landing.case import DayCase
from pipeline.landing.judge import judge_day, landed_sql, quarantine_sql
from pipeline.landing.kept import KeptReader, Replayed, stage_kept
from pipeline.landing.model import ConservationError, DoorSettings, TableMapping
from pipeline.landing.quarantined import QuarantinedRow, quarantined_rows
from pipeline.landing.references import contradictions, paths_of
from pipeline.landing.verdict import FORGOTTEN, STATUSES, reasons
from pipeline.landing.write import copy_to, private_copy
from pipeline.settings import Home
from pipeline.warehouse import connection, file_literal, literal


def replay_day(
    home: Home,
    mapping: TableMapping,
    contract: Contract,
    day: date,
    *,
    read_kept: KeptReader,
    settings: DoorSettings,
) -> bool:
    """Make a waiting version of an accepted day in which kept rows that pass the present mapping are loaded.

    A row counts once: what is loaded leaves quarantine, what repeats a loaded row becomes a duplicate, what the
    mapping leaves out now is set aside, the rest stays. Rows that could not even be split into columns stay too.

    Returns:
        Whether anything changed.

    Raises:
        ConservationError: rows were lost or made, which is a fault of the program.
    """
    accepted = store.accepted_folder(home, contract.table, day)
    before = store.read_outcome(accepted)
    kept = [row for row in quarantined_rows(home, table=contract.table, day=day) if row.state == "accepted"]
    if before is None or not kept:
        return False
    with store.scratch(home) as scratch, connection(threads=settings.threads) as opened:
        opened.execute(f"set temp_directory = {literal(str(scratch))}")
        staged = stage_kept(opened, contract, day, kept, read_kept=read_kept, scratch=scratch)
        landed = store.landed_files(home, contract.table)
        rates = [path for _, path in store.landed_files(home, "fx_rates")] if contract.amount_columns else []
        judge_day(
            opened,
            staged,
            DayCase(
                contract,
                day,
                settings,
                is_key_row=mapping.is_key_row,
                others=[item for item in landed if item[0] == day or contract.delivery is Delivery.EVENTS],
                references={**paths_of(home, contract.table, without=day), "fx_rates": rates},
            ),
        )
        content = _content(opened, before, staged, kept, contract=contract, mapping=mapping)
        if all(content[name] == before[name] for name in ("row_count_quarantined", "quarantine_reasons")):
            return False
        _write(opened, home, contract, day, content=content, staged=staged)
    return True


def _files(
    opened: duckdb.DuckDBPyConnection,
    before: Mapping[str, Any],
    staged: Sequence[tuple[str, Replayed]],
    kept: Sequence[QuarantinedRow],
) -> list[dict[str, Any]]:
    """The block of every file with its new counts."""
    found: dict[tuple[str, str], int] = {
        (name, status): int(count)
        for name, status, count in opened.execute(
            "select _source_file, _status, count(*) from door group by all "
            f"union all select _source_file, {literal(FORGOTTEN)}, row_count from forgotten"
        ).fetchall()
    }
    aside = {name: item.set_aside_count + found.get((name, FORGOTTEN), 0) for name, item in staged}
    files: list[dict[str, Any]] = []
    for file in before["files"]:
        new = {status: found.get((file["name"], status), 0) for status in STATUSES}
        gone = aside.get(file["name"], 0)
        was = sum(row.file == file["name"] for row in kept)
        if sum(new.values()) + gone != was or was != file["quarantined"]:
            raise ConservationError(
                f"{file['name']}: {file['quarantined']} rows were quarantined, {was} are kept, and {new} and {gone} "
                "set aside came of them. Nothing was changed; deliver the file again."
            )
        counts = {status: file[status] + new[status] for status in ("loaded", "duplicate")}
        files.append({**file, **counts, "quarantined": new["quarantined"], "set_aside": file["set_aside"] + gone})
    return files


def _content(
    opened: duckdb.DuckDBPyConnection,
    before: Mapping[str, Any],
    staged: Sequence[tuple[str, Replayed]],
    kept: Sequence[QuarantinedRow],
    *,
    contract: Contract,
    mapping: TableMapping,
) -> dict[str, Any]:
    files = _files(opened, before, staged, kept)
    totals = {
        f"row_count_{name}": sum(file[name] for file in files)
        for name in ("received", "loaded", "quarantined", "duplicate", "set_aside")
    }
    return {
        **before,
        "mapping_fingerprint": mapping.fingerprint,
        "files": files,
        **totals,
        "quarantine_reasons": reasons(opened),
        "contradictions": contradictions(opened, contract.table),
    }


def _write(
    opened: duckdb.DuckDBPyConnection,
    home: Home,
    contract: Contract,
    day: date,
    *,
    content: dict[str, Any],
    staged: Sequence[tuple[str, Replayed]],
) -> None:
    accepted = store.accepted_folder(home, contract.table, day)
    folder = home.pending / contract.table / f"_new_extract_date={day.isoformat()}"
    folder.mkdir(parents=True)
    both = (
        f"select * from read_parquet({file_literal(accepted / store.DATA)}, hive_partitioning = false) "
        f"union all by name select * from ({landed_sql(contract)})"
    )
    opened.execute(f"create or replace temp table both_versions as {both}")
    ordered = "select * from both_versions order by _source_file, _source_line, _key_hash"
    copy_to(opened, ordered, folder / store.DATA)
    content |= outcomes_of.landed_facts(opened, folder / store.DATA, contract)
    store.write_json(folder / store.OUTCOME, content)
    waiting = store.pending_quarantine_folder(home, contract.table, day)
    if content["row_count_quarantined"]:
        private_copy(opened, quarantine_sql(staged), waiting / store.ROWS, home=home)
    store.replace_folder(home, folder, store.pending_folder(home, contract.table, day))

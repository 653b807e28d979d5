"""The gate between a staged release and its readers: what closes it, who opened it by hand, what it said over time.

Belongs here: turning what both doors said into closed checks, and keeping the state. Does not belong here: judging,
the page (``publish``).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd

from pipeline import checks, publish
from pipeline.contracts import CONTRACTS
from pipeline.defs import ingredients as made
from pipeline.defs.session import Session
from pipeline.landing.judgements import kept_judgements, refusals
from pipeline.settings import Home, Settings

TREND = "data_quality_trend"
TREND_COLUMNS = {
    "door": "VARCHAR",
    "table_name": "VARCHAR",
    "judged_on": "DATE",
    "release_id": "VARCHAR",
    "expectation_count": "BIGINT",
    "met_count": "BIGINT",
    "warning_count": "BIGINT",
    "critical_count": "BIGINT",
}
_HISTORY = "history.jsonl"
_FINAL_COLUMNS = {"suppressed_measure_count"}
_NEW_FILE = "Put a corrected file in the drop (same name, or `.r2` before the suffix) and run again."
_MEND = "Mend the data, the mapping or the seeds and run again."


@dataclass(frozen=True)
class Judgement:
    """What door 2 is about: the release to be, and when it was judged."""

    release_id: str
    as_of: date
    at: datetime


def refused_days(home: Home) -> list[publish.ClosedCheck]:
    """Extract days door 1 refused, of tables that no release can do without."""
    return [
        publish.ClosedCheck(
            check=f"landing/{table}/{day}",
            door="landing",
            table=table,
            extract_date=str(day),
            column="",
            observed="; ".join(reasons),
            why="A release without this day of a required table tells of a part as of the whole",
            remedy=_NEW_FILE,
        )
        for table, contract in CONTRACTS.items()
        if contract.is_required
        for day, reasons in sorted(refusals(home, table).items())
    ]


def unmet_checks(verdicts: Mapping[str, checks.Verdict]) -> list[publish.ClosedCheck]:
    """Critical expectations of door 2 that are unmet, each under a name of its own."""
    found: list[publish.ClosedCheck] = []
    for table, verdict in sorted(verdicts.items()):
        seen: dict[str, int] = {}
        for outcome in verdict.outcomes:
            columns = outcome.column_name.replace(", ", "+") or "table"
            name = f"published/{table}/{columns}/{outcome.expectation.removeprefix('expect_')}"
            seen[name] = seen.get(name, 0) + 1
            if outcome.blocks:
                number = f"/{seen[name]}" if seen[name] > 1 else ""
                found.append(_closed(f"{name}{number}", table, outcome))
    return found


def _closed(name: str, table: str, outcome: checks.CheckOutcome) -> publish.ClosedCheck:
    return publish.ClosedCheck(
        check=name,
        door="published",
        table=table,
        extract_date=None,
        column=outcome.column_name,
        observed=outcome.observed_value,
        why=outcome.why,
        remedy=_MEND,
        is_final=outcome.column_name in _FINAL_COLUMNS,
    )


def still_closed(
    closed: Iterable[publish.ClosedCheck], overrides: Iterable[publish.Override]
) -> list[publish.ClosedCheck]:
    """Closed checks nobody overrode; those that guard people stay closed whatever was said."""
    opened = {override.check for override in overrides}
    return [check for check in closed if check.is_final or check.check not in opened]


def note(session: Session, judgement: Judgement, closed: Sequence[publish.ClosedCheck]) -> publish.Gate:
    """Keep what the gate says now, as state, table and page in the home."""
    home = session.settings.paths
    served = publish.current_release(home.releases)
    gate = publish.gate_now(
        publish.read_gate(home.gate),
        closed,
        release_id=judgement.release_id,
        as_of_date=str(judgement.as_of),
        served=publish.read_manifest(served) if served else None,
        at=judgement.at,
    )
    publish.write_gate(home.gate, gate, publish.gate_page(gate))
    return gate


def closed_message(gate: publish.Gate) -> str:
    """Why nothing was published, for a terminal."""
    lines = [f"  - {check.check}: {check.observed} ({check.why})" for check in gate.checks]
    served = f"release {gate.served_release_id}" if gate.served_release_id else "no release"
    return (
        "door 1 refused extract days of tables that no release can do without:\n"
        + "\n".join(lines)
        + f"\nNothing was published; {served} stays in place. {_NEW_FILE} `parcours status` says more."
    )


def earlier_overrides(home: Home, release_id: str) -> tuple[publish.Override, ...]:
    """Overrides under which this very release was published before; the same release stays as it was judged then."""
    folder = home.releases / release_id
    return publish.read_manifest(folder).overrides if folder.is_dir() else ()


def judgement_now(session: Session) -> Judgement:
    """The release the present build would make."""
    as_of = made.run_day(session)
    release = publish.release_id(str(as_of), made.ingredients(session))
    return Judgement(release, as_of, datetime.now(UTC).replace(tzinfo=None))


def keep_history(home: Home, judgement: Judgement, verdicts: Mapping[str, checks.Verdict]) -> None:
    """Append how each table fared at door 2: one line per judgement and table."""
    home.gate.mkdir(parents=True, exist_ok=True)
    with (home.gate / _HISTORY).open("a", encoding="utf-8") as log:
        for table, verdict in sorted(verdicts.items()):
            line = {
                "table_name": table,
                "judged_on": str(judgement.as_of),
                "release_id": judgement.release_id,
                "judged_at": judgement.at.isoformat(timespec="seconds") + "Z",
                **_counts((outcome.is_met, str(outcome.severity)) for outcome in verdict.outcomes),
            }
            log.write(json.dumps(line) + "\n")


def trend(home: Home, as_of: date) -> pd.DataFrame:
    """How each table fared over time: at door 1 per extract day, at door 2 per release judged, up to a day."""
    by_day: dict[tuple[str, date], list[tuple[bool, str]]] = {}
    for table, day, outcome in kept_judgements(home, as_of):
        by_day.setdefault((table, day), []).append((bool(outcome["is_met"]), str(outcome["severity"])))
    rows: list[dict[str, object]] = [
        {"door": "landing", "table_name": table, "judged_on": day, "release_id": None, **_counts(found)}
        for (table, day), found in by_day.items()
    ]
    file = home.gate / _HISTORY
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    last = {(line["release_id"], line["table_name"]): line for line in map(json.loads, lines)}
    rows += [
        {"door": "published", **{name: line[name] for name in TREND_COLUMNS if name != "door"}}
        for line in last.values()
        if line["judged_on"] <= str(as_of)
    ]
    return pd.DataFrame(rows, columns=list(TREND_COLUMNS))


def retire_old(settings: Settings, at: datetime) -> None:
    """Take releases away that the home's policy no longer keeps."""
    policy = publish.Policy(newest=settings.keep_releases, months=settings.keep_release_months)
    releases = settings.paths.releases
    publish.retire(releases, publish.retirable(releases, policy), reason="retention", at=at)


def write_data_docs(session: Session, judgement: Judgement, verdicts: Mapping[str, checks.Verdict]) -> int:
    """Build Data Docs into the home: the newest judgement of each table at either door.

    Returns:
        How many pages were written anew.
    """
    suites = session.settings.expectations
    newest: dict[str, tuple[date, list[dict[str, object]]]] = {}
    for table, day, outcome in kept_judgements(session.settings.paths, judgement.as_of):
        if table not in newest or newest[table][0] != day:
            newest[table] = (day, [])
        newest[table][1].append(outcome)
    pages = [
        checks.Page(f"landing/{table}", suites / "landing" / f"{table}.json", rows, str(day))
        for table, (day, rows) in newest.items()
    ]
    pages += [
        checks.Page(
            f"published/{table}",
            suites / "published" / f"{table}.json",
            [outcome.as_row() for outcome in verdict.outcomes],
            str(judgement.as_of),
        )
        for table, verdict in verdicts.items()
    ]
    return checks.write_data_docs(session.settings.paths.gate / "data_docs", pages)


def _counts(outcomes: Iterable[tuple[bool, str]]) -> dict[str, int]:
    found = list(outcomes)
    return {
        "expectation_count": len(found),
        "met_count": sum(is_met for is_met, _ in found),
        "warning_count": sum(not is_met and severity == "warning" for is_met, severity in found),
        "critical_count": sum(not is_met and severity == "critical" for is_met, severity in found),
    }

"""The truth about the sample company, written beside its extracts: what no extract says.

Belongs here: the truth's tables, one function each, and their files. Does not belong here: deciding what is true.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from pipeline.sample.aftermath.frames import VERBATIM_TABLES
from pipeline.sample.aftermath.verbatims import SENTIMENTS, THEMES
from pipeline.sample.delivery.days import LAST, day_number
from pipeline.sample.delivery.drops import MessyFile
from pipeline.sample.delivery.names import BROWSER_SALT, Directory, scrambled
from pipeline.sample.delivery.rendering import categorical
from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.world import World
from pipeline.sample.truth.linkage import ANONYMOUS, CRM, EMAIL, KINDS, LOYALTY, PHONE, WEB_USER, Linkage
from pipeline.warehouse import file_literal, literal

HORIZONS = {"web": ("purchase_30d", 30), "service": ("repurchase_90d", 90)}
"""Outcome of web frictions and of those after the sale, with its horizon in days."""


@dataclass
class TruthFiles:
    """Files of the truth while they are written: a part per block, put together at the end.

    Attributes:
        engine: where the parts are written.
        folder: folder of the truth.
        parts: parts so far, by table.
    """

    engine: duckdb.DuckDBPyConnection
    folder: Path
    parts: dict[str, list[Path]] = field(default_factory=dict)

    def add(self, table: str, frame: pd.DataFrame, select: str, *, block: int) -> None:
        """Write one block's rows of a table.

        Args:
            table: name of the file.
            frame: rows in numbers and words, relation ``rows`` of the query.
            select: the columns as SQL.
            block: number of the block.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"_{table}.{block:04d}.parquet"
        cursor = self.engine.cursor()
        cursor.register("rows", frame)
        cursor.execute(f"copy (select {select} from rows) to {literal(str(path))} (format parquet, compression zstd)")
        self.parts.setdefault(table, []).append(path)

    def add_all(self, table: str, frames: Iterable[pd.DataFrame], select: str, *, block: int) -> None:
        """The same for rows that come in several frames."""
        self.add(table, pd.concat(frames, ignore_index=True), select, block=block)

    def close(self) -> list[Path]:
        """Put the parts together and return the files."""
        written = []
        for table, parts in sorted(self.parts.items()):
            target = self.folder / f"{table}.parquet"
            if len(parts) == 1:
                parts[0].replace(target)
            else:
                listed = ", ".join(file_literal(path) for path in sorted(parts))
                self.engine.execute(
                    f"copy (select * from read_parquet([{listed}])) to {literal(str(target))} "
                    "(format parquet, compression zstd)"
                )
                for path in parts:
                    path.unlink()
            written.append(target)
        return written


PERSONS_SQL = (
    "person as person_id, customer_type, persona, region, country, language, acquisition_channel, "
    "order_rate as order_rate_per_day, dropout_probability, order_value_mean / 100 as order_value_mean, "
    "entered_at::timestamp as entered_at, registered_at::timestamp as registered_at, "
    "first_order_at::timestamp as first_order_at, ended_at::timestamp as ended_at, exit_cause, "
    "not is_guest and first_order_at is not null as is_customer, "
    "first_order_at is not null and ended_at is null as is_alive_at_end, "
    "expected_orders_12m, expected_value_12m / 100 as expected_value_12m"
)


def persons_truth(world: World) -> pd.DataFrame:
    """One row per person, codes in words."""
    persons = world.persons
    region = np.where(persons["region"] < 0, len(words.REGIONS), persons["region"])
    return persons.assign(
        customer_type=categorical(persons["customer_type"].to_numpy(), words.CUSTOMER_TYPES),
        persona=categorical(persons["persona"].to_numpy(), words.PERSONAS),
        region=categorical(region, (*words.REGIONS, "Étranger")),
        country=categorical(persons["country"].to_numpy(), words.COUNTRIES),
        language=categorical(persons["language"].to_numpy(), words.LANGUAGES),
        acquisition_channel=categorical(persons["acquisition_channel"].to_numpy(), words.CHANNELS),
        exit_cause=categorical(persons["exit_cause"].to_numpy(), words.EXIT_CAUSES),
    )


IDENTIFIERS_SQL = (
    "person as person_id, kind_word as identifier_type, "
    f"case when kind in ({CRM}, {WEB_USER}) then customer_name(number) when kind = {LOYALTY} then loyalty_name(number) "
    f"when kind = {ANONYMOUS} then opaque(browser_name) when kind = {EMAIL} then email else phone end as identifier, "
    "first_seen_at::timestamp as first_seen_at, is_linkable, is_shared"
)


def identifiers_truth(world: World, linkage: Linkage, directory: Directory) -> pd.DataFrame:
    """One row per person and identifier delivered, as it is delivered."""
    found = linkage.identifiers
    row, kind = found["person_row"].to_numpy(), found["kind"].to_numpy()
    return found.assign(
        person=world.persons["person"].to_numpy()[row],
        kind_word=categorical(kind, KINDS),
        browser_name=scrambled(np.maximum(found["number"].to_numpy(), 0), salt=BROWSER_SALT),
        email=directory.emails_of(np.where(kind == EMAIL, row, -1)),
        phone=directory.phones_of(np.where(kind == PHONE, row, -1)),
    )


FRICTIONS_SQL = (
    "friction as friction_type, person as person_id, moment::timestamp as occurred_at, device, customer_type, "
    "acquisition_channel, outcome, horizon_days, probability_without, probability_with, value / 100 as value_amount, "
    "own_value / 100 as own_value_amount, (probability_without - probability_with) * value / 100 as cost_amount, "
    "is_effective, is_measurable"
)


def frictions_truth(world: World) -> pd.DataFrame:
    """One row per friction lived, codes in words."""
    lived = world.exposures
    is_web = lived["friction"].to_numpy() < len(words.WEB_FRICTIONS)
    outcome = np.where(is_web, 0, 1)
    return lived.rename(columns={"at": "moment"}).assign(
        friction=categorical(lived["friction"].to_numpy(), words.FRICTIONS),
        person=world.persons["person"].to_numpy()[lived["person_row"].to_numpy()],
        device=categorical(lived["device"].to_numpy(), words.DEVICES),
        customer_type=categorical(lived["customer_type"].to_numpy(), words.CUSTOMER_TYPES),
        acquisition_channel=categorical(lived["acquisition_channel"].to_numpy(), words.CHANNELS),
        outcome=categorical(outcome, [name for name, _ in HORIZONS.values()]),
        horizon_days=np.where(is_web, HORIZONS["web"][1], HORIZONS["service"][1]),
    )


VERBATIMS_SQL = (
    '"table" as source_table, '
    "case \"table\" when 'survey_responses' then numbered('Q', \"row\") when 'feedback' then numbered('AVIS', \"row\") "
    "else numbered('CT', \"row\") end as row_id, theme, sentiment, language"
)
_SAID = {
    "survey_responses": ("response", "answered_at"),
    "feedback": ("feedback", "published_at"),
    "interactions": ("contact", "opened_at"),
}


def verbatims_truth(world: World) -> pd.DataFrame:
    """One row per text delivered by the last day, codes in words."""
    said = world.others["verbatims"]
    table, row = said["table"].to_numpy(), said["row"].to_numpy()
    is_delivered = np.zeros(len(said), dtype=bool)
    for code, name in enumerate(VERBATIM_TABLES):
        number, moment = _SAID[name]
        frame = world.others[name]
        known = frame[number].to_numpy()[day_number(frame[moment]) <= LAST]
        is_delivered |= (table == code) & np.isin(row, known)
    kept = said[is_delivered]
    return kept.assign(
        table=categorical(kept["table"].to_numpy(), VERBATIM_TABLES),
        theme=categorical(kept["theme"].to_numpy(), THEMES),
        sentiment=categorical(kept["sentiment"].to_numpy(), SENTIMENTS),
        language=categorical(kept["language"].to_numpy(), words.LANGUAGES),
    )


def messes_truth(noted: Sequence[MessyFile]) -> pd.DataFrame:
    """One row per mess: of a file, or of one row of it."""
    columns: dict[str, Callable[[MessyFile], object]] = {
        "table_name": lambda each: each.table,
        "file": lambda each: each.file,
        "mess": lambda each: each.mess,
        "row_count": lambda each: each.row_count,
        "key": lambda each: each.key,
    }
    frame = pd.DataFrame({name: [take(each) for each in noted] for name, take in columns.items()})
    return frame.astype({"table_name": "str", "file": "str", "mess": "str", "row_count": "int64", "key": "str"})


MESSES_SQL = 'table_name as "table", file, mess, row_count, key'

"""A block of the sample company straight into landing tables in memory: no texts, no files, no door.

Belongs here: the columns the models of a study read. Does not belong here: what companies deliver (``pipeline.sample``
writes that), or any model.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pandas as pd

from pipeline.contracts import CONTRACTS, DOOR_COLUMNS
from pipeline.sample import World
from pipeline.sample import vocabulary as words
from pipeline.warehouse import identifier

_WORDS: Mapping[str, Sequence[str]] = {
    "customer_type": words.CUSTOMER_TYPES,
    "region": words.REGIONS,
    "country": words.COUNTRIES,
    "language": words.LANGUAGES,
    "acquisition_channel": words.CHANNELS,
    "event_name": words.EVENT_NAMES,
    "device": words.DEVICES,
    "traffic_channel": words.TRAFFIC_CHANNELS,
    "order_type": words.ORDER_TYPES,
    "currency": words.CURRENCIES,
    "sales_channel": words.SALES_CHANNELS,
}
_ORDER_ID = "case when order_type = 'sale' then 'sale ' else 'refund ' end || \"order\""

_TABLES: Mapping[str, Mapping[str, str]] = {
    "customers": {
        "customer_id": "customer::varchar",
        "customer_type": "customer_type",
        "region": "region",
        "country": "country",
        "acquisition_channel": "acquisition_channel",
        "language": "language",
        "registered_at": "registered_at",
        "_key_hash": "customer::varchar",
        "_event_at": "registered_at",
    },
    "orders": {
        "order_id": _ORDER_ID,
        "customer_id": "case when customer >= 0 then customer::varchar end",
        "ordered_at": "ordered_at",
        "order_type": "order_type",
        "refunded_order_id": "case when refunded_order >= 0 then 'sale ' || refunded_order end",
        "currency": "currency",
        "net_amount": "cast(net_amount as decimal(18, 2)) / 100",
        "sales_channel": "sales_channel",
        "anonymous_id": "case when browser >= 0 then browser::varchar end",
        "_key_hash": _ORDER_ID,
        "_event_at": "ordered_at",
    },
    "web_events": {
        "event_id": "event::varchar",
        "occurred_at": "occurred_at",
        "anonymous_id": "browser::varchar",
        "user_id": "case when customer >= 0 then customer::varchar end",
        "event_name": "event_name",
        "device": "device",
        "traffic_channel": "traffic_channel",
        "order_id": 'case when "order" >= 0 then \'sale \' || "order" end',
        "search_result_count": "nullif(search_result_count, -1)",
        "load_milliseconds": "load_milliseconds",
        "is_internal": "is_internal",
        "_key_hash": "event::varchar",
        "_event_at": "occurred_at",
    },
    "fx_rates": {
        "currency": "currency",
        "rate_date": "cast(rate_date as date)",
        "rate": "rate",
        "_key_hash": "currency || cast(rate_date as date)",
    },
}


def land_world(opened: duckdb.DuckDBPyConnection, world: World, books: Mapping[str, pd.DataFrame]) -> None:
    """Fill the landing tables a friction study reads with one block; what they held before is gone.

    Args:
        opened: a laboratory (``studies.models``).
        world: the block. Every row is landed once, complete, under the ids of its frame.
        books: what the whole company has in common, ``fx_rates`` above all.
    """
    frames = {
        "customers": _accounts(world.persons),
        "orders": world.orders,
        "web_events": world.events,
        "fx_rates": books["fx_rates"],
    }
    for table, frame in frames.items():
        _land(opened, table, _in_words(frame))


def _land(opened: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    columns = _TABLES[table]
    kinds = dict((*CONTRACTS[table].landed_columns, *DOOR_COLUMNS))
    selected = ", ".join(f"cast({sql} as {kinds[name]}) as {identifier(name)}" for name, sql in columns.items())
    opened.register("frame", frame)
    opened.execute(f"delete from landing.{table}")
    opened.execute(f"insert into landing.{table} by name select {selected} from frame")
    opened.unregister("frame")


def _accounts(persons: pd.DataFrame) -> pd.DataFrame:
    """One row per account in the CRM: first ones, and second ones opened in a shop."""
    second = persons[persons["second_customer"] >= 0]
    second = second.assign(customer=second["second_customer"], registered_at=second["second_registered_at"])
    return pd.concat([persons[persons["customer"] >= 0], second], ignore_index=True)


def in_words(codes: pd.Series, vocabulary: Sequence[str]) -> pd.Series:
    """Words of codes; a negative code is none."""
    numbers = np.maximum(codes.to_numpy(dtype=np.int64), -1)
    return pd.Series(pd.Categorical.from_codes(numbers, pd.Index(list(vocabulary))), index=codes.index)


def _in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its codes turned into words."""
    spoken = {name: in_words(frame[name], vocabulary) for name, vocabulary in _WORDS.items() if name in frame}
    return frame.assign(**spoken)

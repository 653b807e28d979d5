"""Makes the sample company and writes all it delivers.

Belongs here: the order in which the world is made. Does not belong here: any part of that world.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipeline.sample.clicks import make_events
from pipeline.sample.deliveries import World, make_deliveries
from pipeline.sample.files import write_extract
from pipeline.sample.mapping import SOURCES_YAML
from pipeline.sample.outreach import make_fx_rates, make_marketing_costs, make_messages, make_referrals
from pipeline.sample.people import make_customers
from pipeline.sample.sales import make_sales
from pipeline.sample.seasons import FIRST_DROP, HISTORY_END, LAST_DROP
from pipeline.sample.visits import make_visits
from pipeline.sample.voices import bad_moments, make_feedback, make_interactions, make_surveys

MINIMUM_CUSTOMERS = 50


@dataclass(frozen=True)
class SampleSummary:
    """What was written.

    Attributes:
        directory: folder that holds ``drop`` and ``sources.yaml``.
        sources_file: the source mapping.
        history_end: day of the bulk files.
        first_drop: first daily drop.
        last_drop: last daily drop.
        file_count: files in the drop folder.
        size_bytes: their size.
        row_counts: rows delivered per table, repeated ones included, a resent file not.
    """

    directory: Path
    sources_file: Path
    history_end: date
    first_drop: date
    last_drop: date
    file_count: int
    size_bytes: int
    row_counts: dict[str, int]


def make_world(*, seed: int, customer_count: int) -> World:
    """Two years of an invented French retailer; each part of the world has its own stream of chance.

    Args:
        seed: same seed, same world.
        customer_count: customers ever registered.

    Raises:
        ValueError: fewer customers than a company can be made of.
    """
    if customer_count < MINIMUM_CUSTOMERS:
        raise ValueError(f"the sample company needs at least {MINIMUM_CUSTOMERS} customers; ask for more")
    streams = iter([np.random.default_rng([seed, part]) for part in range(10)])
    customers = make_customers(next(streams), customer_count)
    visits = make_visits(next(streams), customers)
    events = make_events(next(streams), visits, customers["customer_id"].to_numpy(object))
    sales = make_sales(next(streams), customers, visits, events)
    orders = sales.orders
    by_visit = orders[(orders["order_type"] == "sale") & (orders["visit"] >= 0)].set_index("visit")["order_id"]
    ordered = events["visit"].map(by_visit)
    events["order_id"] = ordered.where(events["event_name"] == "purchase", None)
    moments = bad_moments(visits, sales)
    return World(
        customers=customers,
        events=events,
        sales=sales,
        surveys=make_surveys(next(streams), customers, sales, moments),
        feedback=make_feedback(next(streams), customers, sales),
        interactions=make_interactions(next(streams), customers, sales, moments),
        messages=make_messages(next(streams), customers),
        referrals=make_referrals(next(streams), customers),
        marketing_costs=make_marketing_costs(stream := next(streams)),
        fx_rates=make_fx_rates(stream),
    )


def write_sample(directory: Path, *, seed: int = 2024, customer_count: int = 3000) -> SampleSummary:
    """Write the extracts and the source mapping of the sample company; same seed, same bytes.

    Args:
        directory: folder to write ``drop/<source>/<table>/<day>.*`` and ``sources.yaml`` into.
        seed: seed of all chance.
        customer_count: customers ever registered; the other tables grow with it.

    Returns:
        What was written.
    """
    world = make_world(seed=seed, customer_count=customer_count)
    deliveries = make_deliveries(np.random.default_rng([seed, 99]), world)
    files = [path for table, rows in deliveries.items() for path in write_extract(directory / "drop", table, rows)]
    sources_file = directory / "sources.yaml"
    sources_file.write_text(SOURCES_YAML, encoding="utf-8", newline="\n")
    return SampleSummary(
        directory=directory,
        sources_file=sources_file,
        history_end=HISTORY_END,
        first_drop=FIRST_DROP,
        last_drop=LAST_DROP,
        file_count=len(files),
        size_bytes=sum(path.stat().st_size for path in files),
        row_counts={table: len(rows) for table, rows in deliveries.items()},
    )

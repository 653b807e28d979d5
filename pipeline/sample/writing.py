"""Writes the sample company: block by block its extracts and its truth, then what closes both.

Belongs here: the order of writing. Does not belong here: the company, formats, messes, truth.
"""

import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.sample.aftermath.others import make_books
from pipeline.sample.company import CUSTOMERS_PER_BLOCK, MINIMUM_CUSTOMERS, make_world
from pipeline.sample.delivery.drops import Drop
from pipeline.sample.delivery.files import size_of
from pipeline.sample.delivery.mapping import sources_yaml
from pipeline.sample.delivery.messes import Messes
from pipeline.sample.delivery.names import directory_of
from pipeline.sample.delivery.rendering import open_engine
from pipeline.sample.delivery.rows import Table, delivered_events, tables_of
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Scenario, scenario_named
from pipeline.sample.ground.seasons import FIRST_DAY, FIRST_DROP, HISTORY_END, LAST_DROP
from pipeline.sample.ground.world import World
from pipeline.sample.truth import journeys, tables
from pipeline.sample.truth.figures import TruthSums
from pipeline.sample.truth.linkage import linkage_of

_CORES = 2


@dataclass(frozen=True)
class SampleSummary:
    """What was written.

    Attributes:
        directory: folder that holds ``drop``, ``truth`` and ``sources.yaml``.
        sources_file: the source mapping.
        truth_file: what was planted, in figures.
        history_end: day of the bulk files.
        first_drop: first daily drop.
        last_drop: last daily drop.
        file_count: files in the drop folder.
        size_bytes: their size.
        row_counts: rows delivered per table, repeated ones included, a resent file not.
    """

    directory: Path
    sources_file: Path
    truth_file: Path
    history_end: date
    first_drop: date
    last_drop: date
    file_count: int
    size_bytes: int
    row_counts: dict[str, int]


def write_sample(
    directory: Path,
    *,
    scenario: str = "mixed",
    seed: int = 2024,
    customer_count: int = 3000,
    event_count: int | None = None,
    messes: Messes | None = None,
) -> SampleSummary:
    """Write the extracts, the source mapping and the truth of the sample company; same seed, same bytes.

    Args:
        directory: folder to write ``drop/<source>/<table>/<day>.*``, ``truth`` and ``sources.yaml`` into.
        scenario: what is planted, by name.
        seed: seed of all chance.
        customer_count: customers ever registered, about; the other tables grow with it.
        event_count: web events wanted, about, instead of a number of customers.
        messes: how often deliveries go wrong; a little of everything if ``None``.

    Returns:
        What was written.

    Raises:
        ValueError: an unknown scenario, or fewer customers than a company can be made of.
    """
    planted, messes = scenario_named(scenario), messes or Messes()
    if event_count is not None:
        customer_count = round(event_count / planted.events_per_customer)
    if customer_count < MINIMUM_CUSTOMERS:
        raise ValueError(f"the sample company needs at least {MINIMUM_CUSTOMERS} customers; ask for more")
    drop, figures = _write_blocks(directory, planted, seed=seed, customer_count=customer_count, messes=messes)
    sources_file, truth_file = directory / "sources.yaml", directory / "truth.json"
    sources_file.write_text(sources_yaml(messes), encoding="utf-8", newline="\n")
    content = {
        "scenario": scenario, "seed": seed, "customer_count": customer_count, "first_day": str(FIRST_DAY),
        "last_day": str(LAST_DROP), **figures, "messes": asdict(messes),
        "files": {"drop": len(drop.written), "rows": dict(sorted(drop.row_counts.items()))},
    }  # fmt: skip
    truth_file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return SampleSummary(
        directory=directory,
        sources_file=sources_file,
        truth_file=truth_file,
        history_end=HISTORY_END,
        first_drop=FIRST_DROP,
        last_drop=LAST_DROP,
        file_count=len(drop.written),
        size_bytes=size_of(drop.written),
        row_counts=dict(drop.row_counts),
    )


def _write_blocks(
    directory: Path, scenario: Scenario, *, seed: int, customer_count: int, messes: Messes
) -> tuple[Drop, dict[str, Any]]:
    """Make, write and forget block after block, then write what needs them all; the drop and the figures."""
    sizes, sums = block_sizes(customer_count), TruthSums()
    with open_engine() as engine, ThreadPoolExecutor(_CORES) as workers:
        drop = Drop(engine, directory / "drop", messes, seed, len(sizes))
        files = tables.TruthFiles(engine, directory / "truth")
        for block, size in enumerate(sizes):
            world = make_world(scenario=scenario, seed=seed, customer_count=size, block=block)
            if block == 0:
                books = make_books(seed=seed, customer_count=customer_count)
                world = replace(world, others=world.others | books)
            sums.add(world)
            tasks = _tasks(world, scenario, Streams(seed, block), drop, files)
            for done in [workers.submit(task) for task in tasks]:
                done.result()
            del world, tasks
        drop.close()
        files.add("messes", tables.messes_truth(drop.noted), tables.MESSES_SQL, block=0)
        files.close()
    return drop, sums.content(scenario)


def block_sizes(customer_count: int) -> list[int]:
    """Customers of each block: as few blocks as possible, of nearly one size."""
    count = math.ceil(customer_count / CUSTOMERS_PER_BLOCK)
    return [customer_count // count + (block < customer_count % count) for block in range(count)]


def _tasks(
    world: World, scenario: Scenario, streams: Streams, drop: Drop, files: tables.TruthFiles
) -> Sequence[Callable[[], None]]:
    """What is written of a block; the tasks share nothing but the engine, so they may run side by side."""
    directory = directory_of(world.persons)
    events = delivered_events(world, scenario, streams)
    block = world.block

    def write(make: Callable[[], Table]) -> Callable[[], None]:
        def written() -> None:
            table = make()
            drop.add(table.extract, table.frame, table.rows, block=block)

        return written

    def write_identities() -> None:
        found = linkage_of(world, events)
        frame = tables.identifiers_truth(world, found, directory)
        files.add("identifiers", frame, tables.IDENTIFIERS_SQL, block=block)
        files.add_all("journeys", journeys.journeys_truth(world, found), journeys.JOURNEYS_SQL, block=block)

    def write_rest() -> None:
        files.add("persons", tables.persons_truth(world), tables.PERSONS_SQL, block=block)
        files.add("frictions", tables.frictions_truth(world), tables.FRICTIONS_SQL, block=block)
        files.add("verbatims", tables.verbatims_truth(world), tables.VERBATIMS_SQL, block=block)

    makers = tables_of(world, events, directory=directory, scenario=scenario, messes=drop.messes, streams=streams)
    return [write_identities, *(write(make) for make in makers), write_rest]

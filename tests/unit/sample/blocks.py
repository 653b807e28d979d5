"""A block of invented persons and orders to hang an aftermath on, without any of the process that makes real ones."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.sample.aftermath.living import Aftermath, live_through
from pipeline.sample.aftermath.others import Known, make_others
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import Friction, Scenario
from pipeline.sample.ground.seasons import end_instant, first_instant, later
from pipeline.sample.ground.vocabulary import DEVICES, FRICTIONS, WEB_FRICTIONS
from pipeline.sample.ground.world import IDS_PER_BLOCK, framed

NEVER = np.datetime64("NaT", "s")
RATES = dict.fromkeys(FRICTIONS, 0.2) | {"contact_pressure": 0.03, "late_delivery": 0.12}


def scenario(effects: dict[str, float] | None = None, rates: dict[str, float] | None = None) -> Scenario:
    """Every friction at its rate for all devices; harmless but for those with an effect."""
    effects, rates = effects or {}, RATES | (rates or {})
    usual = {name: Friction(name, (rates[name],) * len(DEVICES), 0.0) for name in FRICTIONS}
    usual = {
        name: replace(each, effect=effects.get(name, 1.0 if name in WEB_FRICTIONS else 0.0))
        for name, each in usual.items()
    }
    return Scenario(
        name="test", description="", already_there=0.4, has_seasons=True, come_back=0.2, guest_share=0.1,
        trap_rate=0.0, events_per_customer=1.0, frictions=usual,
    )  # fmt: skip


@dataclass(frozen=True)
class Block:
    """Persons, candidate orders with their lines, and what follows."""

    persons: pd.DataFrame
    orders: pd.DataFrame
    items: pd.DataFrame
    aftermath: Aftermath
    scenario: Scenario

    def others(self, seed: int = 1) -> dict[str, pd.DataFrame]:
        """Every other frame, if nobody is ever lost."""
        events = pd.DataFrame({
            "event_name": [], "visit": [], "person_row": [], "customer": [], "occurred_at": [],
        }).astype(dict.fromkeys(("event_name", "visit", "person_row", "customer"), "int64") | {
            "occurred_at": "datetime64[s]"
        })  # fmt: skip
        known = Known(self.persons, self.orders, self.items, events, self.aftermath.exposures)
        return make_others(Streams(seed), known=known, aftermath=self.aftermath)


def persons(count: int, *, seed: int = 5, block: int = 0) -> pd.DataFrame:
    """Registered customers, every tenth a guest, in order of their first order."""
    rng = np.random.default_rng(seed)
    span = int((end_instant() - first_instant()).astype(int))
    first = np.sort(later(np.full(count, first_instant()), rng.integers(-span, span, count)))
    is_guest = np.arange(count) % 10 == 9
    ids = block * IDS_PER_BLOCK + np.arange(count)
    number = np.where(is_guest, -1, ids)
    rest = {
        "customer_type": rng.integers(0, 10, count) == 0, "persona": 0, "region": 0, "country": 0,
        "language": rng.random(count) < 0.2, "acquisition_channel": rng.integers(0, 7, count),
        "device": rng.integers(0, 4, count), "has_consent": rng.random(count) < 0.6, "mood": rng.normal(0, 0.6, count),
        "order_rate": 0.01, "dropout_probability": 0.1, "order_value_mean": 6000.0, "offline_share": 0.4,
        "exit_cause": 0, "first_name": 0, "last_name": 0, "street": 0, "street_number": 1,
        "expected_orders_12m": 0.0, "expected_value_12m": 0.0,
    }  # fmt: skip
    rest = {name: np.broadcast_to(np.asarray(values), count) for name, values in rest.items()}
    moments = {
        "entered_at": first, "registered_at": np.where(is_guest, NEVER, first), "first_order_at": first,
        "interest_ends_at": first, "ended_at": np.full(count, NEVER), "second_registered_at": np.full(count, NEVER),
    }  # fmt: skip
    none = np.full(count, -1)
    return framed("persons", rest | moments | {
        "person": ids, "customer": number, "second_customer": none, "household": ids, "email": ids,
        "phone": np.where(np.arange(count) % 5 == 0, -1, ids),
        "loyalty": np.where(np.arange(count) % 2 == 0, number, -1),
        "account": none, "is_guest": is_guest,
    })  # fmt: skip


def orders(people: pd.DataFrame, count: int, *, seed: int = 6, block: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders of the history at even moments after each person's first, and two lines for each."""
    rng = np.random.default_rng(seed)
    row = rng.integers(0, len(people), count)
    start = np.maximum(people["first_order_at"].to_numpy("datetime64[s]"), first_instant())[row]
    at = later(start, rng.random(count) * (end_instant() - start).astype(np.int64) * 0.999)
    row, at = row[np.argsort(at, kind="stable")], np.sort(at)
    channel, none = rng.choice(3, count, p=(0.6, 0.35, 0.05)), np.full(count, -1)
    number = block * IDS_PER_BLOCK + np.arange(count)
    net = rng.integers(2000, 15000, count)
    frame = framed("orders", {
        "order": number, "person_row": row, "customer": people["customer"].to_numpy()[row], "ordered_at": at,
        "order_type": np.zeros(count), "refunded_order": none, "currency": np.zeros(count), "net_amount": 3 * net,
        "discount_amount": np.zeros(count), "tax_amount": np.zeros(count), "sales_channel": channel, "browser": none,
        "visit": none, "mission": none, "device": np.where(channel == 0, rng.integers(0, 4, count), -1),
        "is_first": ~pd.Series(row).duplicated().to_numpy(), "is_returned": rng.random(count) < 0.1,
        "is_whole_return": rng.random(count) < 0.6,
    })  # fmt: skip
    items = framed("items", {
        "order": np.repeat(number, 2), "line": np.tile([1, 2], count), "product": np.zeros(2 * count),
        "quantity": np.tile([1, 2], count), "unit_price": np.repeat(net, 2), "unit_cost": np.repeat(net // 2, 2),
    })  # fmt: skip
    return frame, items


def block(
    plan: Scenario | None = None, *, person_count: int = 2000, order_count: int = 12_000, seed: int = 1, number: int = 0
) -> Block:
    """A block lived through, nobody cut."""
    plan = plan or scenario()
    people = persons(person_count, block=number)
    bought, lines = orders(people, order_count, block=number)
    aftermath = live_through(Streams(seed, number), plan, people, bought)
    return Block(people, bought, lines, aftermath, plan)

"""What every friction lived has cost: the chance of the outcome without and with it, from the generator's own chances.

Belongs here: the closed forms of ``conversion`` and ``process`` applied to what happened. Does not belong here: chance.

``purchase_30d``: p = 1 - (1 - q)(1 - R): the mission buys (q, coming back to the cart included) or another one does
within the horizon (R). ``repurchase_90d``: p = P(still there) (1 - exp(-rate x operational days of the horizon)).
"""

import numpy as np
import pandas as pd

from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import (
    DAY,
    Calendar,
    Floats,
    Instants,
    Integers,
    business_day,
    end_instant,
    later,
    midnights,
)
from pipeline.sample.ground.vocabulary import FRICTIONS, PERSONAS, STEPS, WEB_FRICTIONS
from pipeline.sample.ground.world import NOBODY, framed
from pipeline.sample.shopping import conversion as odds
from pipeline.sample.shopping.conversion import Chances, chances_of
from pipeline.sample.shopping.missions import BROWSING, base_cart
from pipeline.sample.shopping.people import INTEREST_DAYS, PERSONA_SHARES, VISITOR_MISSION_RATE
from pipeline.sample.shopping.process import PROCESSES
from pipeline.sample.shopping.sales import GOODS_COST, refund_share
from pipeline.sample.shopping.visits import Visits

HORIZON_DAYS = np.where(np.isin(FRICTIONS, WEB_FRICTIONS), 30, 90)
"""Days within which the outcome counts, by friction."""
_COMES_BACK_AFTER = np.timedelta64(3, "D")
_STEP_BEFORE = {"checkout_error": "address", "price_rise": "delivery", "checkout_loop": "delivery",
                "payment_failure": "payment"}  # fmt: skip


def web_exposures(
    visits: Visits,
    frame: pd.DataFrame,
    persons: pd.DataFrame,
    struck_at: dict[str, Integers],
    *,
    scenario: Scenario,
    calendar: Calendar,
) -> pd.DataFrame:
    """Every web friction lived, with what it cost; frame ``exposures`` of ``world``.

    Args:
        visits: those that took place.
        frame: the same visits with their numbers.
        persons: all persons.
        struck_at: second of each visit at which a friction struck, where it did.
        scenario: what is planted.
        calendar: the operational clock.
    """
    chances = chances_of(scenario)
    rates = order_rates(persons, scenario)
    parts = []
    for name in WEB_FRICTIONS:
        rows = np.flatnonzero(visits.struck[name])
        struck = visits.picked(rows)
        at = later(struck.started_at, struck_at[name][rows])
        without = mission_chance(name, struck, persons, chances)
        others = 1 - _other_orders(struck, at, rates, chances, calendar)
        effect = struck.factor[name]
        who = persons.iloc[struck.person_row]
        parts.append({
            "friction": np.full(len(rows), FRICTIONS.index(name)), "person_row": struck.person_row, "at": at,
            "order": np.full(len(rows), NOBODY), "visit": frame["visit"].to_numpy()[rows],
            "device": frame["device"].to_numpy()[rows], "customer_type": who["customer_type"].to_numpy(),
            "acquisition_channel": who["acquisition_channel"].to_numpy(), "traffic_channel": struck.channel,
            "is_returning": struck.returning, "step": np.full(len(rows), STEPS.index(_STEP_BEFORE.get(name, "visit"))),
            "effect": effect, "probability_without": 1 - (1 - without[0]) * others,
            "probability_with": 1 - (1 - without[1]) * others,
            **_worth(persons, struck.person_row), "is_effective": effect != 1.0,
            "is_measurable": _is_closed(at, FRICTIONS.index(name)),
        })  # fmt: skip
    return framed("exposures", {key: np.concatenate([part[key] for part in parts]) for key in parts[0]})


def mission_chance(name: str, struck: Visits, persons: pd.DataFrame, chances: Chances) -> tuple[Floats, Floats]:
    """Chance that the mission buys, without and with this friction, given the step at which it struck.

    What else struck at the same step is taken as it was; what lies ahead is averaged.

    Args:
        name: a web friction.
        struck: visits it struck.
        persons: all persons.
        chances: of the scenario.
    """
    regime = chances.regime(business_day(struck.started_at))
    device = struck.device
    if name in BROWSING:
        return _before_cart(name, struck, persons, chances)
    fellows = {"price_rise": "checkout_loop", "checkout_loop": "price_rise"}
    fellow = fellows.get(name)
    own = np.where(struck.struck[fellow], struck.factor[fellow], 1.0) if fellow else np.ones(len(device))
    ahead = {
        "checkout_error": odds.DELIVERY[device] * chances.to_payment[regime, device] * chances.to_order[regime, device],
        "price_rise": odds.PAYMENT[device] * chances.to_order[regime, device],
        "checkout_loop": odds.PAYMENT[device] * chances.to_order[regime, device],
        "payment_failure": np.full(len(device), odds.ORDER),
    }[name]
    later_regime = chances.regime(business_day(struck.started_at) + _COMES_BACK_AFTER)
    back = np.where(struck.is_come_back, 0.0, chances.come_back * chances.from_address[later_regime, device])
    at_once = own * ahead
    hurt = at_once * struck.factor[name]
    return at_once + (1 - at_once) * back, hurt + (1 - hurt) * back


def _before_cart(name: str, struck: Visits, persons: pd.DataFrame, chances: Chances) -> tuple[Floats, Floats]:
    regime = chances.regime(business_day(struck.started_at))
    kind = persons["customer_type"].to_numpy()[struck.person_row]
    favourite = persons["device"].to_numpy()[struck.person_row]
    fellows = np.ones(len(kind))
    for other in BROWSING:
        if other != name:
            fellows *= np.where(struck.struck[other], struck.factor[other], 1.0)
    ahead = chances.regime(business_day(struck.ends_at))
    rest = chances.early_visit[ahead, favourite] ** np.maximum(struck.early_left - 1, 0)
    rest = rest * chances.last_visit[ahead, favourite, kind, struck.returning.astype(int)]
    last = base_cart(struck) * chances.from_cart[regime, struck.device, kind]
    without = fellows * np.where(struck.early_left > 0, rest, last)
    return without, without * struck.factor[name]


def order_rates(persons: pd.DataFrame, scenario: Scenario) -> Floats:
    """Orders per operational day in each regime, not bought yet and customer, shape (regimes, 2, persons).

    For a person who has not bought it is the rate of first orders while interested.
    """
    chances, undisturbed = chances_of(scenario), chances_of(scenario, planted=False)
    key = (persons["device"].to_numpy(), persons["customer_type"].to_numpy())
    persona = persons["persona"].to_numpy()
    now = chances.mission[:, key[0], key[1], :, persona]  # (persons, regimes, 2): the slice ends up in the middle
    now = np.moveaxis(now, (0, 1, 2), (2, 0, 1))
    usual = undisturbed.mission[0, key[0], key[1], 1, persona]
    rate, offline = persons["order_rate"].to_numpy(), persons["offline_share"].to_numpy()
    returning = rate * (offline + (1 - offline) * now[:, 1] / usual)
    return np.stack([VISITOR_MISSION_RATE * now[:, 0], returning], axis=1)


def _other_orders(struck: Visits, at: Instants, rates: Floats, chances: Chances, calendar: Calendar) -> Floats:
    """Chance of an order from another mission within the horizon."""
    spans = _spans(at, 30, chances, calendar)
    span = spans.sum(axis=0)
    rate = (spans * rates[:, struck.returning.astype(int), struck.person_row]).sum(axis=0) / span
    loss = np.where(struck.returning, 0.0, 1 / INTEREST_DAYS)
    total = np.maximum(rate + loss, 1e-12)
    return np.asarray(rate / total * -np.expm1(-total * span))


def _spans(at: Instants, days: int, chances: Chances, calendar: Calendar) -> Floats:
    """Operational days of the horizon that fall into each regime, shape (regimes, exposures)."""
    bounds = calendar.operational(midnights(chances.changes))
    start, end = calendar.operational(at), calendar.operational(later(at, np.full(len(at), days * DAY)))
    low, high = np.append(-np.inf, bounds)[:, None], np.append(bounds, np.inf)[:, None]
    return np.asarray(np.clip(np.minimum(end, high) - np.maximum(start, low), 0.0, None))


def _worth(persons: pd.DataFrame, person_row: Integers) -> dict[str, Floats]:
    """Mean net margin of an order, after refunds and goods: of the customer type, and of the person; euro cents.

    Goods that come back are paid for all the same: nothing in the extracts says that they are sold again.
    """
    kind = persons["customer_type"].to_numpy()[person_row]
    goods = sum(GOODS_COST) / 2
    shares = np.array(PERSONA_SHARES) @ refund_share(np.arange(len(PERSONAS)))
    by_type = np.array([100 * process.mean_order_value for process in PROCESSES.values()]) * (1 - shares - goods)
    own = persons["order_value_mean"].to_numpy()[person_row]
    back = refund_share(persons["persona"].to_numpy()[person_row])
    return {"value": by_type[kind], "own_value": own * (1 - back - goods)}


def _is_closed(at: Instants, friction: int | Integers) -> np.ndarray:
    seconds = np.broadcast_to(HORIZON_DAYS[friction] * DAY, np.shape(at))
    return np.asarray(later(at, seconds) < end_instant())


def value_exposures(
    exposures: pd.DataFrame, persons: pd.DataFrame, orders: pd.DataFrame, *, scenario: Scenario, calendar: Calendar
) -> pd.DataFrame:
    """After-sale exposures with what they cost.

    Somebody may be lost to the company itself by the order (all but the first) or by another one since, and to the
    other frictions of that order; the friction takes its own share of those who are still there.

    Args:
        exposures: frame ``exposures`` of ``world`` without probabilities and values.
        persons: all persons.
        orders: sales.
        scenario: what is planted.
        calendar: the operational clock.
    """
    row, at = exposures["person_row"].to_numpy(), exposures["at"].to_numpy("datetime64[s]")
    spans = _spans(at, 90, chances_of(scenario), calendar)
    intensity = (spans * order_rates(persons, scenario)[:, 1, row]).sum(axis=0)
    rate = intensity / spans.sum(axis=0)
    start = calendar.operational(at)
    ordered = orders.set_index("order")["ordered_at"].reindex(exposures["order"]).to_numpy()
    since = np.nan_to_num(start - calendar.operational(ordered))
    dropout = persons["dropout_probability"].to_numpy()[row]
    bought = ~persons["first_order_at"].isna().to_numpy()[row]
    still_there = _past_the_order(exposures, orders, dropout) * np.exp(-rate * dropout * since)
    without = still_there * _order_in_time(exposures, persons, intensity, scenario) * bought
    effect = exposures["effect"].to_numpy()
    return exposures.assign(
        probability_without=without,
        probability_with=without * (1 - effect),
        **_worth(persons, row),
        is_effective=effect > 0,
        is_measurable=_is_closed(at, exposures["friction"].to_numpy()),
    )


def _past_the_order(exposures: pd.DataFrame, orders: pd.DataFrame, dropout: Floats) -> Floats:
    """Chance to survive the order an exposure hangs on, but for the exposure itself; 1 where it hangs on none."""
    order, effect = exposures["order"].to_numpy(), exposures["effect"].to_numpy()
    hangs = order >= 0
    stays = np.log1p(-np.where(hangs, np.minimum(effect, 0.999), 0.0))
    others = pd.Series(stays).groupby(order).transform("sum").to_numpy() - stays
    firsts = orders.loc[orders["is_first"], "order"].to_numpy()
    repeated = hangs & ~np.isin(order, firsts)
    return np.asarray(np.exp(np.where(hangs, others, 0.0)) * np.where(repeated, 1 - dropout, 1.0))


def _order_in_time(exposures: pd.DataFrame, persons: pd.DataFrame, intensity: Floats, scenario: Scenario) -> Floats:
    """Chance that somebody who is there orders within three months, too many letters in the meantime included.

    Letters come by the month: after an exposure to them the next comes two months later (a month in between would be
    the same spell), after others half a month later.
    """
    row, device = exposures["person_row"].to_numpy(), exposures["device"].to_numpy()
    letters = scenario.frictions["contact_pressure"]
    day = business_day(exposures["at"])
    stays = 1 - letters.rate_at(device, day) * letters.effect_at(day) * persons["has_consent"].to_numpy()[row]
    head_start = np.where(exposures["friction"] == FRICTIONS.index("contact_pressure"), -1.0, 0.5)
    buys = -np.expm1(-intensity / 3)
    months = (stays ** np.maximum(month + head_start, 0) * (1 - buys) ** month * buys for month in range(3))
    return np.asarray(sum(months))

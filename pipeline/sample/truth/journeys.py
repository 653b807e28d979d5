"""True journeys: what every true person touched, put through the rules of the funnels.

Belongs here: touchpoints of persons and sessions out of the world's frames. Does not belong here: the rules.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline.sample.delivery.names import BROWSER_SALT, scrambled
from pipeline.sample.ground import vocabulary as words
from pipeline.sample.ground.seasons import Integers, end_instant
from pipeline.sample.ground.world import World
from pipeline.sample.truth.funnels import CHECKOUT, FIVE_STAGE, Touches, reached_steps, sessions_of, steps_of
from pipeline.sample.truth.linkage import Linkage

JOURNEYS_SQL = (
    "funnel_id, person as person_id, "
    "case when browser >= 0 then opaque(browser_name) || '/' || session else 'person/' || person end as subject, "
    "entry_number::integer as entry_number, entry_step::integer as entry_step, step::integer as step, "
    "reached_at::timestamp as reached_at, is_linkage_certain, entry_state::varchar as entry_state"
)
_PROMOTER = 9


def journeys_truth(world: World, linkage: Linkage) -> Iterator[pd.DataFrame]:
    """One row per entry and step reached, first of the five stages by person, then of the checkout by session."""
    person = world.persons["person"].to_numpy()
    steps = reached_steps(_life(world), FIVE_STAGE, as_of=end_instant())
    row = steps["subject"].to_numpy()
    nothing = np.full(len(steps), -1, dtype=np.int64)
    yield steps.assign(
        funnel_id=FIVE_STAGE.funnel_id, person=person[row], browser=nothing, browser_name=np.uint64(0),
        session=nothing, is_linkage_certain=linkage.is_certain[row],
    )  # fmt: skip
    yield _checkouts(world, linkage)


def _life(world: World) -> Touches:
    """Everything a person touched on the site, in shops and in surveys; robots and staff touch nothing."""
    events, orders = world.events, world.orders
    stage = steps_of(FIVE_STAGE, words.EVENT_NAMES)[events["event_name"].to_numpy()]
    order = steps_of(FIVE_STAGE, ("order",))[0]
    is_sale = (orders["order_type"] == words.ORDER_TYPES.index("sale")) & (orders["net_amount"] > 0)
    subject = [np.where(events["is_internal"], -1, events["person_row"]), orders["person_row"].to_numpy()]
    moment = [events["occurred_at"].to_numpy(), orders["ordered_at"].to_numpy()]
    steps = [stage, np.where(is_sale, order, 0)]
    for row, at in _advocacy(world):
        subject.append(row)
        moment.append(at)
        steps.append(np.full(len(row), steps_of(FIVE_STAGE, ("promoter",))[0]))
    return Touches.of(np.concatenate(subject), np.concatenate(moment), np.concatenate(steps))


def _advocacy(world: World) -> Iterator[tuple[Integers, np.ndarray]]:
    """Person rows and moments of promoters' answers known by the last day."""
    surveys = world.others.get("survey_responses")
    if surveys is not None:
        score = surveys["nps"].to_numpy()
        told = (score >= _PROMOTER) & (score <= 10) & (surveys["answered_at"] < end_instant()).to_numpy()
        yield surveys["person_row"].to_numpy()[told], surveys["answered_at"].to_numpy()[told]


def _checkouts(world: World, linkage: Linkage) -> pd.DataFrame:
    events = world.events[(~world.events["is_internal"] & (world.events["person_row"] >= 0)).to_numpy()]
    browser, moment = events["browser"].to_numpy(), events["occurred_at"].to_numpy()
    session = sessions_of(browser, moment)
    stage = steps_of(CHECKOUT, words.EVENT_NAMES)[events["event_name"].to_numpy()]
    steps = reached_steps(Touches.of(session, moment, stage), CHECKOUT, as_of=end_instant())
    # sessions are numbered by browser and time: the first of each browser gives every session its own number
    first = np.zeros(session.max() + 1 if len(session) else 0, dtype=np.int64)
    owner = np.zeros_like(first)
    order = np.argsort(session, kind="stable")[::-1]  # the first event of a session is written last
    first[session[order]] = browser[order]
    owner[session[order]] = events["person_row"].to_numpy()[order]
    starts = np.flatnonzero(np.diff(first, prepend=-1))
    number = np.arange(len(first)) - np.repeat(starts, np.diff(np.append(starts, len(first)))) + 1
    at = steps["subject"].to_numpy()
    shared = world.visits.loc[world.visits["is_shared"], "browser"].unique()
    certain = linkage.is_certain[owner[at]] & ~np.isin(first[at], shared)
    return steps.assign(
        funnel_id=CHECKOUT.funnel_id, person=world.persons["person"].to_numpy()[owner[at]], browser=first[at],
        browser_name=scrambled(first[at], salt=BROWSER_SALT), session=number[at], is_linkage_certain=certain,
    )  # fmt: skip

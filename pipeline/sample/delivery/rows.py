"""Which rows of a block are delivered on which day, with what goes wrong on the way: one list per table.

Belongs here: the frames behind the extracts, tracking that fails, surveys turned upside down, messes of rows.
Does not belong here: how rows look, files.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.delivery import extracts, extracts_after, extracts_reference
from pipeline.sample.delivery.days import delivered
from pipeline.sample.delivery.extracts import Extract
from pipeline.sample.delivery.messes import LATE, OFF_SCALE, TWICE_ENCODED, Messes, chosen_rows, delays, with_copies
from pipeline.sample.delivery.names import Directory
from pipeline.sample.ground.chance import Streams
from pipeline.sample.ground.scenario import PolarityFlip, Scenario, TrackingLoss
from pipeline.sample.ground.seasons import business_day
from pipeline.sample.ground.vocabulary import DEVICES
from pipeline.sample.ground.world import World

_SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
_BEYOND = (11, 12, 15)
_PROMOTER = 9
_OF_THE_COMPANY = {"marketing_costs", "fx_rates", "initiatives"}
"""Tables about the company, not about its customers: never late, never twice."""


@dataclass(frozen=True)
class Table:
    """One table of a block, ready to be written.

    Attributes:
        extract: its columns and life.
        frame: its rows in numbers.
        rows: what is delivered: ``row``, ``day``, ``is_early``, ``mess``, ``off_scale``, in order of day.
    """

    extract: Extract
    frame: pd.DataFrame
    rows: pd.DataFrame


def delivered_events(world: World, scenario: Scenario, streams: Streams) -> pd.DataFrame:
    """The web events that reach the analytics tool: all, but for days on which tracking fails."""
    loss = scenario.tracking_loss
    return world.events if loss is None else world.events[~_is_lost(world.events, loss, streams)]


def _is_lost(events: pd.DataFrame, loss: TrackingLoss, streams: Streams) -> np.ndarray:
    day = business_day(events["occurred_at"])
    inside = (day >= np.datetime64(loss.first_day, "D")) & (day <= np.datetime64(loss.last_day, "D"))
    devices = [DEVICES.index(name) for name in loss.devices] or list(range(len(DEVICES)))
    hit = np.isin(events["device"].to_numpy(), devices)
    return np.asarray(inside & hit & (streams.of("tracking").random(len(events)) < loss.share))


def tables_of(
    world: World,
    events: pd.DataFrame,
    *,
    directory: Directory,
    scenario: Scenario,
    messes: Messes,
    streams: Streams,
) -> Iterator[Callable[[], Table]]:
    """Every table of a block, each made when it is called, the largest first.

    Args:
        world: the block.
        events: its web events as far as they are delivered.
        directory: addresses and phones of its persons.
        scenario: what is planted in the delivery.
        messes: rates of the messes.
        streams: chance of the block.
    """

    def table(extract: Extract, make: Callable[[], pd.DataFrame]) -> Callable[[], Table]:
        def made() -> Table:
            frame = make()
            return Table(extract, frame, _rows(extract, frame, messes, streams))

        return made

    chance = streams.of("extracts")
    orders_chance = streams.of("orders delivered")
    yield table(extracts.WEB_EVENTS, lambda: extracts.events_frame(events))
    for name, extract in extracts_after.EXTRACTS.items():
        if name in world.others:
            yield table(extract, lambda name=name: _after(world, name, directory, scenario))  # type: ignore[misc]
    yield table(extracts.ORDER_ITEMS, lambda: extracts.items_frame(world))
    yield table(extracts.ORDERS, lambda: extracts.orders_frame(world, orders_chance))
    yield table(extracts.CUSTOMERS, lambda: extracts.customers_frame(world, directory, chance))
    for name, extract in extracts_reference.EXTRACTS.items():
        if name in world.others:
            yield table(extract, lambda name=name: extracts_reference.frame_of(world, name))  # type: ignore[misc]


def _after(world: World, name: str, directory: Directory, scenario: Scenario) -> pd.DataFrame:
    frame = extracts_after.aftermath_frame(world, name, directory)
    flip = scenario.polarity_flip
    return _flipped(frame, flip) if name == "survey_responses" and flip is not None else frame


def _flipped(surveys: pd.DataFrame, flip: PolarityFlip) -> pd.DataFrame:
    """Answers of some days turned upside down, as a tool does whose scale was mounted the wrong way round."""
    low, high = _SCALES[flip.question]
    day = business_day(surveys["answered_at"])
    score = surveys[flip.question].to_numpy()
    hit = (day >= np.datetime64(flip.first_day, "D")) & (day <= np.datetime64(flip.last_day, "D"))
    hit &= (score >= low) & (score <= high)
    return surveys.assign(**{flip.question: np.where(hit, low + high - score, score).astype(score.dtype)})


def _rows(extract: Extract, frame: pd.DataFrame, messes: Messes, streams: Streams) -> pd.DataFrame:
    rng = streams.of(f"messes of {extract.table}")
    if extract.table in _OF_THE_COMPANY:
        messes = Messes.none()
    delay = delays(rng, len(frame), messes)
    rows = delivered(frame, born=extract.born, done=extract.done, delay=delay)
    place, day = rows["row"].to_numpy(), rows["day"].to_numpy()
    mess = np.where((delay[place] > 0) & (day > 0), LATE, 0).astype(np.int16)
    off_scale = np.zeros(len(rows), dtype=np.int8)
    if extract.text is not None:
        has_text = np.flatnonzero((frame["text"].to_numpy()[place] >= 0) & ~_hides(extract, rows))
        mess[chosen_rows(rng, has_text, messes.double_encoded_text)] |= TWICE_ENCODED
    if extract.table == "survey_responses":
        score = frame["nps"].to_numpy()[place]
        # a promoter's answer is a touchpoint of advocacy: only others mistype
        could = np.flatnonzero((score >= 0) & (score < _PROMOTER) & ~rows["is_early"].to_numpy())
        wrong = chosen_rows(rng, could, messes.off_scale_scores)
        mess[wrong] |= OFF_SCALE
        off_scale[wrong] = rng.choice(_BEYOND, size=len(wrong))
    rows = rows.assign(mess=mess, off_scale=off_scale)
    return with_copies(rng, rows, messes, has_conflicts=extract.altered is not None)


def _hides(extract: Extract, rows: pd.DataFrame) -> np.ndarray:
    """Whether the text of a row is not told yet."""
    return rows["is_early"].to_numpy() & (extract.text in extract.told_later)

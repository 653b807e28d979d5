"""How often the company writes to its customers for business: newsletters, and months of far too many.

Belongs here: marketing sends with their openings and opt-outs, and the friction of contact pressure.
Does not belong here: messages that follow an order or a survey (see ``outreach``).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.sample.aftermath.draws import HOUR, between, draw_codes, exposures_of, only_if
from pipeline.sample.aftermath.frames import MESSAGE_CHANNELS
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import DAY, FIRST_DAY, LAST_DROP, Flags, Instants, later
from pipeline.sample.ground.world import NOBODY

PRESSURE_BOUND = 6
"""More marketing messages than that within 30 days are too many."""
PRESSURE_DAYS = 30
PRESSED_SENDS = 8
"""Messages of a month of pressure, spread over four weeks."""
LETTER_CHANCE = 0.42
"""Chance that a customer who agreed gets the newsletter of a month."""
_FIRST_MONTH = np.datetime64(FIRST_DAY, "M")
_DAYS = 28
_OPENED = (0.30, 0.38)
"""Chance to be opened: generic, personalised."""
_CLICKED, _BOUNCED = 0.17, 0.015
_LEAVES, _LEAVES_UNDER_PRESSURE = 0.002, 0.008
"""Chance to opt out through one message."""


def make_pressure(
    rng: np.random.Generator, *, scenario: Scenario, persons: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Marketing sends to customers who agreed, from the month after their first order until they opt out.

    Every month each of them may get a newsletter; at the rate of ``contact_pressure`` (per month, by favourite device)
    it is a month of ``PRESSED_SENDS`` messages instead. Whoever gets more than ``PRESSURE_BOUND`` in 30 days is
    exposed, once per spell, at the message that goes beyond.

    Args:
        rng: source of chance.
        scenario: rates and effects.
        persons: all persons of the block, with ``has_consent``, ``is_guest``, ``device`` and ``first_order_at``.

    Returns:
        ``person_row``, ``sent_at`` and the other columns of frame ``messages`` that sending decides; and exposures.
    """
    can = persons["has_consent"].to_numpy(bool) & ~persons["is_guest"].to_numpy(bool)
    sends = _sent(rng, persons, since=only_if(can, persons["first_order_at"].to_numpy()), scenario=scenario)
    beyond = _goes_beyond(sends)
    struck = sends.loc[beyond, ["person_row", "device"]].assign(order=NOBODY, is_returning=True)
    at = sends.loc[beyond, "sent_at"]
    return sends, exposures_of("contact_pressure", struck, at, scenario=scenario, persons=persons)


def letters_to_others(rng: np.random.Generator, persons: pd.DataFrame) -> pd.DataFrame:
    """Newsletters to those who opened an account, agreed and never bought; nobody presses them.

    Args:
        rng: source of chance.
        persons: all persons of the block, cut, with ``registered_at``.
    """
    can = persons["has_consent"].to_numpy(bool) & persons["first_order_at"].isna().to_numpy()
    return _sent(rng, persons, since=only_if(can, persons["registered_at"].to_numpy()), scenario=None)


def _sent(
    rng: np.random.Generator, persons: pd.DataFrame, *, since: Instants, scenario: Scenario | None
) -> pd.DataFrame:
    """Marketing sends with reactions, in order of person and time, as long as the addressee has not opted out."""
    sends = _reactions(rng, _sends(rng, persons, since=since, scenario=scenario))
    return sends[~_after_opting_out(sends)].reset_index(drop=True)


def _sends(
    rng: np.random.Generator, persons: pd.DataFrame, *, since: Instants, scenario: Scenario | None
) -> pd.DataFrame:
    """All sends if nobody opted out; ``since`` is ``NaT`` for those who get none."""
    agreed = np.flatnonzero(~np.isnat(since))
    months = np.arange(_FIRST_MONTH, np.datetime64(LAST_DROP, "M") + 1)
    first = np.maximum(since[agreed].astype("datetime64[M]") + 1, _FIRST_MONTH)
    count = np.maximum((months[-1] + 1 - first).astype(np.int64), 0)
    row = np.repeat(agreed, count)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    month = np.repeat(first, count) + number
    device = persons["device"].to_numpy()[row]
    rates = np.zeros(len(row))
    if scenario is not None:
        rates = scenario.frictions["contact_pressure"].rate_at(device, month.astype("datetime64[D]") + 14)
    draw = rng.random(len(row))
    is_much = draw < rates
    kept = is_much | (draw < rates + (1 - rates) * LETTER_CHANCE)
    repeats = np.where(is_much, PRESSED_SENDS, 1)[kept]
    row, month, device = (np.repeat(each[kept], repeats) for each in (row, month, device))
    is_much = np.repeat(is_much[kept], repeats)
    place = np.arange(len(row)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    start = np.repeat(rng.integers(0, _DAYS, kept.sum()), repeats)
    # spread over the days, as volumes that jump on the day of a letter would drown any other change
    day = np.where(is_much, start % 4 + place * 28 // PRESSED_SENDS, start)
    sent = between(rng, (month.astype("datetime64[D]") + day).astype("datetime64[s]"), 8 * HOUR, 17 * HOUR)
    sends = pd.DataFrame({
        "person_row": row, "sent_at": sent, "device": device, "is_much": is_much,
        "campaign": _campaign(month), "channel": draw_codes(rng, len(row), (0.85, 0.10, 0.05)),
        "is_personalised": rng.random(len(row)) < 0.4,
    })  # fmt: skip
    return sends.sort_values(["person_row", "sent_at"], kind="stable", ignore_index=True)


def _campaign(month: npt.NDArray) -> npt.NDArray[np.int32]:
    since = month.astype("datetime64[M]").astype(np.int64)  # months since January 1970
    return np.asarray((1970 + since // 12) * 100 + since % 12 + 1, dtype=np.int32)


def _reactions(rng: np.random.Generator, sends: pd.DataFrame) -> pd.DataFrame:
    count, sent = len(sends), sends["sent_at"].to_numpy("datetime64[s]")
    arrives = rng.random(count) >= _BOUNCED
    opens = arrives & (rng.random(count) < np.array(_OPENED)[sends["is_personalised"].to_numpy(int)])
    opened = later(sent, rng.exponential(DAY / 3, count) + 60)
    clicks = opens & (rng.random(count) < _CLICKED)
    clicked = between(rng, opened, 5, 600)
    chance = np.where(sends["is_much"].to_numpy(), _LEAVES_UNDER_PRESSURE, _LEAVES)
    leaves = arrives & (sends["channel"].to_numpy() == MESSAGE_CHANNELS.index("email")) & (rng.random(count) < chance)
    return sends.assign(
        delivered_at=only_if(arrives, between(rng, sent, 5, 60)),
        opened_at=only_if(opens | leaves, opened),
        clicked_at=only_if(clicks | leaves, clicked),
        unsubscribed_at=only_if(leaves, between(rng, clicked, 10, 120)),
    )


def _after_opting_out(sends: pd.DataFrame) -> Flags:
    """Sends that never happened, as the addressee had opted out by then."""
    first = sends.groupby("person_row")["unsubscribed_at"].transform("min").to_numpy("datetime64[s]")
    return np.asarray(sends["sent_at"].to_numpy("datetime64[s]") > first)  # nothing is later than NaT


def _goes_beyond(sends: pd.DataFrame) -> Flags:
    """Sends that carry their addressee over the bound, who was not beyond it at the send before."""
    person, sent = sends["person_row"].to_numpy(), sends["sent_at"].to_numpy("datetime64[s]")
    is_beyond = np.zeros(len(sends), dtype=bool)
    if len(sends) > PRESSURE_BOUND:
        same = person[PRESSURE_BOUND:] == person[:-PRESSURE_BOUND]
        span = (sent[PRESSURE_BOUND:] - sent[:-PRESSURE_BOUND]).astype(np.int64)
        is_beyond[PRESSURE_BOUND:] = same & (span <= PRESSURE_DAYS * DAY)
    same_as_before = np.concatenate([[False], person[1:] == person[:-1]])
    was_beyond = np.concatenate([[False], is_beyond[:-1]]) & same_as_before
    return np.asarray(is_beyond & ~was_beyond)

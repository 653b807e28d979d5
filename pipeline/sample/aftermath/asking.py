"""Who is asked for an opinion, when and about what: after an order, after a contact, twice a year about it all.

Belongs here: survey invitations. Does not belong here: whether and how they are answered (see ``voices``).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.sample.aftermath.draws import HOUR, between
from pipeline.sample.aftermath.frames import SURVEY_TOUCHPOINTS, SURVEYS
from pipeline.sample.ground.seasons import DAY, later
from pipeline.sample.ground.world import NOBODY

ASKED_AFTER_ORDER, ASKED_AFTER_CONTACT, ASKED_PER_WAVE = 0.5, 0.4, 0.25
"""Shares of the orders, of the contacts closed by a human and of the customers that are asked."""
WAVES = ("2024-01-01", "2024-07-01", "2025-01-01", "2025-07-01")
"""First days of the half-years in which the relational survey asks; each is spread over all its days, so that the
mix of surveys, and with it any score over all of them, is the same all year round."""
_WAVE_DAYS = 180


@dataclass(frozen=True)
class Asked:
    """Invitations.

    Attributes:
        rows: ``survey``, ``person_row``, ``customer``, ``invited_at``, ``touchpoint``, ``wave``, ``order``.
    """

    rows: pd.DataFrame


def make_invitations(
    rng: np.random.Generator, *, persons: pd.DataFrame, orders: pd.DataFrame, cases: pd.DataFrame
) -> Asked:
    """Everybody who can be reached and is asked.

    Args:
        rng: source of chance.
        persons: all persons of the block.
        orders: kept sales with ``order``, ``person_row``, ``customer`` and ``in_hand_at`` (goods with the customer).
        cases: contacts as made by ``make_cases``, of those orders.
    """
    parts = [_after_order(rng, orders), _after_contact(rng, persons, cases), _about_it_all(rng, persons)]
    rows = pd.concat(parts, ignore_index=True)
    reachable = (rows["customer"].to_numpy() >= 0) | (persons["email"].to_numpy()[rows["person_row"].to_numpy()] >= 0)
    return Asked(rows[reachable].reset_index(drop=True))


def _after_order(rng: np.random.Generator, orders: pd.DataFrame) -> pd.DataFrame:
    about = orders[rng.random(len(orders)) < ASKED_AFTER_ORDER]
    return pd.DataFrame({
        "survey": SURVEYS.index("apres-achat"), "person_row": about["person_row"], "customer": about["customer"],
        "invited_at": between(rng, about["in_hand_at"], DAY, 6 * DAY),
        "touchpoint": SURVEY_TOUCHPOINTS.index("purchase"), "wave": -1, "order": about["order"],
    })  # fmt: skip


def _after_contact(rng: np.random.Generator, persons: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    done = ~cases["is_automatic"].to_numpy(bool) & ~cases["is_abandoned"].to_numpy(bool)
    about = cases[done & (rng.random(len(cases)) < ASKED_AFTER_CONTACT)]
    row = about["person_row"].to_numpy()
    return pd.DataFrame({
        "survey": SURVEYS.index("apres-contact"), "person_row": row, "customer": persons["customer"].to_numpy()[row],
        "invited_at": between(rng, about["closed_at"], 2 * HOUR, 2 * DAY),
        "touchpoint": SURVEY_TOUCHPOINTS.index("support"), "wave": -1, "order": about["order"],
    })  # fmt: skip


def _about_it_all(rng: np.random.Generator, persons: pd.DataFrame) -> pd.DataFrame:
    """Customers with an account, some in each wave, on a day of their own."""
    parts = []
    joined = persons["registered_at"].to_numpy("datetime64[s]")
    for wave in WAVES:
        first = np.full(len(persons), np.datetime64(wave, "s"))
        day = later(first, rng.integers(0, _WAVE_DAYS, len(persons)) * DAY)
        row = np.flatnonzero((joined < day) & (rng.random(len(persons)) < ASKED_PER_WAVE))
        parts.append(pd.DataFrame({
            "survey": SURVEYS.index("relation"), "person_row": row, "customer": persons["customer"].to_numpy()[row],
            "invited_at": between(rng, day[row], 8 * HOUR, 12 * HOUR), "touchpoint": NOBODY,
            "wave": int(wave[:4]) * 10 + (1 if wave[5:7] == "01" else 2), "order": NOBODY,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)

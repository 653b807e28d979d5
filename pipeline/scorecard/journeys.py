"""Journeys, frictions and retention with known parameters: what coverage studies feed beside KPI observations.

Belongs here: processes and the values their published intervals should hold. Does not belong here: running models.
"""

import numpy as np
import pandas as pd

from pipeline.scorecard.superpopulation import (
    STRATUM_REGION,
    STRATUM_SHARES,
    STRATUM_TYPE,
    People,
    segment_strata,
)

STEP_RATES = (0.75, 0.6, 0.85, 0.7)
"""Mean chance of the next step at steps 1 to 4 of the funnel `checkout`."""
ENTRY_RATE = 0.6
"""Entries of an average person."""
EFFECTS = {"payment_failure": -0.15, "checkout_error": -0.06, "failed_search": 0.0, "page_error": 0.0}
"""Change of the chance of the outcome by a friction, the same in every stratum."""
_VISIT_RATE = {"payment_failure": 0.35, "checkout_error": 0.2, "failed_search": 0.5, "page_error": 0.12}
_STRATA = {"payment_failure": 8, "checkout_error": 40, "failed_search": 12, "page_error": 60}
RETENTION = np.where(STRATUM_TYPE == 0, 0.82, 0.9) - 0.02 * STRATUM_REGION
"""Chance to stay active over a month, by stratum."""
MONTHS = 6
_CONCENTRATION = 6.0


def draw_funnel(chance: np.random.Generator, people: People) -> pd.DataFrame:
    """Entries of a funnel of five steps, each person with chances of their own: person, entry, step, is_converted."""
    counts = chance.poisson(ENTRY_RATE * people.activity)
    persons = np.repeat(np.arange(len(people)), counts)
    frames, alive = [], np.ones(len(persons), dtype=bool)
    for step, rate in enumerate((*STEP_RATES, 0.0), start=1):
        own = chance.beta(rate * _CONCENTRATION + 1e-9, (1 - rate) * _CONCENTRATION, len(people))
        converts = chance.random(len(persons)) < own[persons]
        entries = np.flatnonzero(alive)
        is_converted = converts[alive] & (step <= len(STEP_RATES))
        frames.append(
            pd.DataFrame({"person": persons[alive], "entry": entries, "step": step, "is_converted": is_converted})
        )
        alive = alive & converts
    return pd.concat(frames, ignore_index=True)


def funnel_parameters() -> pd.DataFrame:
    """The chance of the next step: step, parameter; the same in every segment."""
    return pd.DataFrame({"step": range(1, len(STEP_RATES) + 1), "parameter": STEP_RATES})


def draw_opportunities(chance: np.random.Generator, people: People) -> pd.DataFrame:
    """Visits in which a friction was possible: friction_type, person, stratum, is_affected, has_outcome.

    Strata are confounders: they move the chance of the friction and that of the outcome. A person's chance of the
    outcome differs from others' in the same stratum, so visits of one person depend on each other.
    """
    frames = []
    leaning = chance.uniform(-0.15, 0.15, len(people))
    for name, effect in EFFECTS.items():
        counts = chance.poisson(_VISIT_RATE[name] * people.activity)
        persons = np.repeat(np.arange(len(people)), counts)
        stratum = np.minimum(chance.geometric(3 / _STRATA[name], len(persons)) - 1, _STRATA[name] - 1)
        tilt = np.linspace(-1, 1, _STRATA[name])[stratum]
        affected = chance.random(len(persons)) < 0.12 + 0.08 * tilt
        likelihood = 0.5 - 0.15 * tilt + leaning[persons] + np.where(affected, effect, 0.0)
        frames.append(
            pd.DataFrame(
                {
                    "friction_type": name,
                    "person": persons,
                    "stratum": stratum,
                    "is_affected": affected,
                    "has_outcome": chance.random(len(persons)) < likelihood,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def draw_months(chance: np.random.Generator, people: People) -> pd.DataFrame:
    """Months with people active at their start: person, month (from 0), is_retained."""
    active = chance.random((len(people), MONTHS)) < 0.5
    persons, months = np.nonzero(active)
    retained = chance.random(len(persons)) < RETENTION[people.stratum[persons]]
    return pd.DataFrame({"person": persons, "month": months, "is_retained": retained})


def retention_parameters() -> pd.DataFrame:
    """Retention by segment: segment_dimension, segment, parameter."""
    rows = []
    for (dimension, segment), inside in segment_strata().items():
        shares = STRATUM_SHARES * inside
        rows.append((dimension, segment, float(shares @ RETENTION / shares.sum())))
    return pd.DataFrame(rows, columns=["segment_dimension", "segment", "parameter"])

"""Public reviews of an order: who writes one, how good it is, whether the company answers in time.

Belongs here: reviews and the friction of an unanswered one. Does not belong here: their words (see ``voices``).
"""

import numpy as np
import pandas as pd

from pipeline.sample.aftermath.draws import HOUR, draw_codes, exposures_of, only_if, strikes
from pipeline.sample.aftermath.parcels import Shipped
from pipeline.sample.aftermath.sayings import HURTS
from pipeline.sample.ground.scenario import Scenario
from pipeline.sample.ground.seasons import DAY, later

REPLY_DAYS = 7
"""A review of one or two stars not answered by then is unanswered."""
BAD_RATING = 2
REVIEW_CHANCE, ADDED_BY_TROUBLE = 0.09, 0.14
_SITE_SHARES = (0.4, 0.35, 0.25)
_MIDDLE, _SPREAD = 4.0, 1.0


def make_reviews(
    rng: np.random.Generator,
    *,
    scenario: Scenario,
    after: Shipped,
    persons: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reviews of orders and the bad ones nobody answered.

    Args:
        rng: source of chance.
        scenario: rates and effects.
        after: orders, parcels and returns.
        persons: all persons of the block.

    Returns:
        ``order``, ``person_row``, ``published_at``, ``platform``, ``rating``, ``replied_at`` (with ``device``,
        ``is_returning`` and ``feeling``), and exposures to ``unanswered_review``.
    """
    orders, is_late, is_long = after.orders, after.is_late(), after.is_long()
    writes = rng.random(len(orders)) < REVIEW_CHANCE + ADDED_BY_TROUBLE * (is_late | is_long)
    reviews = orders.loc[writes, ["order", "person_row", "device", "is_returning"]].reset_index(drop=True)
    count = len(reviews)
    hurt = HURTS["late_delivery"] * is_late[writes] + HURTS["long_return"] * is_long[writes]
    feeling = persons["mood"].to_numpy()[reviews["person_row"]] + rng.normal(0, _SPREAD, count) - hurt
    published = later(after.in_hand()[writes], rng.integers(6 * HOUR, 9 * DAY, count))
    rating = np.clip(np.round(_MIDDLE + feeling), 1, 5).astype(np.int8)
    is_bad = rating <= BAD_RATING
    is_left = is_bad & strikes(rng, scenario, "unanswered_review", device=reviews["device"].to_numpy(), at=published)
    days = np.where(is_left, rng.uniform(REPLY_DAYS + 1, 25, count), rng.uniform(0.1, REPLY_DAYS - 0.5, count))
    answers = rng.random(count) < np.where(is_left, 0.4, np.where(is_bad, 1.0, 0.45))
    reviews = reviews.assign(
        published_at=published, platform=draw_codes(rng, count, _SITE_SHARES), rating=rating, feeling=feeling,
        replied_at=only_if(answers, later(published, (days * DAY).astype(np.int64))),
    )  # fmt: skip
    left = reviews[is_left]
    waited = later(left["published_at"], np.full(len(left), REPLY_DAYS * DAY))
    return reviews, exposures_of("unanswered_review", left, waited, scenario=scenario, persons=persons)

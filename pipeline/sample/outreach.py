"""What the company sends and spends: messages, invitations of friends, media money, exchange rates.

Belongs here: the small tables around the journey. Does not belong here: visits, orders, surveys.
"""

import numpy as np
import pandas as pd

from pipeline.sample.people import picked
from pipeline.sample.seasons import DAY, DAY_COUNT, FIRST_DAY, LAST_DROP, draw_moments, later, to_utc

_MONTHLY_SPEND = {
    "paid_search": 210_000,
    "social": 160_000,
    "email": 35_000,
    "referral": 18_000,
}  # euro cents


def make_messages(rng: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    """Newsletters to those who agreed, some 250 a week for 3000 customers, with openings and clicks."""
    agreed = np.flatnonzero(customers["has_marketing_consent"])
    start, end = (customers[name].to_numpy(float)[agreed] for name in ("_start", "_end"))
    owner, second = draw_moments(rng, start=start, end=end, yearly_rate=np.full(len(agreed), 5.0))
    order = np.lexsort([owner, second])
    sent = to_utc(second[order])
    who = customers.iloc[agreed[owner[order]]]
    count = len(sent)
    opened = later(sent, rng.exponential(DAY / 3, count).astype(np.int64) + 60)
    clicked = later(opened, rng.integers(5, 600, count))
    draw = rng.random(count)
    nothing = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "message_id": [f"M{number:07d}" for number in range(1, count + 1)],
            "customer_id": who["customer_id"].to_numpy(object),
            "sent_at": sent,
            "channel": picked(rng, ("email", "sms", "push"), count, (0.85, 0.1, 0.05)),
            "purpose": "marketing",
            "campaign_id": "lettre-" + pd.DatetimeIndex(sent).strftime("%Y-%m").to_numpy(object),
            "is_personalised": rng.random(count) < 0.4,
            "delivered_at": later(sent, np.full(count, 30)),
            "opened_at": np.where(draw < 0.31, opened, nothing),
            "clicked_at": np.where(draw < 0.05, clicked, nothing),
            "unsubscribed_at": np.where(draw < 0.002, clicked, nothing),
        }
    )


def make_referrals(rng: np.random.Generator, customers: pd.DataFrame) -> pd.DataFrame:
    """Every customer won by referral was invited by an older one; as many invitations led nowhere."""
    friends = np.flatnonzero((customers["acquisition_channel"] == "referral") & (customers["_start"] > 0))
    inviter = (friends * rng.random(len(friends))).astype(np.int64)
    won = pd.DataFrame(
        {
            "customer_id": customers["customer_id"].to_numpy(object)[inviter],
            "referred_email": customers["email"].to_numpy(object)[friends],
            "referred_customer_id": customers["customer_id"].to_numpy(object)[friends],
            "referred_at": later(customers["registered_at"].iloc[friends], -rng.integers(3600, 6 * DAY, len(friends))),
        }
    )
    idle = won.sample(frac=1.0, random_state=rng).reset_index(drop=True)
    idle["referred_email"] = [f"ami{number:04d}@example.net" for number in range(len(idle))]
    idle["referred_customer_id"] = None
    both = pd.concat([won, idle], ignore_index=True)
    both = both[both["referred_at"] >= pd.Timestamp(FIRST_DAY)]
    both = both.sort_values(["referred_at", "referred_email"], kind="stable", ignore_index=True)
    both.insert(0, "referral_id", [f"PAR{number:05d}" for number in range(1, len(both) + 1)])
    return both


def make_marketing_costs(rng: np.random.Generator) -> pd.DataFrame:
    """Media money per month and channel, in cents; ``known_on`` is the day the books of the month close."""
    months = pd.date_range(FIRST_DAY, LAST_DROP, freq="MS")
    parts = [
        pd.DataFrame(
            {
                "month_start": months,
                "acquisition_channel": channel,
                "campaign_id": f"{channel}-permanent",
                "currency": "EUR",
                "cost_amount": np.round(spend * rng.uniform(0.85, 1.2, len(months))).astype(np.int64),
                "known_on": months + pd.offsets.MonthEnd(0),
            }
        )
        for channel, spend in _MONTHLY_SPEND.items()
    ]
    return pd.concat(parts).sort_values(["month_start", "acquisition_channel"], ignore_index=True)


def make_fx_rates(rng: np.random.Generator) -> pd.DataFrame:
    """Euros for one franc or pound, each day from a month before the first."""
    days = pd.date_range(end=pd.Timestamp(LAST_DROP), periods=DAY_COUNT + 31, freq="D")
    parts = [
        pd.DataFrame(
            {
                "currency": currency,
                "rate_date": days,
                "rate": np.round(level * np.exp(np.cumsum(rng.normal(0, 0.0012, len(days)))), 6),
            }
        )
        for currency, level in (("CHF", 1.055), ("GBP", 1.165))
    ]
    return pd.concat(parts).sort_values(["rate_date", "currency"], ignore_index=True)

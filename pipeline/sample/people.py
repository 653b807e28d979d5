"""Customers of the sample company and the visitors who never become one.

Belongs here: who there is, how often they come, how long they stay. Does not belong here: what they do.
"""

import numpy as np
import pandas as pd

from pipeline.sample import vocabulary as words
from pipeline.sample.seasons import DAY, DAY_COUNT, Flags, Floats, Integers, seconds_of_day, to_utc

_ALREADY_THERE = 0.42  # share of customers won before the first day of the history
_CHANNEL_SHARES = (0.24, 0.18, 0.08, 0.16, 0.12, 0.06, 0.16)
_STAYING_DAYS = {  # mean days until a customer is lost for good; social does not last
    "organic": 1700, "paid_search": 1300, "email": 1700, "social": 300, "direct": 2000,
    "referral": 2200, "store": 1700,
}  # fmt: skip
_VISITS_PER_YEAR = 14.5
_STORE_ORDERS_PER_YEAR = 1.05
_FICTION_PREFIXES = ("06 39 98", "01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49")
_UMLAUTS = str.maketrans("àâäçéèêëîïôöùûüÉÈ", "aaaceeeeiioouuuEE")


def picked(
    rng: np.random.Generator, options: tuple[str, ...], count: int, shares: tuple[float, ...] | None = None
) -> np.ndarray:
    """Random texts out of ``options``, shape (count,)."""
    weights = None if shares is None else np.asarray(shares) / np.sum(shares)
    return np.array(options, dtype=object)[rng.choice(len(options), size=count, p=weights)]


def only_where(condition: Flags, values: np.ndarray | list) -> np.ndarray:
    """The values where the condition holds, ``None`` elsewhere."""
    kept = np.array(values, dtype=object)
    kept[~condition] = None
    return kept


def make_customers(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """All customers ever registered by the last day, one row each, in order of registration.

    Columns starting with an underscore drive the simulation and are never delivered.
    """
    registered = _registration_seconds(rng, count)
    channel = picked(rng, words.CHANNELS, count, _CHANNEL_SHARES)
    country = picked(rng, ("FR", "CH", "GB"), count, (0.965, 0.02, 0.015))
    is_business = rng.random(count) < 0.1
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{number:06d}" for number in range(1, count + 1)],
            "customer_type": np.where(is_business, "B2B", "B2C"),
            "region": np.where(country == "FR", picked(rng, words.REGIONS, count, words.REGION_SHARES), "Étranger"),
            "country": country,
            "acquisition_channel": channel,
            "language": np.where((country == "GB") | (rng.random(count) < 0.05), "en", "fr"),
            "has_marketing_consent": rng.random(count) < 0.62,
            "registered_at": to_utc(registered),
        }
    )
    frame = pd.concat([frame, _contact_details(rng, count)], axis=1)
    frame["account_id"] = only_where(is_business, [f"SOC{n:05d}" for n in rng.integers(1, count // 12 + 2, count)])
    frame["_start"] = np.maximum(registered / DAY, 0.0)
    stays = np.array([_STAYING_DAYS[name] for name in words.CHANNELS])[_code(channel, words.CHANNELS)]
    frame["_end"] = np.minimum(frame["_start"] + rng.exponential(stays) + 1, DAY_COUNT)
    zeal = rng.gamma(1.1, 1 / 1.1, count)  # few loyal repeat buyers, many occasional ones
    from_store = channel == "store"
    frame["_visit_rate"] = _VISITS_PER_YEAR * zeal * np.where(from_store, 0.6, 1.0)
    store_zeal = 0.7 * zeal + 0.3 * rng.gamma(1.0, 1.0, count)
    frame["_store_rate"] = _STORE_ORDERS_PER_YEAR * store_zeal * np.where(from_store, 1.8, 0.9)
    frame["_mood"] = rng.normal(0, 0.6, count)
    return frame


def _registration_seconds(rng: np.random.Generator, count: int) -> Integers:
    """Local second of each registration since the first day, ascending; negative before it."""
    old = round(count * _ALREADY_THERE)
    before = -rng.integers(1, 5 * 365, old)
    during = np.floor(DAY_COUNT * rng.beta(1.15, 1.0, count - old)).astype(np.int64)
    days = np.sort(np.concatenate([before, np.minimum(during, DAY_COUNT - 1)]))
    return np.asarray(days * DAY + seconds_of_day(rng, count, in_store=True), dtype=np.int64)


def _contact_details(rng: np.random.Generator, count: int) -> pd.DataFrame:
    first = picked(rng, words.FIRST_NAMES, count)
    last = picked(rng, words.LAST_NAMES, count)
    plain = [
        f"{a}.{b}{number}@example.{top}".replace("'", "").replace(" ", "").translate(_UMLAUTS).lower()
        for number, (a, b, top) in enumerate(
            zip(first, last, picked(rng, ("fr", "com", "org"), count), strict=True), start=1
        )
    ]
    numbers = rng.permutation(max(count, 10_000))[:count]
    streets = picked(rng, words.STREETS, count)
    return pd.DataFrame(
        {
            "email": plain,
            "phone": only_where(rng.random(count) < 0.8, [_phone(number) for number in numbers]),
            "first_name": first,
            "last_name": last,
            "address": [f"{n}, {street}" for n, street in zip(rng.integers(1, 180, count), streets, strict=True)],
            "loyalty_id": only_where(rng.random(count) < 0.5, [f"F{n:08d}" for n in 40_000_000 + np.arange(count)]),
        }
    )


def _phone(number: int) -> str | None:
    """A number out of the ranges set aside for fiction; two customers never share one."""
    if number >= 10_000 * len(_FICTION_PREFIXES):
        return None
    tail = f"{number % 10_000:04d}"
    return f"{_FICTION_PREFIXES[number // 10_000]} {tail[:2]} {tail[2:]}"


def _code(values: np.ndarray, options: tuple[str, ...]) -> Integers:
    return np.asarray(pd.Categorical(values, categories=list(options)).codes, dtype=np.int64)


def visitor_windows(rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """First and last day on which each of ``count`` never-registered visitors may come."""
    start = rng.random(count) * DAY_COUNT
    return start, np.minimum(start + rng.exponential(40, count) + 1, DAY_COUNT)

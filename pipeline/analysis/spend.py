"""What the next order of a customer is worth: Gamma-Gamma, by frequency band where frequency and spend go together.

Belongs here: the independence check and the bands. Does not belong here: the model's likelihood (``gamma_gamma``).
"""

from dataclasses import dataclass

import numpy as np

from pipeline.analysis.gamma_gamma import SpendFit, fit_spend
from pipeline.analysis.triples import Floats, Integers

DEPENDENT_FROM = 0.2
"""Spearman correlation from which frequency and spend are not treated as independent."""

_BANDS = np.array([1.0, 2.0, 4.0, 8.0])
_BAND_MINIMUM = 30


def _ranks(values: Floats) -> Floats:
    """Ranks with ties at their mean."""
    _, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[index]


def spearman(first: Floats, second: Floats) -> float | None:
    """Rank correlation of two variables (n,); ``None`` where either does not vary."""
    if first.size < 3:
        return None
    one, other = _ranks(first), _ranks(second)
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / size if size > 0 else None


@dataclass(frozen=True)
class SpendModel:
    """Expected spend given frequency and mean spend so far.

    Attributes:
        fit: Gamma-Gamma, of spend relative to its band.
        correlation: Spearman's rho of frequency and spend among repeat buyers.
        customers: repeat buyers it stands on.
        bands: relative spend per frequency band (4,), all 1 where frequency and spend are independent.
    """

    fit: SpendFit
    correlation: float | None
    customers: int
    bands: Floats

    @property
    def uses_bands(self) -> bool:
        """Whether spend is modelled by frequency band."""
        return bool(np.any(self.bands != 1.0))

    def _relative(self, count: Floats) -> Floats:
        return self.bands[_band(count)]

    def expected(self, count: Floats, mean: Floats) -> Floats:
        """E[spend of the next order day] (n,), in the currency of the data; ``mean`` is not read where x is 0."""
        relative = self._relative(count)
        return relative * self.fit.expected(count, mean / relative)

    def gradient(self, count: Floats, mean: Floats) -> Floats:
        """Its derivatives by ln p, ln q, ln v (3, n); the bands count as known."""
        relative = self._relative(count)
        return relative * self.fit.gradient(count, mean / relative)

    def second_moment(self, count: Floats, mean: Floats) -> Floats:
        """E[Z²] of the customer's own mean spend Z (n,)."""
        relative = self._relative(count)
        return relative**2 * self.fit.second_moment(count, mean / relative)


def _band(count: Floats) -> Integers:
    """Index of the frequency band; who never came back belongs to the lowest."""
    return np.maximum(np.searchsorted(_BANDS, count, side="right") - 1, 0)


def _relative_spend(count: Floats, mean: Floats) -> Floats:
    """Mean spend per band over that of all (4,); a band of few takes the value of the one below."""
    whole, relative, band = float(mean.mean()), np.ones(_BANDS.size), _band(count)
    for index in range(_BANDS.size):
        inside = mean[band == index]
        below = relative[index - 1] if index else 1.0
        relative[index] = float(inside.mean()) / whole if inside.size >= _BAND_MINIMUM else below
    return relative


def fit_spend_model(count: Floats, mean: Floats) -> SpendModel | None:
    """Spend model of customers (n,) with their mean spend; those without repeat purchases or spend are left out.

    Returns:
        ``None`` where nobody is left; look at ``fit.failure`` before using the model.
    """
    usable = (count > 0) & np.isfinite(mean) & (mean > 0)
    if not usable.any():
        return None
    count, mean = count[usable], mean[usable]
    correlation = spearman(count, mean)
    depends = correlation is not None and abs(correlation) > DEPENDENT_FROM and count.size >= _BAND_MINIMUM
    bands = _relative_spend(count, mean) if depends else np.ones(_BANDS.size)
    return SpendModel(fit_spend(count, mean / bands[_band(count)]), correlation, int(count.size), bands)

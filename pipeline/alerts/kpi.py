"""What alerts need to know of a KPI.

Belongs here: the value. Does not belong here: reading it from the catalogue (``rules``).
"""

from dataclasses import dataclass

FRICTION = "friction:"
"""Begins the name of a series of visits in which a friction struck; the rest is its type."""


@dataclass(frozen=True)
class Kpi:
    """What alerts need to know of a KPI; from the catalogue.

    Attributes:
        kpi_id: as in the catalogue.
        kpi_group: satisfaction, conversion, …
        label_en: name.
        label_fr: name in French.
        unit: ratio, points, amount, hours, …
        direction: ``higher_is_better``, ``lower_is_better`` or ``neither``.
        interval_kind: proportion, ratio, mean, quantile, …
        tables: tables it rests on.
        minimum_n: units below which nothing is tested.
        lag_days: days until a day is mature.
        bound: fixed bound in the unit; ``None`` without one.
        owner: who is told.
        is_watched: whether it is tested against its own past; what is neither good nor bad is not.
        least_units: units a day needs to say anything.
        is_stock: whether what is open on a day is counted again on the next.
    """

    kpi_id: str
    kpi_group: str
    label_en: str
    label_fr: str
    unit: str
    direction: str
    interval_kind: str
    tables: tuple[str, ...]
    minimum_n: int
    lag_days: int
    bound: float | None
    owner: str
    is_watched: bool = True
    least_units: int = 1
    is_stock: bool = False

    @property
    def factor(self) -> float:
        """From numerator over denominator to the published value."""
        return 100.0 if self.interval_kind == "nps" or self.unit == "per_100" else 1.0

    @property
    def comes_in_unit(self) -> bool:
        """Whether its value is in the unit already, without the factor."""
        return self.interval_kind in ("difference", "mean_difference", "quantile")

    @property
    def bad_sign(self) -> int:
        """+1 where a rise is bad, -1 where a fall is, 0 where both are told."""
        return {"higher_is_better": -1, "lower_is_better": 1}.get(self.direction, 0)

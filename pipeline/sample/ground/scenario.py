"""Scenarios: what is planted in the sample company, how strongly, where and when. All of it is data.

Belongs here: the shape of a scenario and reading ``scenarios.yaml``. Does not belong here: acting on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from pipeline.sample.ground.vocabulary import DEVICES, FRICTIONS, WEB_FRICTIONS

_FILE = Path(__file__).with_name("scenarios.yaml")


@dataclass(frozen=True)
class Window:
    """Days, both included, on which a friction has another rate or effect.

    Attributes:
        first_day: first local day.
        last_day: last local day.
        rates: chance of exposure on those days by device, in the order of ``DEVICES``.
        effect: effect on those days.
    """

    first_day: date
    last_day: date
    rates: tuple[float, ...]
    effect: float

    def holds(self, day: np.ndarray) -> np.ndarray:
        """Whether it does on those local days (``datetime64[D]``)."""
        return (day >= np.datetime64(self.first_day, "D")) & (day <= np.datetime64(self.last_day, "D"))


@dataclass(frozen=True)
class Friction:
    """How often a friction strikes where it can, and what it does.

    Attributes:
        friction: one of ``FRICTIONS``.
        rates: chance of exposure by device, in the order of ``DEVICES``.
        effect: web friction: factor on the chance of the next step (1 = harmless); after-sale friction: chance to be
            lost by it (0 = harmless).
        window: days on which it is otherwise.
    """

    friction: str
    rates: tuple[float, ...]
    effect: float
    window: Window | None = None

    def rate_at(self, device: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Chance of exposure, shape as ``device``.

        Args:
            device: codes into ``DEVICES``.
            day: local days, ``datetime64[D]``.
        """
        usual = np.asarray(self.rates)[device]
        if self.window is None:
            return usual
        return np.where(self.window.holds(day), np.asarray(self.window.rates)[device], usual)

    def effect_at(self, day: np.ndarray) -> np.ndarray:
        """Effect on those local days (``datetime64[D]``)."""
        if self.window is None:
            return np.full(np.shape(day), self.effect)
        return np.where(self.window.holds(day), self.window.effect, self.effect)


@dataclass(frozen=True)
class Degradation:
    """A planted change of a KPI, as an alert should find it; ``size`` is relative (-0.3: 30 percent less)."""

    kpi_id: str
    segment_dimension: str
    segment: str
    stage: str
    first_day: date
    last_day: date
    size: float
    cause: str


@dataclass(frozen=True)
class Peak:
    """Days on which everybody comes more often, by that factor."""

    first_day: date
    last_day: date
    factor: float


@dataclass(frozen=True)
class TrackingLoss:
    """Days on which that share of the web events never arrives; the customers are there all the same."""

    first_day: date
    last_day: date
    share: float
    devices: tuple[str, ...]


@dataclass(frozen=True)
class PolarityFlip:
    """Days on which a survey question is delivered upside down."""

    first_day: date
    last_day: date
    question: str


@dataclass(frozen=True)
class Scenario:
    """One state of the sample company.

    Attributes:
        name: as in ``scenarios.yaml``.
        description: one sentence.
        already_there: share of the customers won in the three years before the first day.
        has_seasons: whether weekdays, months, hours and growth stretch the clock.
        come_back: chance that an abandoned cart is returned to within one to five days.
        guest_share: share of the buyers who never open an account.
        trap_rate: multiplier on everything that makes identities hard (second accounts, shared browsers and
            addresses, default values, deleted cookies); 0 = none.
        events_per_customer: web events that come with each customer asked for, visitors included.
        frictions: every friction by name.
        degradations: what an alert should find.
        peak: days of more activity.
        tracking_loss: applied to the delivery.
        polarity_flip: applied to the delivery.
    """

    name: str
    description: str
    already_there: float
    has_seasons: bool
    come_back: float
    guest_share: float
    trap_rate: float
    events_per_customer: float
    frictions: dict[str, Friction]
    degradations: tuple[Degradation, ...] = ()
    peak: Peak | None = None
    tracking_loss: TrackingLoss | None = None
    polarity_flip: PolarityFlip | None = None


@cache
def load_scenarios() -> dict[str, Scenario]:
    """Every scenario of ``scenarios.yaml`` by name.

    Raises:
        ValueError: an unknown friction, device or setting.
    """
    return read_scenarios(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def scenario_named(name: str) -> Scenario:
    """One scenario.

    Raises:
        ValueError: there is none of that name; the message lists those there are.
    """
    scenarios = load_scenarios()
    if name not in scenarios:
        raise ValueError(f"no scenario named {name!r}; there are: {', '.join(sorted(scenarios))}")
    return scenarios[name]


def read_scenarios(content: Mapping[str, Any]) -> dict[str, Scenario]:
    """Scenarios out of the parsed file: the base settings with what each scenario changes.

    Args:
        content: ``{base: {settings, frictions}, scenarios: {name: {description, settings…, frictions…}}}``.

    Raises:
        ValueError: an unknown friction, device or setting.
    """
    base, usual = content["base"], content["frictions"]
    return {name: _scenario(name, {**base, **changes}, usual) for name, changes in content["scenarios"].items()}


_OPTIONAL = {"peak": Peak, "tracking_loss": TrackingLoss, "polarity_flip": PolarityFlip}
_SWITCH = "without_frictions"
_PLAIN = (
    "description", "already_there", "has_seasons", "come_back", "guest_share", "trap_rate", "events_per_customer",
)  # fmt: skip


def _scenario(name: str, settings: Mapping[str, Any], usual: Mapping[str, Any]) -> Scenario:
    if unknown := settings.keys() - {*_PLAIN, *_OPTIONAL, "frictions", "degradations", _SWITCH}:
        raise ValueError(f"scenario {name}: unknown setting {', '.join(sorted(unknown))}")
    changed = settings.get("frictions", {})
    if unknown := {*changed, *usual} - set(FRICTIONS):
        raise ValueError(f"scenario {name}: unknown friction {', '.join(sorted(unknown))}")
    if settings.get(_SWITCH, False):
        usual = {known: {"rate": 0.0} for known in FRICTIONS}
    frictions = {known: _friction(known, {**usual[known], **changed.get(known, {})}) for known in FRICTIONS}
    optional = {key: kind(**_listed(settings[key])) for key, kind in _OPTIONAL.items() if key in settings}
    return Scenario(
        name=name,
        frictions=frictions,
        degradations=tuple(Degradation(**row) for row in settings.get("degradations", ())),
        **{key: settings[key] for key in _PLAIN},
        **optional,
    )


def _listed(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}


def _friction(name: str, settings: Mapping[str, Any]) -> Friction:
    harmless = 1.0 if name in WEB_FRICTIONS else 0.0
    usual = Friction(name, _rates(name, settings["rate"]), float(settings.get("effect", harmless)))
    if "window" not in settings:
        return usual
    days = settings["window"]
    rates = _rates(name, days["rate"]) if "rate" in days else usual.rates
    effect = float(days.get("effect", usual.effect))
    return replace(usual, window=Window(days["first_day"], days["last_day"], rates, effect))


def _rates(name: str, rate: float | Mapping[str, float]) -> tuple[float, ...]:
    """One rate for all devices, or ``{default: …, device: …}``."""
    if not isinstance(rate, Mapping):
        return (float(rate),) * len(DEVICES)
    if unknown := rate.keys() - {*DEVICES, "default"}:
        raise ValueError(f"friction {name}: unknown device {', '.join(sorted(unknown))}")
    return tuple(float(rate.get(device, rate.get("default", 0.0))) for device in DEVICES)

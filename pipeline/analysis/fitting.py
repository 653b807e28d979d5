"""One group's models: fitted before the hold-out, judged on it, fitted again on everything.

Belongs here: which models are tried and which one the hold-out chooses. Does not belong here: what a group does that
has none (``fallback``).
"""

from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.analysis.backtest import Backtest, backtest
from pipeline.analysis.beta_geometric import BG_NBD, MBG_NBD
from pipeline.analysis.customers import Customers, Settings
from pipeline.analysis.pareto import PARETO_NBD
from pipeline.analysis.purchase_model import PurchaseFit, PurchaseModel, fit_purchases
from pipeline.analysis.spend import SpendModel, fit_spend_model
from pipeline.analysis.triples import Triples

MODELS: tuple[PurchaseModel, ...] = (BG_NBD, MBG_NBD, PARETO_NBD)
"""In the order of preference among equals."""

_MORTAL = {MBG_NBD.name, PARETO_NBD.name}


@dataclass(frozen=True)
class Candidate:
    """One model of a group.

    Attributes:
        past: fitted before the hold-out.
        test: how it did on the hold-out; ``None`` where it could not be judged.
        now: fitted on everything; ``None`` where that was not needed.
    """

    past: PurchaseFit
    test: Backtest | None
    now: PurchaseFit | None = None

    @property
    def name(self) -> str:
        """Of the model."""
        return self.past.model.name

    @property
    def failure(self) -> str:
        """Why the model is not used; empty where it could be."""
        if self.past.optimum.failure:
            return f"before the hold-out: {self.past.optimum.failure}"
        if self.test is None:
            return "could not be back-tested"
        return self.test.failure or (self.now.optimum.failure if self.now else "")

    @property
    def score(self) -> float:
        """Of the hold-out; smaller is better."""
        return self.test.score if self.test else float("inf")


@dataclass(frozen=True)
class GroupFit:
    """All that was fitted for one group.

    Attributes:
        name: of the group.
        customers: how many it has.
        repeaters: how many of them bought again.
        candidates: models tried, in the order of ``MODELS``; none where the group is too small.
        spend: spend model on everything.
        past_spend: spend model before the hold-out.
        small: why the group was not fitted; empty where it was.
    """

    name: str
    customers: int
    repeaters: int
    candidates: tuple[Candidate, ...]
    spend: SpendModel | None
    past_spend: SpendModel | None
    small: str = ""

    @cached_property
    def chosen(self) -> Candidate | None:
        """The model with the best hold-out among those that can be relied on."""
        if self.failure_of_spend:
            return None
        able = [candidate for candidate in self.candidates if not candidate.failure and candidate.now]
        return min(able, key=lambda candidate: candidate.score, default=None)

    @cached_property
    def of_alive(self) -> PurchaseFit | None:
        """The fit P(alive) comes from: under BG/NBD everyone who bought once would be alive for sure."""
        able = [
            candidate for candidate in self.candidates
            if candidate.name in _MORTAL and candidate.now and not candidate.now.optimum.failure
        ]  # fmt: skip
        best = min(able, key=lambda candidate: candidate.score, default=None)
        return best.now if best else None

    @property
    def failure_of_spend(self) -> str:
        """Why spend cannot be predicted; empty where it can."""
        if self.spend is None or self.past_spend is None:
            return "nobody has spent anything on a second day"
        return self.spend.fit.failure or self.past_spend.fit.failure

    @property
    def failure(self) -> str:
        """Why the group has no model of its own; empty where it has."""
        if self.small or self.chosen:
            return self.small
        if self.failure_of_spend:
            return f"spend: {self.failure_of_spend}"
        # One clause: what the best of them lacks. The others' failures stand in the table of fits.
        best = min(self.candidates, key=lambda candidate: candidate.score, default=None)
        return f"{best.name}: {best.failure}" if best else "no customer before the hold-out"


def _tried(past: Customers, spend: SpendModel | None, *, days: int) -> tuple[Candidate, ...]:
    triples = past.past_triples()
    candidates = []
    for model in MODELS:
        fit = fit_purchases(model, triples)
        # A fit that failed is judged all the same: its error is worth knowing, though it is never chosen.
        judged = spend is not None and not spend.fit.failure
        candidates.append(Candidate(fit, backtest(past, fit, spend, days=days) if judged and spend else None))
    return tuple(candidates)


def _refitted(candidates: tuple[Candidate, ...], triples: Triples) -> tuple[Candidate, ...]:
    """Fit on everything: both quick models, and Pareto/NBD where the hold-out prefers it for anything."""
    best = min(candidates, key=lambda candidate: candidate.score).name
    mortal = min((c for c in candidates if c.name in _MORTAL), key=lambda candidate: candidate.score).name
    wanted = {BG_NBD.name, MBG_NBD.name, best, mortal}
    return tuple(
        replace(candidate, now=fit_purchases(candidate.past.model, triples)) if candidate.name in wanted else candidate
        for candidate in candidates
    )


def fit_group(name: str, customers: Customers, settings: Settings, *, floor: tuple[int, int]) -> GroupFit:
    """Fit and judge the models of one group.

    Args:
        name: of the group.
        customers: of the group.
        settings: of the pass.
        floor: fewest customers and fewest repeat buyers that are fitted.
    """
    size, repeaters = len(customers), customers.repeaters
    spend = fit_spend_model(customers.count, customers.spend)
    past = customers.before_holdout()
    past_spend = fit_spend_model(past.past_count, past.past_spend)
    if size < floor[0] or repeaters < floor[1]:
        # No counts of the group: reasons are published beside segments too small to be shown.
        small = f"fewer than {floor[0]} customers or {floor[1]} repeat buyers"
        return GroupFit(name, size, repeaters, (), spend, past_spend, small)
    candidates: tuple[Candidate, ...] = ()
    if len(past) and settings.holdout_days > 0:
        candidates = _refitted(_tried(past, past_spend, days=settings.holdout_days), customers.triples())
    return GroupFit(name, size, repeaters, candidates, spend, past_spend)

"""Why a KPI changed, as far as its own numbers can tell: mix and rate by segment, and what else happened.

Belongs here: choosing the dimension that says most, and phrasing it. Does not belong here: the split itself
(``statistics.decomposition``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.alerts.failures import related
from pipeline.alerts.kpi import Kpi
from pipeline.alerts.model import Alert, Finding
from pipeline.alerts.series import Series
from pipeline.alerts.wording import number
from pipeline.statistics.baselines import BASELINE_DAYS
from pipeline.statistics.decomposition import Part, Sums, mix_and_rate

_ADDITIVE = ("proportion", "ratio", "mean", "amount_share", "nps")
_TOTALS = ("count", "money_total")
_NAMED_PARTS = 3
_NEAR_DAYS = 14


@dataclass(frozen=True)
class Explanation:
    """Reasons in words, and the split they stand on.

    Attributes:
        text_en: sentences; may be empty.
        text_fr: the same in French.
        dimension: the dimension the split is told of; empty without one.
        parts: its parts; they sum to ``change``.
        change: of the window against the twelve weeks before it, in numerator over denominator.
    """

    text_en: str
    text_fr: str
    dimension: str = ""
    parts: tuple[Part, ...] = ()
    change: float = 0.0


def explain(
    series: Series,
    finding: Finding,
    *,
    context: Sequence[tuple[date, str, str]] = (),
    is_hidden: Callable[[str, str], bool] = lambda dimension, segment: False,  # noqa: ARG005
) -> Explanation:
    """Explain one finding.

    Args:
        series: all series.
        finding: of a KPI.
        context: (day, English, French) of what may have to do with it: initiatives, incidents, frictions.
        is_hidden: whether a (dimension, segment) is suppressed on publication: its name and effect are not told.
    """
    kpi = next(kpi for kpi in series.kpis if kpi.kpi_id == finding.subject.name)
    texts_en, texts_fr = [], []
    best: tuple[str, tuple[Part, ...], float] | None = None
    if finding.subject.is_whole:
        for dimension in sorted({key[1] for key in series.keys if key[0] == kpi.kpi_id} - {"all"}):
            split = split_change(series, kpi, dimension, finding)
            if split is not None and (best is None or _telling(split[0]) > _telling(best[1])):
                best = (dimension, *split)
    if best is not None:
        text_en, text_fr = _told(kpi, *best, is_hidden)
        texts_en.append(text_en)
        texts_fr.append(text_fr)
    for friction, before, now in related(series, finding):
        texts_en.append(_struck(friction.label_en, before, now, "en"))
        texts_fr.append(_struck(friction.label_fr, before, now, "fr"))
    for day, text_en, text_fr in context:
        if finding.first_day - timedelta(days=_NEAR_DAYS) <= day <= finding.last_day:
            texts_en.append(f"{day}: {text_en}.")
            texts_fr.append(f"{day} : {text_fr}.")
    return Explanation(" ".join(texts_en), " ".join(texts_fr), *(best or ("", (), 0.0)))


def incidents(alerts: Iterable[Alert]) -> list[tuple[date, str, str]]:
    """(day, English, French) of what was wrong with data, as context of alerts on KPIs: the last day it was seen."""
    data = [alert for alert in alerts if alert.finding.subject.kind == "data"]
    return [
        (
            max(alert.finding.last_day, alert.seen_on),
            alert.finding.text_en.rstrip("."),
            alert.finding.text_fr.rstrip("."),
        )
        for alert in sorted(data, key=lambda each: (each.opened_on, each.alert_id))
    ]


def _struck(label: str, before: float, now: float, language: str) -> str:
    was, is_now = number(before, "ratio", language), number(now, "ratio", language)
    return f"{label}: {is_now}, before {was}." if language == "en" else f"{label} : {is_now}, avant {was}."


def split_change(series: Series, kpi: Kpi, dimension: str, finding: Finding) -> tuple[tuple[Part, ...], float] | None:
    """The window against the twelve weeks before it, split over the segments of a dimension.

    Returns:
        The parts, and their sum; ``None`` where the KPI does not add up from segments, or there are no units.
    """
    before, after = dict[str, Sums](), dict[str, Sums]()
    length = (finding.last_day - finding.first_day).days + 1
    for row, key in enumerate(series.keys):
        if key[:2] != (kpi.kpi_id, dimension):
            continue
        end = series.column_of(row, finding.last_day) + 1
        now, past = slice(max(end - length, 0), end), slice(max(end - length - BASELINE_DAYS, 0), max(end - length, 0))
        x, n = series.panel.x[row], series.panel.n[row]
        before[key[2]] = Sums(float(x[past].sum()), float(n[past].sum()))
        after[key[2]] = Sums(float(x[now].sum()), float(n[now].sum()))
    if len(before) < 2:
        return None
    if kpi.interval_kind in _TOTALS:
        return _totals(before, after, length)
    if kpi.interval_kind not in _ADDITIVE or not all(sum(s.n for s in each.values()) > 0 for each in (before, after)):
        return None
    parts = mix_and_rate(before, after)
    return parts, sum(part.total for part in parts)


def _totals(before: Mapping[str, Sums], after: Mapping[str, Sums], length: int) -> tuple[tuple[Part, ...], float]:
    parts = [Part(name, 0.0, after[name].x / length - before[name].x / BASELINE_DAYS) for name in sorted(before)]
    ordered = tuple(sorted(parts, key=lambda part: (-abs(part.total), part.segment)))
    return ordered, sum(part.total for part in parts)


def _telling(parts: Sequence[Part]) -> float:
    """How much of all movement the largest effect is: the dimension with the clearest single cause is told."""
    moved = sum(abs(part.rate) for part in parts) + abs(sum(part.mix for part in parts))
    if moved <= 0:
        return 0.0
    return max(abs(sum(part.mix for part in parts)), *(abs(part.rate) for part in parts)) / moved


def _told(
    kpi: Kpi, dimension: str, parts: Sequence[Part], change: float, is_hidden: Callable[[str, str], bool]
) -> tuple[str, str]:
    """The split in words: the largest rate effects by name, mix as one figure, and what is left."""
    texts = []
    rated = sorted(parts, key=lambda part: (-abs(part.rate), part.segment))
    named = [part for part in rated if not is_hidden(dimension, part.segment)][:_NAMED_PARTS]
    mix = sum(part.mix for part in parts)
    rest = sum(part.rate for part in parts) - sum(part.rate for part in named)
    some_hidden = any(is_hidden(dimension, part.segment) for part in parts)
    for language in ("en", "fr"):

        def figure(value: float, language: str = language) -> str:
            return number(value * kpi.factor, kpi.unit, language, is_change=True)

        listed = ", ".join(f"{part.segment} {figure(part.rate)}" for part in named)
        left = {"en": "suppressed", "fr": "masqués"}[language] if some_hidden else figure(rest)
        if language == "en":
            text = f"Against the 12 weeks before ({figure(change)}), by {dimension}: {listed}, others {left}"
            texts.append(f"{text}; shift of mix {figure(mix)}.")
        else:
            text = f"Par rapport aux 12 semaines d'avant ({figure(change)}), par {dimension} : {listed}"
            texts.append(f"{text}, autres {left} ; effet de structure {figure(mix)}.")
    return texts[0], texts[1]

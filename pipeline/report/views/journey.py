"""The journey map of a segment: stages, touchpoints, emotion and what frictions cost, with all figures below.

Belongs here: choosing what is drawn and wording it. Does not belong here: the drawing, any figure of its own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.report.charts.journey import LaneNames, Mark, Mood, Stage, journey_map
from pipeline.report.facts import ReleaseFacts
from pipeline.report.formats import interval, measure, money, number, percent
from pipeline.report.queries import Row, Rows
from pipeline.report.views.common import SegmentKey, as_float, by_segment
from pipeline.report.views.listing import Cell, Listing, Named, count, joined, label_of, titles, value, weak
from pipeline.report.words import say

_TOUCHPOINTS, _LANES, _PINS = 5, 6, 3
_WHOLE: Final = "all"
_RELATION: Final = "none"


def journey_maps(rows: Rows, facts: ReleaseFacts) -> dict[SegmentKey, Listing]:
    """The map of every segment; circles and pins of all segments have one scale."""
    touches = _largest([row["touch_count"] for row in rows if row["touchpoint"] != _WHOLE])
    return {key: _view(found, touches, facts) for key, found in by_segment(rows).items()}


def _largest(values: Sequence[float | None]) -> float:
    return max((float(value) for value in values if value is not None), default=1.0) or 1.0


def _view(rows: Sequence[Row], largest: float, facts: ReleaseFacts) -> Listing:
    staged = [row for row in rows if row["stage_number"] is not None]
    stages: dict[str, list[Row]] = {}
    for row in sorted(staged, key=lambda row: (row["stage_number"], row["stage"])):
        stages.setdefault(row["stage"], []).append(row)
    most = _largest([row["touch_count"] for row in staged if row["touchpoint"] != _WHOLE])
    money_most = _largest([row["friction_value_amount"] for row in staged if row["touchpoint"] != _WHOLE])
    channels = _channels(staged)
    drawn = [_stage(found, channels, most or largest, money_most, facts) for found in stages.values()]
    chart = journey_map(
        drawn,
        title=say("Journey map"),
        description="; ".join(f"{stage.name}: {stage.about}, {stage.mood.text}" for stage in drawn),
        lanes=LaneNames(tuple(channels.values()), say("Emotion"), say("Friction")),
    )
    return Listing(
        caption=say("Journey map"),
        columns=titles(
            "Touchpoint", "Touches", "Share of journeys", "Emotion index", "CSAT", "Effort score", "At stake"
        ),
        rows=tuple(_row(row, facts) for row in sorted(rows, key=_order)),
        note=_note(rows, facts),
        chart=chart,
        empty=say("nothing to draw"),
        is_folded=True,
    )


def _order(row: Row) -> tuple[int, str, bool, int, str]:
    stage = row["stage_number"] if row["stage_number"] is not None else 99
    return stage, row["stage"], row["touchpoint"] != _WHOLE, -(row["touch_count"] or 0), row["touchpoint"]


def _channels(rows: Sequence[Row]) -> dict[str, str]:
    """The channels that have a lane, the one with the most touches first; what is left has a last lane, of code ''."""
    touches: Counter[str] = Counter()
    for row in rows:
        if row["touchpoint"] != _WHOLE and row["touch_count"]:
            touches[row["channel"] or ""] += row["touch_count"]
    names = {row["channel"]: label_of(row, "channel_label", "channel") for row in rows if row["channel"]}
    largest = sorted((code for code in touches if code), key=lambda code: (-touches[code], code))[:_LANES]
    lanes = {code: names[code] for code in largest}
    has_others = len(touches) > len(lanes)
    return lanes | ({"": say("Other channels") if lanes else say("Touchpoints")} if has_others or not lanes else {})


def _stage(
    rows: Sequence[Row], channels: Mapping[str, str], most: float, money_most: float, facts: ReleaseFacts
) -> Stage:
    whole = next((row for row in rows if row["touchpoint"] == _WHOLE), None)
    met = sorted((row for row in rows if row is not whole and row["touch_count"]), key=_order)
    painful = [row for row in rows if row is not whole and (row["friction_value_amount"] or 0) > 0]
    painful.sort(key=lambda row: (-row["friction_value_amount"], row["touchpoint"]))
    lanes = [[row for row in met if _lane_of(row, channels) == code][:_TOUCHPOINTS] for code in channels]
    left_out = len([row for row in rows if row is not whole]) - sum(map(len, lanes))
    return Stage(
        name=label_of(rows[0], "stage_label", "stage"),
        about="" if whole is None else _about(whole, facts),
        lanes=tuple(tuple(_touch(row, most) for row in lane) for lane in lanes),
        more=say("{count} more", count=left_out) if left_out else "",
        mood=_mood(whole, facts),
        pins=tuple(_pin(row, money_most, facts) for row in painful[:_PINS]),
    )


def _lane_of(row: Row, channels: Mapping[str, str]) -> str:
    return row["channel"] if row["channel"] in channels else ""


def _about(row: Row, facts: ReleaseFacts) -> str:
    if row["is_suppressed"]:
        return facts.suppressed_text
    return say("{share} of journeys", share=percent(row["journey_share"]))


def _touch(row: Row, most: float) -> Mark:
    name = label_of(row, "touchpoint_label", "touchpoint")
    share = say("{share} of journeys", share=percent(row["journey_share"]))
    ends = interval(row["journey_share_low"], row["journey_share_high"], "ratio")
    title = f"{name}: {number(row['touch_count'])}; {share} ({ends}, n {number(row['journey_count'])})"
    return Mark(name, float(row["touch_count"]) / most, number(row["touch_count"]), title)


def _mood(row: Row | None, facts: ReleaseFacts) -> Mood:
    if row is not None and row["is_suppressed"]:
        return Mood(None, None, None, facts.suppressed_text)
    if row is None or row["emotion_index"] is None:
        return Mood(None, None, None, say("no answers"))
    said = f"{measure(row['emotion_index'], 'points', '')} · n {number(row['n'])}"
    felt, low, high = (as_float(row[f"emotion_index{end}"]) for end in ("", "_low", "_high"))
    return Mood(felt, low, high, said)


def _pin(row: Row, most: float, facts: ReleaseFacts) -> Mark:
    name = label_of(row, "touchpoint_label", "touchpoint")
    amount = money(row["friction_value_amount"], row["currency"] or facts.reporting_currency)
    low, high = row["friction_value_low_amount"], row["friction_value_high_amount"]
    ends = interval(low, high, "amount", row["currency"] or facts.reporting_currency)
    return Mark(name, float(row["friction_value_amount"]) / most, amount, f"{name}: {amount} ({ends})")


def _note(rows: Sequence[Row], facts: ReleaseFacts) -> str:
    """How the whole journey and the relation as a whole are felt, which have no column of their own."""
    said = []
    for stage, words in ((_WHOLE, "Whole journey"), (_RELATION, "Relation as a whole")):
        row = next((row for row in rows if row["stage"] == stage and row["touchpoint"] in (_WHOLE, _RELATION)), None)
        if row is None:
            continue
        mood = _mood(row, facts)
        ends = "" if mood.low is None or mood.high is None else f" ({interval(mood.low, mood.high, 'points')})"
        said.append(f"{say(words)}: {mood.text}{ends}")
    return joined(said)


def _row(row: Row, facts: ReleaseFacts) -> tuple[Cell, ...]:
    stage = {_WHOLE: say("Whole journey"), _RELATION: say("Relation as a whole")}.get(row["stage"])
    stage = stage or label_of(row, "stage_label", "stage")
    is_whole = row["touchpoint"] in (_WHOLE, _RELATION)
    name = stage if is_whole else label_of(row, "touchpoint_label", "touchpoint")
    return (
        Named(name, "" if is_whole else joined([stage, row["channel_label"]]), weak(row)),
        count(row, "touch_count", facts),
        value(row, "journey_share", "ratio", facts, n="journey_count"),
        value(row, "emotion_index", "points", facts),
        value(row, "csat", "ratio", facts, n="csat_n"),
        value(row, "effort", "score", facts, n="effort_n"),
        value(row, "friction_value", "amount", facts, n=""),
    )

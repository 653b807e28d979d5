"""The shipped segment seeds fit together: every score has a group, every segment a name, every rule its KPIs."""

import csv
import itertools

import pytest
import yaml

from pipeline.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _labelled() -> set[tuple[str, str]]:
    return {(row["segment_dimension"], row["segment"]) for row in _seed("segment_labels")}


def _takes_in(group: dict[str, str], scores: tuple[int, ...]) -> bool:
    measures = ("recency", "frequency", "monetary")
    return all(
        int(group[f"{measure}_min"]) <= score <= int(group[f"{measure}_max"])
        for measure, score in zip(measures, scores, strict=True)
    )


def test_every_combination_of_scores_has_an_rfm_group_and_every_group_a_combination() -> None:
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    steps = range(1, project["vars"]["rfm_scores"] + 1)
    groups = sorted(_seed("rfm_groups"), key=lambda group: int(group["precedence"]))
    first = {
        scores: next((group["rfm_group"] for group in groups if _takes_in(group, scores)), None)
        for scores in itertools.product(steps, repeat=3)
    }
    assert [scores for scores, group in first.items() if group is None] == []
    assert set(first.values()) == {group["rfm_group"] for group in groups}


def test_the_last_value_tier_ends_with_the_last_buyer() -> None:
    assert max(float(row["cumulative_share"]) for row in _seed("value_tiers")) == 1


@pytest.mark.parametrize(
    ("dimension", "seed", "column"),
    [
        ("rfm", "rfm_groups", "rfm_group"),
        ("value_tier", "value_tiers", "value_tier"),
        ("persona", "personas", "persona"),
        ("loyalty_tier", "loyalty_tiers", "tier"),
    ],
)
def test_every_segment_the_rules_can_give_has_a_name(dimension: str, seed: str, column: str) -> None:
    assert {(dimension, row[column]) for row in _seed(seed)} - _labelled() == set()


def test_every_dimension_names_the_segment_of_those_it_knows_nothing_about() -> None:
    defaults = {(row["segment_dimension"], row["default_segment"]) for row in _seed("segment_dimensions")}
    assert defaults - _labelled() == set()
    assert {("rfm", "inactive"), ("value_tier", "inactive")} - _labelled() == set()


def test_names_and_descriptions_are_there_in_both_languages() -> None:
    texts = [*_seed("segment_labels"), *_seed("segment_dimensions"), *_seed("cross_kpi_rules")]
    empty = [
        (next(iter(row.values())), column)
        for row in texts
        for column, text in row.items()
        if column.startswith(("label", "description", "action", "rule_label")) and not text
    ]
    assert empty == []


def test_every_persona_can_be_reached() -> None:
    assert {row["persona"] for row in _seed("persona_rules")} == {row["persona"] for row in _seed("personas")}


def test_every_cross_kpi_rule_has_two_conditions_or_more_on_kpis_that_exist() -> None:
    conditions = _seed("cross_kpi_conditions")
    directions = {row["kpi_id"]: row["direction"] for row in _seed("kpi_catalogue")}
    sizes = {rule["rule_id"]: 0 for rule in _seed("cross_kpi_rules")}
    for condition in conditions:
        sizes[condition["rule_id"]] += 1
    assert {rule: size for rule, size in sizes.items() if size < 2} == {}
    assert {condition["kpi_id"] for condition in conditions} - directions.keys() == set()
    assert [each for each in conditions if not each["minimum_difference"]] == []
    judged = [each["kpi_id"] for each in conditions if each["side"] in ("worse", "better")]
    assert [kpi for kpi in judged if directions[kpi] == "neither"] == []


def test_a_period_kpi_is_asked_for_without_a_window() -> None:
    periods = {row["kpi_id"] for row in _seed("kpi_catalogue") if row["aggregation"] == "period"}
    assert [
        each for each in _seed("cross_kpi_conditions") if (each["kpi_id"] in periods) == bool(each["window_days"])
    ] == []

"""Clustered intervals: the sums, the special cases, and that they cover where unclustered ones do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics import (
    cluster_sums,
    mean_clustered,
    mean_t,
    proportion_design_effect,
    ratio_of_sums_clustered,
    skewed_mean_clustered,
    wilson,
)


def test_units_alone_in_their_cluster_have_no_design_effect_to_speak_of() -> None:
    sums = cluster_sums([(1, 1)] * 30 + [(0, 1)] * 70)
    assert proportion_design_effect(sums) == pytest.approx(100 / 99)


def test_units_wholly_alike_count_as_one_each_cluster() -> None:
    sums = cluster_sums([(4, 4)] * 30 + [(0, 4)] * 70)
    assert proportion_design_effect(sums) == pytest.approx(4 * 100 / 99)


def test_a_design_effect_is_never_below_one() -> None:
    assert proportion_design_effect(cluster_sums([(1, 2)] * 50)) == 1.0


@pytest.mark.parametrize("clusters", [[(0, 1), (0, 3)], [(1, 1), (3, 3)]])
def test_without_disagreement_units_count_as_alike(clusters: list[tuple[int, int]]) -> None:
    assert proportion_design_effect(cluster_sums(clusters)) == pytest.approx(10 / 4)


def test_one_cluster_counts_as_one_unit() -> None:
    assert proportion_design_effect(cluster_sums([(3, 8)])) == pytest.approx(8)


def test_a_design_effect_needs_units() -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        proportion_design_effect(cluster_sums([]))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)).map(lambda t: (min(t), t[1])), min_size=1))
def test_a_design_effect_lies_between_one_and_the_whole_sample(clusters: list[tuple[int, int]]) -> None:
    effect = proportion_design_effect(cluster_sums(clusters))
    assert effect >= 1
    assert np.isfinite(effect)


def test_ratio_of_sums_by_hand() -> None:
    # Ratio 12/6 = 2; residuals x - 2n = -1, 0, 1; variance 3/2 · 2 / 36; t with 2 degrees 4.302653.
    interval = ratio_of_sums_clustered(cluster_sums([(1, 1), (4, 2), (7, 3)]))
    assert interval is not None
    half = 4.302653 * (3 / 36) ** 0.5
    assert (interval.low, interval.high) == pytest.approx((2 - half, 2 + half), abs=1e-6)


def test_clusters_of_one_are_the_plain_mean() -> None:
    values = [3.0, 8.5, 1.25, 9.0]
    clustered = mean_clustered((value, 1) for value in values)
    plain = mean_t(sum(values), sum(value * value for value in values), len(values))
    assert clustered is not None
    assert plain is not None
    assert (clustered.low, clustered.high) == pytest.approx((plain.low, plain.high))


@pytest.mark.parametrize("clusters", [[], [(5.0, 2)], [(0.0, 0), (0.0, 0)]])
def test_a_ratio_nobody_can_bound_has_no_interval(clusters: list[tuple[float, int]]) -> None:
    assert mean_clustered(clusters) is None


def test_clustered_intervals_cover_where_plain_ones_do_not() -> None:
    random = np.random.default_rng(3)
    truth, plain_hits, clustered_hits = 0.3, [], []
    for _ in range(600):
        visits = 1 + random.poisson(4, size=120)
        converted = random.binomial(visits, random.beta(0.6, 1.4, size=120))
        sums = cluster_sums(zip(converted.tolist(), visits.tolist(), strict=True))
        effect = proportion_design_effect(sums)
        plain = wilson(sums.sum_x, sums.sum_n)
        clustered = wilson(sums.sum_x, sums.sum_n, design_effect=effect)
        plain_hits.append(plain.low <= truth <= plain.high)
        clustered_hits.append(clustered.low <= truth <= clustered.high)
    assert np.mean(plain_hits) < 0.88
    assert 0.92 <= np.mean(clustered_hits) <= 0.98


def test_a_ratio_of_sums_covers_95_percent() -> None:
    random = np.random.default_rng(5)
    hits = []
    for _ in range(600):
        orders = 1 + random.poisson(1.5, size=80)
        spend = orders * random.gamma(4, 12.5, size=80)
        interval = ratio_of_sums_clustered(cluster_sums(zip(spend.tolist(), orders.tolist(), strict=True)))
        assert interval is not None
        hits.append(interval.low <= 50 <= interval.high)
    assert 0.92 <= np.mean(hits) <= 0.98


def test_a_skewed_mean_by_hand() -> None:
    # Mean 2, half-width 4.302653 · sqrt(3 / 36) = 1.242, reach 0.621, error 0.1443, so the bias is 0.0139.
    interval = skewed_mean_clustered(cluster_sums([(1, 1), (4, 2), (7, 3)]))
    assert interval is not None
    assert interval.low == pytest.approx(2 * (2.5 - 1.5 * (1 + 1.2420690 - 0.0138889) ** (1 / 3)), abs=1e-6)
    assert interval.high == pytest.approx(2 * (2.5 + 1.5 * (1.2420690 + 0.0138889 - 1) ** (1 / 3)), abs=1e-6)


@pytest.mark.parametrize("clusters", [[], [(5.0, 2)], [(0.0, 1), (0.0, 2)]])
def test_a_skewed_mean_nobody_can_bound_has_no_interval(clusters: list[tuple[float, int]]) -> None:
    assert skewed_mean_clustered(cluster_sums(clusters)) is None


def test_amounts_that_do_not_vary_have_their_mean_as_interval() -> None:
    interval = skewed_mean_clustered(cluster_sums([(8.0, 2), (4.0, 1)]))
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((4, 4))


@pytest.mark.parametrize(
    ("clusters", "shape", "least"), [(30, 1.0, 0.94), (30, 4.0, 0.94), (10, 1.0, 0.94), (80, 0.5, 0.93)]
)
def test_a_skewed_mean_covers_where_student_falls_short_on_one_side(clusters: int, shape: float, least: float) -> None:
    random = np.random.default_rng(11)
    student, corrected = [], []
    for amounts in random.gamma(shape, 50 / shape, size=(1500, clusters)):
        sums = cluster_sums((amount, 1) for amount in amounts.tolist())
        for found, interval in ((student, ratio_of_sums_clustered(sums)), (corrected, skewed_mean_clustered(sums))):
            assert interval is not None
            found.append((interval.low <= 50 <= interval.high, interval.high < 50))
    covered, missed_low = np.mean(corrected, axis=0)
    assert least <= covered <= 0.98
    assert missed_low < 0.7 * np.mean(student, axis=0)[1]

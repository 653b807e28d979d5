"""The interval macros against the same formulas in plain Python, on a grid."""

import itertools
import math
from collections.abc import Callable

import duckdb
import numpy as np
import pytest

from pipeline.statistics import (
    ClusterSums,
    cluster_sums,
    nps_interval,
    proportion_design_effect,
    ratio_of_sums_clustered,
    skewed_mean_clustered,
    t_quantile,
    wilson,
)

pytestmark = pytest.mark.end_to_end

TO_SIX_DECIMALS = 1e-6
"""The macros round to six decimals."""

SQUARES = "sum_xx double, sum_xn double, sum_nn double, cluster_count integer"


def _evaluated(sql: str, columns: str, rows: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    with duckdb.connect() as opened:
        opened.execute(f"create table cases (number integer, {columns})")
        marks = ", ".join("?" for _ in rows[0])
        opened.executemany(f"insert into cases values (?, {marks})", [[n, *row] for n, row in enumerate(rows)])
        return opened.execute(f"select * exclude (number) from ({sql}) order by number").fetchall()


def _samples() -> list[ClusterSums]:
    """Clusters of all kinds: alike within, at 0 % and 100 %, single, many."""
    seeded = np.random.default_rng(20_251_231)
    samples = []
    for clusters, share, largest in itertools.product((1, 2, 6, 11, 40), (0.0, 0.2, 0.7, 1.0), (1, 5)):
        pairs = []
        for _ in range(clusters):
            n = int(seeded.integers(1, largest, endpoint=True))
            pairs.append((int(seeded.binomial(n, share)), n))
        samples.append(cluster_sums(pairs))
    return samples


def test_proportions(compiled: Callable[[str], str]) -> None:
    sql = compiled(
        "select number, {{ design_effect() }} as deff, {{ wilson('sum_x', 'sum_n', design_effect(), -1) }} as low, "
        "{{ wilson('sum_x', 'sum_n', design_effect(), 1) }} as high from cases"
    )
    samples = _samples()
    columns = (
        "sum_x decimal(18, 4), sum_n decimal(18, 4), sum_xx double, sum_xn double, sum_nn double, cluster_count int"
    )
    rows = [(s.sum_x, s.sum_n, s.sum_xx, s.sum_xn, s.sum_nn, s.clusters) for s in samples]
    for sample, (effect, low, high) in zip(samples, _evaluated(sql, columns, rows), strict=True):
        expected = proportion_design_effect(sample)
        interval = wilson(sample.sum_x, sample.sum_n, design_effect=expected)
        assert effect == pytest.approx(expected, rel=1e-9)
        assert (low, high) == pytest.approx((interval.low, interval.high), abs=TO_SIX_DECIMALS)


def test_shares_of_an_amount(compiled: Callable[[str], str]) -> None:
    """The design effect leans towards Σn² / Σn with the weight of one unit; without any unit it is that."""
    sql = compiled("select number, {{ amount_design_effect() }} as effect from cases")
    samples = _samples()
    columns = (
        "sum_x decimal(18, 4), sum_n decimal(18, 4), sum_xx double, sum_xn double, sum_nn double, cluster_count int, "
        "positive_count int"
    )
    rows = [
        (s.sum_x, s.sum_n, s.sum_xx, s.sum_xn, s.sum_nn, s.clusters, positives)
        for positives, s in zip(itertools.cycle((0, 1, 7)), samples, strict=False)
    ]
    for sample, row, (found,) in zip(samples, rows, _evaluated(sql, columns, rows), strict=True):
        positives, kish = row[-1], sample.sum_nn / sample.sum_n
        expected = (positives * proportion_design_effect(sample) + kish) / (positives + 1)
        assert found == pytest.approx(expected, rel=1e-9)


def test_net_promoter_scores(compiled: Callable[[str], str]) -> None:
    sql = compiled(
        "select number, {{ nps_bound('up', 'down', 'n', -1) }} as low, {{ nps_bound('up', 'down', 'n', 1) }} as high "
        "from cases"
    )
    rows = [
        (up, down, n)
        for n in (1, 2, 7, 30, 1000)
        for up, down in itertools.product(range(0, n + 1, max(1, n // 4)), repeat=2)
        if up + down <= n
    ]
    for row, found in zip(rows, _evaluated(sql, "up int, down int, n int", rows), strict=True):
        expected = nps_interval(*row)
        assert found == pytest.approx((expected.low, expected.high), abs=TO_SIX_DECIMALS)


def test_ratios_of_sums(compiled: Callable[[str], str]) -> None:
    """The t quantile of the macro is an approximation; its own test says how good."""
    sql = compiled("select number, {{ ratio_half_width() }} as half_width from cases")
    seeded = np.random.default_rng(7)
    samples = [
        cluster_sums([(seeded.normal(40, 25) * n, n) for n in seeded.integers(1, 5, size=clusters).tolist()])
        for clusters in (1, 2, 3, 4, 5, 6, 9, 10, 11, 60, 500)
    ]
    columns = "sum_x double, sum_n double, " + SQUARES
    rows = [(s.sum_x, s.sum_n, s.sum_xx, s.sum_xn, s.sum_nn, s.clusters) for s in samples]
    for sample, (half_width,) in zip(samples, _evaluated(sql, columns, rows), strict=True):
        expected = ratio_of_sums_clustered(sample)
        if expected is None:
            assert half_width is None
        else:
            assert half_width == pytest.approx(expected.width / 2, rel=1e-5)


def test_means_of_amounts(compiled: Callable[[str], str]) -> None:
    sql = compiled(
        "select number, {{ skewed_mean_bound('(sum_x / sum_n)', 'half_width', 'clusters', -1) }} as low, "
        "{{ skewed_mean_bound('(sum_x / sum_n)', 'half_width', 'clusters', 1) }} as high from cases"
    )
    seeded = np.random.default_rng(7)
    samples = [
        cluster_sums([(seeded.lognormal(3, spread) * n, n) for n in seeded.integers(1, 5, size=clusters).tolist()])
        for clusters, spread in itertools.product((2, 3, 6, 11, 60), (0.2, 1.0, 2.0))
    ]
    rows = [(s.sum_x, s.sum_n, ratio_of_sums_clustered(s).width / 2, s.clusters) for s in samples]
    columns = "sum_x double, sum_n double, half_width double, clusters integer"
    for sample, found in zip(samples, _evaluated(sql, columns, rows), strict=True):
        expected = skewed_mean_clustered(sample)
        assert found == pytest.approx((expected.low, expected.high), rel=1e-5)


def test_quantile_of_student(compiled: Callable[[str], str]) -> None:
    sql = compiled("select number, {{ student_t_975('degrees') }} as quantile from cases")
    rows = [(float(degrees),) for degrees in (*range(1, 41), 60, 120, 1000, 100_000)]
    for (degrees,), (found,) in zip(rows, _evaluated(sql, "degrees double", rows), strict=True):
        tolerance = 1e-8 if degrees < 10 else 8e-6
        assert found == pytest.approx(t_quantile(degrees), abs=tolerance), degrees


def test_tail_of_the_normal_distribution(compiled: Callable[[str], str]) -> None:
    sql = compiled("select number, {{ normal_upper_tail('z') }} as tail from cases")
    rows = [(z / 8,) for z in range(-64, 65)] + [(40.0,), (-40.0,)]
    for (z,), (found,) in zip(rows, _evaluated(sql, "z double", rows), strict=True):
        assert found == pytest.approx(math.erfc(z / math.sqrt(2)) / 2, abs=7.5e-8), z

"""Deviations in spreads, and distances beyond chance."""

import random

import pytest

from pipeline.statistics.drift import count_deviation, excess_distance, rate_deviation


def test_a_spread_is_the_widest_of_habit_noise_and_floor() -> None:
    assert rate_deviation(20, 1000, [0.01] * 5) == pytest.approx(0.01 / 0.005)
    assert rate_deviation(2000, 100_000, [0.01, 0.02, 0.03, 0.02, 0.02, 0.06]) == pytest.approx(0.0)
    assert rate_deviation(1, 10, [0.0] * 9) == pytest.approx(1.0)  # one of ten is no finding
    assert rate_deviation(5, 10, [0.1] * 4) is None
    assert rate_deviation(0, 0, [0.1] * 9) is None


def test_counts_deviate_by_more_than_their_own_noise() -> None:
    assert count_deviation(100, [100] * 5) == 0
    assert count_deviation(50, [100] * 5) == pytest.approx(-5.0)
    assert count_deviation(3, [0] * 5) == pytest.approx(3.0)
    assert count_deviation(3, [0] * 4) is None


def test_two_samples_of_one_distribution_hardly_ever_drift() -> None:
    chance = random.Random(3)  # noqa: S311  a study, not a secret
    found = []
    for _ in range(200):
        samples = [[chance.choice("aaabbc") for _ in range(size)] for size in (60, 600)]
        counts = [{letter: sample.count(letter) for letter in "abc"} for sample in samples]
        found.append(excess_distance(*counts))
    assert sum(each > 0.05 for each in found) <= 4


def test_what_moved_for_good_is_seen() -> None:
    assert excess_distance({"a": 1000}, {"b": 1000}) == pytest.approx(1.0, abs=0.1)
    assert excess_distance({"a": 500, "b": 500}, {"a": 900, "b": 100}) > 0.3
    assert excess_distance({}, {"a": 1}) is None

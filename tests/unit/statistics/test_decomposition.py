"""Parts sum to the change, whatever the segments; hand-worked cases say which part is whose."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics.decomposition import Sums, logarithmic_mean, mix_and_rate, split_product

sums = st.builds(Sums, x=st.integers(0, 1000).map(float), n=st.integers(0, 1000).map(float))
periods = st.dictionaries(st.sampled_from("abcdef"), sums, min_size=1).filter(
    lambda period: sum(each.n for each in period.values()) > 0
)
factors = st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=1, max_size=6)


def rate(period: dict[str, Sums]) -> float:
    return math.fsum(each.x for each in period.values()) / math.fsum(each.n for each in period.values())


@given(periods, periods)
def test_parts_sum_to_the_change(before: dict[str, Sums], after: dict[str, Sums]) -> None:
    total = math.fsum(part.total for part in mix_and_rate(before, after))
    assert total == pytest.approx(rate(after) - rate(before), abs=1e-6)


@given(periods)
def test_nothing_changed_is_no_effect(period: dict[str, Sums]) -> None:
    assert all(part.total == pytest.approx(0, abs=1e-9) for part in mix_and_rate(period, period))


@given(periods, st.integers(2, 9))
def test_more_of_the_same_is_no_effect(period: dict[str, Sums], times: int) -> None:
    more = {name: Sums(each.x * times, each.n * times) for name, each in period.items()}
    assert all(part.total == pytest.approx(0, abs=1e-9) for part in mix_and_rate(period, more))


def test_a_viral_article_is_mix_and_not_rate() -> None:
    before = {"direct": Sums(100, 1000), "social": Sums(1, 100)}
    after = {"direct": Sums(100, 1000), "social": Sums(20, 2000)}
    parts = mix_and_rate(before, after)
    assert [part.rate for part in parts] == [0, 0]
    assert sum(part.mix for part in parts) == pytest.approx(rate(after) - rate(before))


def test_a_broken_phone_page_is_rate_of_phones() -> None:
    before = {"desktop": Sums(50, 500), "mobile": Sums(50, 500)}
    after = {"desktop": Sums(50, 500), "mobile": Sums(10, 500)}
    first, second = mix_and_rate(before, after)
    assert (first.segment, round(first.rate, 12), first.mix, second.total) == ("mobile", -0.04, 0, 0)


def test_who_was_not_there_before_is_mix() -> None:
    parts = mix_and_rate({"old": Sums(50, 100)}, {"old": Sums(50, 100), "new": Sums(0, 100)})
    assert [(part.segment, part.rate) for part in parts if part.segment == "new"] == [("new", 0)]


def test_no_units_is_no_rate() -> None:
    with pytest.raises(ValueError, match="units in both"):
        mix_and_rate({"a": Sums(0, 0)}, {"a": Sums(1, 1)})


@given(factors)
def test_effects_of_steps_sum_to_the_change_of_their_product(pairs: list[tuple[float, float]]) -> None:
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    effects = split_product(before, after)
    assert math.fsum(effects) == pytest.approx(math.prod(after) - math.prod(before), abs=1e-9)
    assert all(effect == 0 for effect, a, b in zip(effects, before, after, strict=True) if a == b)


def test_the_step_that_fell_has_all_of_the_fall() -> None:
    assert split_product([0.5, 0.4], [0.5, 0.2]) == pytest.approx((0, -0.1))


def test_a_product_with_a_zero_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="above 0"):
        split_product([0.5, 0.0], [0.5, 0.2])
    with pytest.raises(ValueError, match="same factors"):
        split_product([0.5], [0.5, 0.2])


@given(st.floats(0.001, 100), st.floats(0.001, 100))
def test_a_logarithmic_mean_lies_between_geometric_and_arithmetic(a: float, b: float) -> None:
    assert math.sqrt(a * b) * (1 - 1e-6) <= logarithmic_mean(a, b) <= (a + b) / 2 * (1 + 1e-6)

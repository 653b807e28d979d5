"""Removal effects against brute force: every path of a small chain walked, one touchpoint taken away at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from pipeline.analysis.removal_effects import Chain, drawn_removal_effects, removal_effects

_MANY_STEPS = 4000


def _walked(chain: Chain, removed: int | None = None) -> float:
    """Probability of a conversion by walking the chain step by step; what enters ``removed`` is lost."""
    between = np.asarray(chain.between.toarray() if sparse.issparse(chain.between) else chain.between)
    size = len(chain.started)
    total = chain.started.sum() + chain.converted_at_once + chain.lost_at_once
    here = chain.started / total
    found = chain.converted_at_once / total
    leaving = between.sum(axis=1) + chain.converted + chain.lost
    for _ in range(_MANY_STEPS):
        if removed is not None:
            here[removed] = 0.0
        moving = np.divide(here, leaving, out=np.zeros(size), where=leaving > 0)
        found += float(moving @ chain.converted)
        here = moving @ between
    return float(found)


@st.composite
def _chains(draw: st.DrawFn, least: int = 1, most: int = 5) -> Chain:
    size = draw(st.integers(least, most))
    counts = st.integers(0, 6)
    row = st.lists(counts, min_size=size, max_size=size)
    return Chain(
        started=np.array(draw(row), dtype=float) + np.eye(size)[0],
        between=sparse.csr_array(np.array(draw(st.lists(row, min_size=size, max_size=size)), dtype=float)),
        converted=np.array(draw(row), dtype=float),
        lost=np.array(draw(row), dtype=float) + 1.0,  # every path ends
        converted_at_once=float(draw(counts)),
        lost_at_once=float(draw(counts)),
    )


@settings(max_examples=40, deadline=None)
@given(_chains())
def test_the_effect_is_what_walking_without_the_touchpoint_loses(chain: Chain) -> None:
    whole = _walked(chain)
    found = removal_effects(chain)
    assert found.probability == pytest.approx(whole, abs=1e-9)
    if whole > 0:
        lost = [1.0 - _walked(chain, removed) / whole for removed in range(len(chain.started))]
        assert found.effects == pytest.approx(lost, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(_chains(3, 3), min_size=1, max_size=4))
def test_chains_taken_together_give_what_each_gives_alone(chains: list[Chain]) -> None:
    together = Chain(
        between=np.array([sparse.csr_array(chain.between).toarray() for chain in chains]),
        **{
            part: np.array([getattr(chain, part) for chain in chains])
            for part in ("started", "converted", "lost", "converted_at_once", "lost_at_once")
        },
    )
    drawn = drawn_removal_effects(together)
    alone = [removal_effects(chain) for chain in chains]
    assert drawn.probability == pytest.approx([each.probability for each in alone], abs=1e-12)
    assert drawn.effects == pytest.approx(np.array([each.effects for each in alone]), abs=1e-12)


def test_repeats_of_a_touchpoint_change_nothing() -> None:
    once = Chain(np.array([4.0]), np.zeros((1, 1)), np.array([1.0]), np.array([3.0]))
    often = Chain(np.array([4.0]), np.array([[9.0]]), np.array([1.0]), np.array([3.0]))
    assert removal_effects(once).probability == pytest.approx(0.25)
    assert removal_effects(often).probability == pytest.approx(0.25)


def test_a_touchpoint_every_conversion_needs_loses_them_all_and_one_beside_it_its_own() -> None:
    # start -> a -> b -> conversion (3), start -> a -> null (1): both carry every conversion
    both = Chain(np.array([4.0, 0.0]), np.array([[0.0, 3.0], [0.0, 0.0]]), np.array([0.0, 3.0]), np.array([1.0, 0.0]))
    assert removal_effects(both).effects == pytest.approx([1.0, 1.0])
    apart = Chain(np.array([2.0, 2.0]), np.zeros((2, 2)), np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    assert removal_effects(apart).effects == pytest.approx([1 / 3, 2 / 3])


def test_nothing_comes_of_no_path_and_of_no_conversion() -> None:
    empty = Chain(np.zeros(2), np.zeros((2, 2)), np.zeros(2), np.zeros(2))
    assert removal_effects(empty).probability == 0
    lost = Chain(np.array([1.0]), np.zeros((1, 1)), np.zeros(1), np.array([1.0]))
    assert removal_effects(lost).effects.tolist() == [0.0]

"""Funnel counts against the truth, over persons about whom nobody can be mistaken."""

import pandas as pd
import pytest

from pipeline.scorecard.funnels import score_funnels

IDENTIFIERS = pd.DataFrame(
    [(person, "crm", f"C{person}", True, False) for person in (1, 2, 3, 4)],
    columns=["person_id", "identifier_type", "identifier", "is_linkable", "is_shared"],
)
RESOLVED = pd.DataFrame(
    [("crm", f"C{person}", f"key {person}") for person in (1, 2, 3, 4)],
    columns=["identifier_type", "identifier", "customer_key"],
)


def _journeys(rows: list[tuple[int, int, int, bool, str]]) -> pd.DataFrame:
    """person, entry number, step, certain, state of the entry; all enter at step 1."""
    return pd.DataFrame(
        [("buy", person, f"C{person}", entry, 1, step, sure, state) for person, entry, step, sure, state in rows],
        columns=["funnel_id", "person_id", "subject", "entry_number", "entry_step", "step", "is_linkage_certain",
                 "entry_state"],
    )  # fmt: skip


def _steps(rows: list[tuple[int, int, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        [("buy", f"key {person}", 1, step, outcome) for person, step, outcome in rows],
        columns=["funnel_id", "customer_key", "entry_step", "step", "step_outcome"],
    )


TRUE = [(1, 1, 1, True, "converted"), (1, 1, 2, True, "converted"), (2, 1, 1, True, "dropped"),
        (3, 1, 1, True, "pending")]  # fmt: skip
MADE = [(1, 1, "converted"), (1, 2, "completed"), (2, 1, "dropped"), (3, 1, "pending")]


def _score(true: list[tuple[int, int, int, bool, str]], made: list[tuple[int, int, str]]):
    return score_funnels(_journeys(true), _steps(made), identifiers=IDENTIFIERS, product_identifiers=RESOLVED)


def test_equal_counts_are_exact() -> None:
    score = _score(TRUE, MADE)
    assert (score.value, score.n) == (1.0, 2)
    assert "differing" not in score.note


def test_the_state_may_stand_on_each_step() -> None:
    by_step = [(person, entry, step, sure, "converted" if (person, step) == (1, 1) else state)
               for person, entry, step, sure, state in TRUE]  # fmt: skip
    assert _score(by_step, MADE).value == 1.0


def test_a_cell_that_differs_is_named() -> None:
    score = _score(TRUE, [(1, 1, "converted"), (1, 2, "completed"), (2, 1, "pending"), (3, 1, "pending")])
    assert score.value == pytest.approx(1 / 2)
    assert "buy from 1 at 1: dropped 0 for 1" in score.note


def test_cells_only_one_side_has_count_as_different() -> None:
    assert _score(TRUE, [*MADE, (2, 2, "completed")]).value == pytest.approx(1 / 2)
    assert _score(TRUE, [row for row in MADE if row[1] == 1]).value == pytest.approx(1 / 2)


def test_persons_who_may_be_mistaken_do_not_count() -> None:
    doubtful = [*TRUE, (4, 1, 1, False, "dropped")]
    assert _score(doubtful, [*MADE, (4, 1, "converted"), (4, 2, "completed")]).value == 1.0


def test_persons_the_product_splits_are_left_out_and_told() -> None:
    second = pd.DataFrame([(1, "crm", "C9", True, False)], columns=IDENTIFIERS.columns)
    torn = pd.DataFrame([("crm", "C9", "key 9")], columns=RESOLVED.columns)
    score = score_funnels(
        _journeys(TRUE),
        _steps([(1, 1, "dropped"), *MADE[2:]]),
        identifiers=pd.concat([IDENTIFIERS, second]),
        product_identifiers=pd.concat([RESOLVED, torn]),
    )
    assert (score.value, score.n) == (1.0, 1)
    assert "without 1 whom the product splits or mixes (0.0000 with them)" in score.note


def test_persons_the_product_makes_one_are_left_out_and_told() -> None:
    one = RESOLVED.replace({"key 2": "key 1"})
    score = score_funnels(
        _journeys(TRUE),
        _steps([*MADE[:2], (1, 1, "dropped"), MADE[3]]),
        identifiers=IDENTIFIERS,
        product_identifiers=one,
    )
    assert (score.value, score.n) == (1.0, 1)
    assert "without 2 whom the product splits or mixes (0.0000 with them)" in score.note


def test_a_journey_the_product_invents_counts() -> None:
    assert _score(TRUE, [*MADE, (4, 1, "dropped")]).value == pytest.approx(1 / 2)

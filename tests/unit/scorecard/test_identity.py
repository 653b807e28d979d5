"""Identity scores: group sizes against pairs counted one by one, and the shared identifier."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.scorecard.identity import key_persons, score_identity
from pipeline.scorecard.model import Standing

Row = tuple[int, str, str, bool, bool]


def _truth(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "identifier_type", "identifier", "is_linkable", "is_shared"])


def _product(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["identifier_type", "identifier", "customer_key"])


TWO_PERSONS = [
    (1, "crm", "C1", True, False),
    (1, "anonymous", "b1", True, False),
    (1, "anonymous", "b2", False, False),
    (2, "crm", "C2", True, False),
    (2, "anonymous", "b3", True, False),
]


def test_a_perfect_product() -> None:
    product = _product([("crm", "C1", "x"), ("anonymous", "b1", "x"), ("anonymous", "b2", "lone"),
                        ("crm", "C2", "y"), ("anonymous", "b3", "y")])  # fmt: skip
    precision, recall = score_identity(_truth(TWO_PERSONS), product)
    assert (precision.value, precision.n) == (1.0, 2)
    assert (recall.value, recall.n) == (1.0, 2)
    assert "0.500 of all 4 true pairs" in recall.note  # b2 cannot be linked: 2 of the 4 pairs of the truth


def test_everybody_in_one_pot_is_complete_and_wrong() -> None:
    product = _product([(row[1], row[2], "pot") for row in TWO_PERSONS])
    precision, recall = score_identity(_truth(TWO_PERSONS), product)
    assert recall.value == 1.0
    assert precision.value == pytest.approx(4 / 10)


def test_what_the_product_leaves_out_is_not_found() -> None:
    product = _product([("crm", "C1", "x"), ("crm", "C2", "y"), ("anonymous", "b3", "y")])
    _, recall = score_identity(_truth(TWO_PERSONS), product)
    assert recall.value == pytest.approx(1 / 2)


def test_types_the_product_does_not_resolve_are_named_and_not_counted() -> None:
    truth = _truth([*TWO_PERSONS, (1, "loyalty", "L1", True, False)])
    product = _product([("crm", "C1", "x"), ("anonymous", "b1", "x"), ("crm", "C2", "y"), ("anonymous", "b3", "y")])
    _, recall = score_identity(truth, product)
    assert recall.value == 1.0
    assert "does not resolve loyalty yet" in recall.note


def test_a_shared_identifier_is_right_with_each_of_its_persons_and_not_asked_for() -> None:
    truth = _truth([
        (1, "crm", "C1", True, False), (2, "crm", "C2", True, False), (3, "crm", "C3", True, False),
        (1, "anonymous", "family", True, True), (2, "anonymous", "family", True, True),
        (1, "email", "us", True, True), (2, "email", "us", True, True),
    ])  # fmt: skip
    product = _product([("crm", "C1", "x"), ("anonymous", "family", "x"), ("email", "us", "x"), ("crm", "C3", "x")])
    precision, recall = score_identity(truth, product)
    # right: C1-family, C1-us, family-us; wrong: C3 with each of the three
    assert precision.value == pytest.approx(3 / 6)
    assert recall.standing is Standing.NOT_APPLICABLE


def test_identifiers_nobody_knows_are_told() -> None:
    product = _product([("crm", "C1", "x"), ("anonymous", "b1", "x"), ("anonymous", "stranger", "x")])
    precision, _ = score_identity(_truth(TWO_PERSONS), product)
    assert (precision.value, precision.n) == (1.0, 1)
    assert "1 identifiers are not in the truth" in precision.note


def test_a_key_of_two_persons_stands_for_nobody() -> None:
    product = _product([("crm", "C1", "x"), ("anonymous", "b1", "x"), ("crm", "C2", "z"), ("anonymous", "b2", "z")])
    assert key_persons(_truth(TWO_PERSONS), product).to_dict() == {"x": 1}


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    count = draw(st.integers(2, 12))
    truth, product = [], []
    for number in range(count):
        holders = draw(st.sets(st.integers(0, 3), min_size=1, max_size=3))
        linkable = draw(st.booleans())
        truth += [(person, "crm", f"i{number}", linkable, len(holders) > 1) for person in sorted(holders)]
        if draw(st.booleans()):
            product.append(("crm", f"i{number}", f"k{draw(st.integers(0, 3))}"))
    product.append(("crm", "i0", "k0")) if not any(row[1] == "i0" for row in product) else None
    return _truth(truth), _product(product)


@settings(deadline=None, max_examples=60)
@given(_worlds())
def test_group_sizes_count_what_enumeration_counts(world: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    truth, product = world
    persons = truth.groupby("identifier")["person_id"].agg(set).to_dict()
    keys = product.set_index("identifier")["customer_key"].to_dict()
    fair = set(truth[truth["is_linkable"] & ~truth["is_shared"]]["identifier"])
    together = [pair for pair in combinations(sorted(keys), 2) if keys[pair[0]] == keys[pair[1]]]
    right = [pair for pair in together if persons[pair[0]] & persons[pair[1]]]
    possible = [pair for pair in combinations(sorted(fair), 2) if persons[pair[0]] & persons[pair[1]]]
    precision, recall = score_identity(truth, product)
    assert (precision.value or 0) * precision.n == pytest.approx(len(right) if together else 0)
    assert precision.n == len(together)
    assert recall.n == len(possible)
    assert (recall.value or 0) * recall.n == pytest.approx(len(set(possible) & set(together)))

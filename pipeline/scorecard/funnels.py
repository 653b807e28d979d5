"""Whether funnel counts are exactly right, over persons about whom nobody can be mistaken.

Belongs here: comparing cells of counts. Does not belong here: what a journey is, which the truth says.
"""

import pandas as pd

from pipeline.scorecard.identity import key_persons
from pipeline.scorecard.model import Score, not_applicable

_CELL = ["funnel_id", "entry_step", "step"]
_COUNTS = ["entrants", "converted", "dropped"]
_ENTRY = ["funnel_id", "person_id", "subject", "entry_number"]
_SHOWN = 8


def score_funnels(
    journeys: pd.DataFrame, steps: pd.DataFrame, *, identifiers: pd.DataFrame, product_identifiers: pd.DataFrame
) -> Score:
    """Share of (funnel, entry step, step) cells whose entrants, converted and dropped all equal the truth.

    Persons whom the product splits over several customers, or makes one with another person, are left out: what that
    costs is the matter of identity.

    Args:
        journeys: the truth: funnel_id, person_id, subject, entry_number, entry_step, step, is_linkage_certain,
            entry_state; one row per step reached.
        steps: the product: funnel_id, customer_key, entry_step, step, step_outcome (converted, dropped, pending or
            completed); one row per entry and step reached.
        identifiers: the truth's identifiers, as for ``score_identity``.
        product_identifiers: the product's.

    Returns:
        ``funnel_exact``; its note lists cells that differ, and says what it is with the persons left out.
    """
    certain = certain_persons(journeys, identifiers)
    split = split_persons(identifiers, product_identifiers)
    persons = key_persons(identifiers, product_identifiers)
    whole = certain.difference(split).difference(mixed_persons(identifiers, product_identifiers))
    made_rows = steps[steps["funnel_id"].isin(journeys["funnel_id"].unique())]
    made_rows = made_rows.assign(person_id=made_rows["customer_key"].map(persons))
    both = _compared(journeys, made_rows, whole)
    if both.empty:
        return not_applicable("funnel_exact", "the truth holds no journey of a person whose identifiers are certain")
    differing = both[_differ(both)]
    note = f"cells of {', '.join(sorted(journeys['funnel_id'].unique()))}; {len(whole):,} persons"
    if left_out := len(certain) - len(whole):
        with_all = 1 - _differ(_compared(journeys, made_rows, certain)).mean()
        note += f", without {left_out} whom the product splits or mixes ({with_all:.4f} with them)"
    if len(differing):
        more = f" and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
        note += "; differing: " + "; ".join(_described(differing.head(_SHOWN))) + more
    return Score("funnel_exact", 1 - len(differing) / len(both), len(both), note)


def split_persons(identifiers: pd.DataFrame, product_identifiers: pd.DataFrame) -> pd.Index:
    """Persons whose identifiers the product put under more than one customer key."""
    joined = identifiers.merge(product_identifiers, on=["identifier_type", "identifier"])
    keys = joined.groupby("person_id")["customer_key"].nunique()
    return keys[keys > 1].index


def mixed_persons(identifiers: pd.DataFrame, product_identifiers: pd.DataFrame) -> pd.Index:
    """Persons of whom the product put an identifier that is theirs alone under one customer key with another's."""
    own = identifiers[~identifiers["is_shared"]]
    joined = own.merge(product_identifiers, on=["identifier_type", "identifier"])
    persons = joined.groupby("customer_key")["person_id"].transform("nunique")
    return pd.Index(joined.loc[persons > 1, "person_id"].unique())


def certain_persons(journeys: pd.DataFrame, identifiers: pd.DataFrame) -> pd.Index:
    """Persons whose journeys cannot be cut or mixed by a missing link: all their rows say so.

    A person without a journey counts when every identifier is linkable and none is shared, so that journeys the
    product invents for such a person are seen.
    """
    travelled = journeys.groupby("person_id")["is_linkage_certain"].all()
    clean = (identifiers["is_linkable"] & ~identifiers["is_shared"]).groupby(identifiers["person_id"]).all()
    others = clean[clean & ~clean.index.isin(travelled.index)]
    return travelled[travelled].index.union(others.index)


def _with_outcome(rows: pd.DataFrame) -> pd.DataFrame:
    """Each step reached with what became of it: the next one was reached, or how the entry ended."""
    last = rows.groupby(_ENTRY)["step"].transform("max")
    ended = rows["entry_state"].where(rows["entry_state"] != "converted", "completed")
    return rows.assign(step_outcome=ended.where(rows["step"] == last, "converted"))


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    counted = rows[_CELL].assign(
        entrants=1,
        converted=(rows["step_outcome"] == "converted").astype("int64"),
        dropped=(rows["step_outcome"] == "dropped").astype("int64"),
    )
    return counted.groupby(_CELL)[_COUNTS].sum()


def _compared(journeys: pd.DataFrame, made_rows: pd.DataFrame, persons: pd.Index) -> pd.DataFrame:
    """Counts of truth and product side by side, over these persons."""
    true_rows = journeys[journeys["person_id"].isin(persons)]
    if true_rows.empty:
        return pd.DataFrame()
    made = _cells(made_rows[made_rows["person_id"].isin(persons)])
    both = _cells(_with_outcome(true_rows)).join(made, how="outer", lsuffix="_true", rsuffix="_made")
    return both.fillna(0).astype("int64")


def _differ(cells: pd.DataFrame) -> pd.Series:
    return pd.concat([cells[f"{name}_true"] != cells[f"{name}_made"] for name in _COUNTS], axis=1).any(axis=1)


def _described(cells: pd.DataFrame) -> list[str]:
    lines = []
    for (funnel, entry_step, step), row in zip(cells.index, cells.to_dict("records"), strict=True):
        found = ", ".join(
            f"{name} {row[f'{name}_made']} for {row[f'{name}_true']}"
            for name in _COUNTS
            if row[f"{name}_made"] != row[f"{name}_true"]
        )
        lines.append(f"{funnel} from {entry_step} at {step}: {found}")
    return lines

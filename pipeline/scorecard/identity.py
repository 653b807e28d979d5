"""How right the product is about who is who: pairs of identifiers, judged by the sizes of groups.

Belongs here: precision and recall of identifier pairs, and which person a customer key stands for. Does not belong
here: hashing, reading files.
"""

import pandas as pd

from pipeline.scorecard.model import Score, not_applicable

_ID = ["identifier_type", "identifier"]


def score_identity(truth: pd.DataFrame, product: pd.DataFrame) -> tuple[Score, Score]:
    """Precision and recall of pairs of identifiers put under one customer key.

    A pair is right when some person stands behind both. Precision is over all pairs the product made of identifiers
    the truth knows; recall over the true pairs of which both are linkable and neither is shared, the identifiers the
    product left out included. Only types of identifier the product resolves count. Pairs are never enumerated.

    Args:
        truth: person_id, identifier_type, identifier, is_linkable, is_shared; one row per person and identifier,
            e-mail addresses and phone numbers as the product knows them (hashed).
        product: identifier_type, identifier, customer_key; one row per identifier.

    Returns:
        ``identity_precision`` and ``identity_recall``.
    """
    types = sorted(product["identifier_type"].unique())
    known = truth[truth["identifier_type"].isin(types)].drop_duplicates(["person_id", *_ID])
    joined = known.merge(product[[*_ID, "customer_key"]], on=_ID, how="left")
    found = joined[joined["customer_key"].notna()]
    strange = len(product) - len(found.drop_duplicates(_ID))
    return _precision(found, types, strange), _recall(joined, truth)


def key_persons(truth: pd.DataFrame, product: pd.DataFrame) -> pd.Series:
    """The person each customer key stands for; keys that mix several persons, or that nobody knows, are left out.

    Args:
        truth: as for ``score_identity``.
        product: as for ``score_identity``.

    Returns:
        person_id by customer_key.
    """
    joined = product[[*_ID, "customer_key"]].merge(truth[["person_id", *_ID]], on=_ID)
    persons = joined.groupby("customer_key")["person_id"].agg(["min", "nunique"])
    return persons.loc[persons["nunique"] == 1, "min"]


def _precision(found: pd.DataFrame, types: list[str], strange: int) -> Score:
    made = _pairs(found.drop_duplicates(_ID).groupby("customer_key").size())
    if made == 0:
        return not_applicable("identity_precision", "the product put no two identifiers under one customer")
    note = f"pairs of {', '.join(types)} under one customer"
    if strange:
        note += f"; {strange} identifiers are not in the truth and were left out"
    return Score("identity_precision", _right_pairs(found) / made, made, note)


def _recall(joined: pd.DataFrame, truth: pd.DataFrame) -> Score:
    fair = joined[joined["is_linkable"] & ~joined["is_shared"]]
    possible = _pairs(fair.groupby("person_id").size())
    if possible == 0:
        return not_applicable("identity_recall", "no person has two identifiers that could be linked")
    every = truth.drop_duplicates(["person_id", *_ID])
    all_pairs = _pairs(every.groupby("person_id").size())
    all_found = _joined_pairs(joined)
    unresolved = sorted(set(truth["identifier_type"]) - set(joined["identifier_type"]))
    note = f"linkable true pairs; {all_found / all_pairs:.3f} of all {all_pairs:,} true pairs, linkable or not"
    if unresolved:
        note += f"; the product does not resolve {', '.join(unresolved)} yet"
    return Score("identity_recall", _joined_pairs(fair) / possible, possible, note)


def _pairs(sizes: pd.Series) -> int:
    """Σ C(n, 2) over groups."""
    counts = sizes.astype("int64")
    return int((counts * (counts - 1) // 2).sum())


def _joined_pairs(rows: pd.DataFrame) -> int:
    """True pairs that share a customer key."""
    return _pairs(rows[rows["customer_key"].notna()].groupby(["person_id", "customer_key"]).size())


def _right_pairs(found: pd.DataFrame) -> int:
    """Pairs under one key behind which some person stands; ``found`` has a row per person of a shared identifier."""
    holders = found.groupby(_ID)["person_id"].transform("size")
    alone, shared = found[holders == 1], found[holders > 1]
    own = alone.groupby(["customer_key", "person_id"]).size().rename("own_count").reset_index()
    mixed = int(shared.merge(own, on=["customer_key", "person_id"])["own_count"].sum())
    return _pairs(own["own_count"]) + mixed + _right_shared_pairs(shared)


def _right_shared_pairs(shared: pd.DataFrame) -> int:
    """Pairs of two shared identifiers under one key that have a person in common."""
    if shared.empty:
        return 0
    crowds = shared.sort_values("person_id").groupby(["customer_key", *_ID])["person_id"].agg(tuple)
    sizes = crowds.rename("crowd").reset_index().groupby(["customer_key", "crowd"]).size().rename("size").reset_index()
    sizes["crowd_number"] = range(len(sizes))
    members = sizes.explode("crowd").rename(columns={"crowd": "person_id"})
    met = members.merge(members, on=["customer_key", "person_id"], suffixes=("", "_other"))
    met = met[met["crowd_number"] < met["crowd_number_other"]].drop_duplicates(["crowd_number", "crowd_number_other"])
    return _pairs(sizes["size"]) + int((met["size"] * met["size_other"]).sum())

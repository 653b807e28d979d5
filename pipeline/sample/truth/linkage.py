"""Who stands behind every identifier the company delivers, and which of them its own rows tie together.

Belongs here: identifiers, edges and components of the true persons of a block. Does not belong here: how the product
resolves them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.sample.delivery.days import LAST, day_number
from pipeline.sample.delivery.names import has_text
from pipeline.sample.ground.seasons import Flags, Integers
from pipeline.sample.ground.world import World

KINDS = ("crm", "loyalty", "web_user", "anonymous", "email", "phone")
CRM, LOYALTY, WEB_USER, ANONYMOUS, EMAIL, PHONE = range(len(KINDS))
"""Kinds of identifiers, in the order in which one is a person's main one."""

_ELSEWHERE = {"survey_responses": "invited_at", "interactions": "opened_at", "messages": "sent_at"}
Met = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class Linkage:
    """The identifiers of a block's persons and what they are worth.

    Attributes:
        identifiers: one row per person and identifier: ``person_row``, ``kind`` (code into ``KINDS``), ``number``
            (of the account, browser, card, address or phone), ``first_seen_at``, ``is_linkable`` (tied to the person's
            main identifier by rows delivered), ``is_shared``.
        is_certain: per person, whether every identifier their touchpoints come under is linkable and theirs alone.
    """

    identifiers: pd.DataFrame
    is_certain: Flags


def linkage_of(world: World, events: pd.DataFrame) -> Linkage:
    """Identifiers of a block.

    Args:
        world: the block.
        events: its web events as far as they are delivered.
    """
    nodes, ends = _edges([*_met_in_the_books(world), *_met_on_the_web(world, events), *_met_elsewhere(world)])
    is_shared = _shared(nodes)
    nodes["is_shared"] = is_shared
    nodes["is_linkable"] = _linkable(nodes, ends, is_shared)
    is_good = (nodes["is_linkable"] & ~nodes["is_shared"]).to_numpy()
    is_used = nodes["is_used"].to_numpy(dtype=bool)
    is_certain = np.ones(len(world.persons), dtype=bool)
    is_certain[nodes["person_row"].to_numpy()[is_used & ~is_good]] = False
    orders = world.orders
    nameless = ((orders["customer"] < 0) & (orders["browser"] < 0)).to_numpy()
    is_certain[orders["person_row"].to_numpy()[nameless]] = False
    return Linkage(nodes.drop(columns="is_used"), is_certain)


def _rows(
    person_row: npt.NDArray, kind: int, number: npt.NDArray, seen: npt.NDArray, *, is_used: bool = False
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_row": person_row,
            "kind": np.int8(kind),
            "number": number,
            "first_seen_at": seen,
            "is_used": is_used,
        }
    )


def _numbers(world: World, column: str) -> Integers:
    """Numbers of a column of the persons; a phone that has no text is none."""
    number = world.persons[column].to_numpy()
    return np.where(has_text(number), number, -1) if column == "phone" else number


def _met_in_the_books(world: World) -> list[Met]:
    """Identifiers of each account; an identifier met alone is paired with itself."""
    persons, pairs = world.persons, []
    for customer, moment, is_second in (
        ("customer", "registered_at", False),
        ("second_customer", "second_registered_at", True),
    ):
        row = np.flatnonzero(persons[customer] >= 0)
        account, seen = persons[customer].to_numpy()[row], persons[moment].to_numpy()[row]
        crm = _rows(row, CRM, account, seen, is_used=True)
        pairs.append((crm, crm))
        for kind, column in ((LOYALTY, "loyalty"), (EMAIL, "email"), (PHONE, "phone")):
            number = _numbers(world, column)[row]
            given = number != -1
            if is_second and kind != LOYALTY:  # a second account has the address or the phone, see ``extracts``
                given &= (persons["person"].to_numpy()[row] % 2 == 1) == (kind == PHONE)
            found = _rows(row[given], kind, number[given], seen[given])
            pairs.append((_rows(row[given], CRM, account[given], seen[given]), found))
    return pairs


def _met_on_the_web(world: World, events: pd.DataFrame) -> list[Met]:
    """Browsers, log-ins, and orders placed from a browser."""
    theirs = events[(events["person_row"] >= 0).to_numpy()]
    met = theirs.drop_duplicates(["person_row", "browser", "customer"])
    row, browser, seen = (met[name].to_numpy() for name in ("person_row", "browser", "occurred_at"))
    account = met["customer"].to_numpy()
    known = account >= 0
    alone = _rows(row, ANONYMOUS, browser, seen, is_used=True)
    user = _rows(row[known], WEB_USER, account[known], seen[known], is_used=True)
    orders = world.orders[((world.orders["customer"] >= 0) & (world.orders["browser"] >= 0)).to_numpy()]
    placed = orders.drop_duplicates(["person_row", "browser", "customer"])
    buyer, at = placed["person_row"].to_numpy(), placed["ordered_at"].to_numpy()
    return [
        (alone, alone),
        (user, alone[known].reset_index(drop=True)),
        (user, user.assign(kind=np.int8(CRM))),
        (
            _rows(buyer, CRM, placed["customer"].to_numpy(), at),
            _rows(buyer, ANONYMOUS, placed["browser"].to_numpy(), at),
        ),
    ]


def _met_elsewhere(world: World) -> list[Met]:
    """Addresses and phones in surveys, contacts and messages, beside an account or alone."""
    pairs = []
    for table, moment in _ELSEWHERE.items():
        frame = world.others[table]
        shown = frame[(day_number(frame[moment]) <= LAST) & (frame["person_row"] >= 0).to_numpy()]
        for kind, flag, column in ((EMAIL, "shows_email", "email"), (PHONE, "shows_phone", "phone")):
            if flag not in shown:
                continue
            met = shown[shown[flag].to_numpy()].drop_duplicates(["person_row", "customer"])
            row, account, seen = (met[name].to_numpy() for name in ("person_row", "customer", moment))
            number = _numbers(world, column)[row]
            is_beside, is_alone = (account >= 0) & (number != -1), (account < 0) & (number != -1)
            # the answer of a survey is a touchpoint; a contact or a message is none
            address = _rows(row[is_alone], kind, number[is_alone], seen[is_alone], is_used=table == "survey_responses")
            beside = _rows(row[is_beside], kind, number[is_beside], seen[is_beside])
            crm = _rows(row[is_beside], CRM, account[is_beside], seen[is_beside])
            pairs += [(address, address), (crm, beside)]
    return pairs


def _edges(pairs: list[Met]) -> tuple[pd.DataFrame, tuple[Integers, Integers]]:
    """Distinct identifiers, and the edges between them as places."""
    left, right = (pd.concat([pair[side] for pair in pairs], ignore_index=True) for side in (0, 1))
    both = pd.concat([left, right], ignore_index=True)
    grouped = both.groupby(["person_row", "kind", "number"], sort=True)
    nodes = grouped.agg(first_seen_at=("first_seen_at", "min"), is_used=("is_used", "max")).reset_index()
    place: Integers = np.asarray(grouped.ngroup(), dtype=np.int64)
    return nodes, (place[: len(left)], place[len(left) :])


def _shared(nodes: pd.DataFrame) -> Flags:
    """Identifiers of several persons, and default values, which are everybody's."""
    owners = nodes.groupby(["kind", "number"])["person_row"].transform("size").to_numpy()
    return np.asarray((owners > 1) | (nodes["number"].to_numpy() < 0))


def _linkable(nodes: pd.DataFrame, ends: tuple[Integers, Integers], is_shared: Flags) -> Flags:
    """Whether each identifier hangs together with its person's main one, over identifiers that are theirs alone."""
    count = len(nodes)
    one, other = ends
    bridges = ~is_shared[one] & ~is_shared[other]
    graph = coo_array((np.ones(bridges.sum(), dtype=np.int8), (one[bridges], other[bridges])), shape=(count, count))
    _, component = connected_components(graph, directed=False)
    person = nodes["person_row"].to_numpy()
    seen = nodes["first_seen_at"].to_numpy().astype("datetime64[s]").astype(np.int64)
    order = np.lexsort([seen, nodes["kind"].to_numpy(), is_shared, person])
    is_main = np.diff(person[order], prepend=-1) != 0
    main = np.full(int(person.max(initial=-1)) + 1, -1)
    main[person[order][is_main]] = component[order][is_main]
    linked = component == main[person]
    hangs = np.zeros(count, dtype=bool)
    hangs[one[linked[other]]] = True
    hangs[other[linked[one]]] = True
    return np.asarray(linked | (is_shared & hangs))

"""The rules of identity in plain Python, to hold the models against: slow, and components found in another way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

TYPES = ("crm", "loyalty", "email", "phone", "anonymous")
"""In the order in which one names a customer."""
WEAKEST_FIRST = ("email_phone", "crm_anonymous", "crm_phone", "crm_email", "crm_loyalty")
CRM_IDS = {"loyalty": 2, "email": 2, "phone": 2, "anonymous": 2}
CUSTOMERS = {"email": 1, "phone": 1, "anonymous": 1}

Node = tuple[str, str]
Pair = tuple[Node, Node]


@dataclass(frozen=True)
class Row:
    """A delivered row with the identifiers it carries."""

    table: str
    crm: str | None = None
    loyalty: str | None = None
    email: str | None = None
    phone: str | None = None
    anonymous: str | None = None

    def nodes(self) -> list[Node]:
        return [(kind, value) for kind in TYPES if (value := getattr(self, kind)) is not None]


@dataclass
class Resolution:
    """Owner of each identifier (None: it identifies nobody), and why links were refused."""

    owner: dict[Node, Node | None] = field(default_factory=dict)
    refused: dict[tuple[str, Pair], str] = field(default_factory=dict)


def _rank(node: Node) -> tuple[int, str]:
    return TYPES.index(node[0]), node[1]


class Forest:
    """Union-find whose roots are the least of their sets."""

    def __init__(self, nodes: Iterable[Node], links: Iterable[Pair]) -> None:
        self._parent = {node: node for node in nodes}
        for one, other in links:
            low, high = sorted((self.root(one), self.root(other)), key=_rank)
            self._parent[high] = low

    def root(self, node: Node) -> Node:
        while self._parent[node] != node:
            node = self._parent[node]
        return node


def _links(rows: Iterable[Row]) -> set[tuple[str, Pair]]:
    found = set()
    for row in rows:
        for kind in ("loyalty", "email", "phone", "anonymous"):
            if row.crm is not None and (value := getattr(row, kind)) is not None:
                found.add((f"crm_{kind}", (("crm", row.crm), (kind, value))))
        if row.crm is None and row.email is not None and row.phone is not None:
            found.add(("email_phone", (("email", row.email), ("phone", row.phone))))
    return found


def resolve(
    rows: list[Row], *, merges: Iterable[Pair] = (), splits: Iterable[Pair] = (), maximum: int = 200
) -> Resolution:
    """Who is who."""
    nodes = {node for row in rows for node in row.nodes()}
    merges = [pair for pair in merges if set(pair) <= nodes]
    splits = [pair for pair in splits if set(pair) <= nodes]
    links = _links(rows)
    result = Resolution()
    _refuse_split(links, splits, result)
    _refuse_crowds(links, result)
    accounts = Forest(nodes, [*(pair for kind, pair in links - set(result.refused) if kind == "crm_loyalty"), *merges])
    bare = _bare_accounts(rows, links, merges, accounts, nodes)
    _refuse_shared(links, accounts, bare, result)
    kept = links - set(result.refused)
    parts = _sound_parts(nodes, kept, merges, splits, maximum, lambda node: _claim(node, accounts, bare), result)
    _own(nodes, links, merges, parts, result)
    return result


def _refuse_split(links: set[tuple[str, Pair]], splits: list[Pair], result: Resolution) -> None:
    beside = defaultdict(set)
    for _, (one, other) in links:
        beside[one].add(other)
        beside[other].add(one)
    for one, other in splits:
        for kind, pair in links:
            ends = set(pair)
            both = beside[one] & beside[other]
            if ends == {one, other} or (ends & {one, other} and ends & both):
                result.refused[kind, pair] = "split_by_hand"


def _refuse_crowds(links: set[tuple[str, Pair]], result: Resolution) -> None:
    ties = Counter(pair[1] for kind, pair in links - set(result.refused) if kind.startswith("crm_"))
    crowded = {node for node, count in ties.items() if count > CRM_IDS[node[0]]}
    _refuse_all(links, crowded, "too_many_crm_ids", result)


def _refuse_all(links: set[tuple[str, Pair]], nodes: set[Node], reason: str, result: Resolution) -> None:
    for kind, pair in links - set(result.refused):
        if pair[1] in nodes or pair[0] in nodes:
            result.refused[kind, pair] = reason


def _bare_accounts(
    rows: list[Row], links: set[tuple[str, Pair]], merges: list[Pair], accounts: Forest, nodes: set[Node]
) -> set[Node]:
    registered, owns = defaultdict(set), set()
    for row in rows:
        if row.crm is not None and row.table == "customers":
            root = accounts.root(("crm", row.crm))
            registered[root] |= {node for node in row.nodes() if node[0] in ("email", "phone")}
    for kind, (one, _) in links:
        if kind in ("crm_loyalty", "crm_anonymous"):
            owns.add(accounts.root(one))
    return {
        root
        for root in map(accounts.root, nodes)
        if root[0] == "crm" and len(registered[root]) == 1 and root not in owns
    }


def _claim(node: Node, accounts: Forest, bare: set[Node]) -> Node | None:
    root = accounts.root(node)
    return root if node[0] == "crm" and root not in bare else None


def _refuse_shared(links: set[tuple[str, Pair]], accounts: Forest, bare: set[Node], result: Resolution) -> None:
    claims = defaultdict(set)
    for kind, (one, other) in links - set(result.refused):
        if kind.startswith("crm_") and (claim := _claim(one, accounts, bare)) is not None:
            claims[other].add(claim)
    shared = {node for node, found in claims.items() if len(found) > CUSTOMERS.get(node[0], len(found))}
    _refuse_all(links, shared, "several_customers", result)


def _sound_parts(nodes, kept, merges, splits, maximum, claim, result) -> Mapping[Node, Node]:  # type: ignore[no-untyped-def]
    """Cut each cluster that should not be by its weakest kinds until it may be; the root of every node."""
    owner: dict[Node, Node] = {}
    waiting = [(frozenset(nodes), set(kept), 0)]
    while waiting:
        members, links, cut = waiting.pop()
        forest = Forest(members, [*(pair for _, pair in links), *(pair for pair in merges if set(pair) <= members)])
        clusters = defaultdict(set)
        for node in members:
            clusters[forest.root(node)].add(node)
        for root, inside in clusters.items():
            held = {(kind, pair) for kind, pair in links if pair[0] in inside}
            reason = _unsound(inside, held, splits, maximum, claim)
            if reason is None or cut == len(WEAKEST_FIRST):
                owner.update(dict.fromkeys(inside, root))
                continue
            gone = {(kind, pair) for kind, pair in held if kind == WEAKEST_FIRST[cut]}
            result.refused.update(dict.fromkeys(gone, reason))
            waiting.append((frozenset(inside), held - gone, cut + 1))
    return owner


def _unsound(inside, held, splits, maximum, claim) -> str | None:  # type: ignore[no-untyped-def]
    if any(set(pair) <= inside for pair in splits):
        return "split_by_hand"
    if len(inside) > maximum:
        return "cluster_too_large"
    contact = any(kind == "email_phone" for kind, _ in held)
    claims = {claim(node) for node in inside} - {None}
    return "contact_between_customers" if contact and len(claims) > 1 else None


def _own(
    nodes: set[Node], links: set[tuple[str, Pair]], merges: list[Pair], parts: Mapping[Node, Node], result: Resolution
) -> None:
    ties, held = set(), {node for pair in merges for node in pair}
    for kind, pair in links:
        ends = pair if kind == "email_phone" else pair[1:]
        ties.update(ends)
        if (kind, pair) not in result.refused:
            held.update(ends)
    for node in nodes:
        nobody = node[0] in ("loyalty", "email", "phone") and node in ties - held
        result.owner[node] = None if nobody else parts[node]

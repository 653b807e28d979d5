"""Identity against its rules in plain Python, on many random companies; whatever the order and batching of rows."""

import base64
import hashlib
import itertools
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.cli.studies.models import Project, build_models, compile_models, laboratory
from pipeline.settings import Settings
from tests.dbt.identity_reference import Forest, Node, Pair, Resolution, Row, resolve

pytestmark = pytest.mark.end_to_end

AS_OF = date(2025, 12, 31)
COLUMNS = {
    "customers": {"crm": "customer_id", "loyalty": "loyalty_id", "email": "email_hash", "phone": "phone_hash"},
    "orders": {"crm": "customer_id", "anonymous": "anonymous_id"},
    "interactions": {"crm": "customer_id", "email": "email_hash", "phone": "phone_hash"},
    "web_events": {"crm": "user_id", "anonymous": "anonymous_id"},
}
TABLES = ("int_identifiers__resolved", "int_identity_links__judged")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    before = dict(os.environ)
    yield compile_models(Settings(home=tmp_path_factory.mktemp("identity") / "home"), TABLES)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def opened(project: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    with laboratory(project, as_of=AS_OF) as database:
        yield database


def _values(kind: str, count: int) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *(f"{kind}{number}" for number in range(count))])


ROWS = st.one_of(
    st.builds(
        Row, st.just("customers"), _values("c", 7).filter(bool), _values("l", 3), _values("e", 5), _values("p", 5)
    ),
    st.builds(
        lambda crm, anonymous: Row("orders", crm, anonymous=anonymous), _values("c", 7).filter(bool), _values("a", 5)
    ),
    st.builds(
        lambda crm, email, phone: Row("interactions", crm, email=email, phone=phone),
        st.sampled_from([None, None, "c0", "c3"]), _values("e", 5), _values("p", 5),
    ),
    st.builds(
        lambda crm, anonymous: Row("web_events", crm, anonymous=anonymous),
        _values("c", 7), _values("a", 5).filter(bool),
    ),
)  # fmt: skip


def _one_each(rows: list[Row]) -> list[Row]:
    """A customer is delivered once: the last row of each."""
    customers = {row.crm: row for row in rows if row.table == "customers"}
    return [row for row in rows if row.table != "customers"] + list(customers.values())


COMPANIES = st.lists(ROWS, min_size=1, max_size=14).map(_one_each)
DECIDED = st.tuples(st.sampled_from([f"c{n}" for n in range(7)]), st.sampled_from([f"c{n}" for n in range(7)])).filter(
    lambda pair: pair[0] != pair[1]
)


def _land(opened: duckdb.DuckDBPyConnection, rows: list[Row], *, batches: int = 1) -> None:
    """Put the rows into landing tables, in their order, spread over so many extract days."""
    for table, columns in COLUMNS.items():
        opened.execute(f"delete from landing.{table}")
        delivered = [asdict(row) for row in rows if row.table == table]
        if not delivered:
            continue
        frame = pd.DataFrame(delivered, dtype=object)[list(columns)].rename(columns=dict(columns))
        frame["_key_hash"] = frame["customer_id"] if table == "customers" else [f"{n}" for n in range(len(frame))]
        for key in {"orders": "order_id", "interactions": "interaction_id"}.get(table, "").split():
            frame[key] = frame["_key_hash"]
        frame["_row_hash"] = frame["_key_hash"]
        frame["_extract_date"] = [AS_OF - timedelta(days=number % batches) for number in range(len(frame))]
        opened.register("frame", frame)
        opened.execute(f"insert into landing.{table} by name select * from frame")
        opened.unregister("frame")


def _decide(opened: duckdb.DuckDBPyConnection, decisions: list[tuple[str, Pair]]) -> None:
    opened.execute("delete from landing.identity_decisions")
    for action, (one, other) in decisions:
        opened.execute("insert into landing.identity_decisions values (?, ?, ?, ?, ?)", [action, *one, *other])


def _owners(opened: duckdb.DuckDBPyConnection) -> dict[Node, str]:
    found = opened.execute(
        "select identifier_type, identifier, customer_key from intermediate.int_identifiers__resolved "
        "where identifier_type <> 'user'"
    ).fetchall()
    return {(kind, value): key for kind, value, key in found}


def _key(node: Node) -> str:
    return base64.b64encode(hashlib.sha256("\x1f".join(node).encode()).digest()[:9]).decode()


def _expected(resolution: Resolution) -> dict[Node, str]:
    return {node: _key(root) for node, root in resolution.owner.items() if root is not None}


def _refused(opened: duckdb.DuckDBPyConnection) -> dict[tuple[str, Pair], str]:
    found = opened.execute(
        "select link_kind, one.identifier_type, one.identifier, other.identifier_type, other.identifier, "
        "refusal_reason from intermediate.int_identity_links__judged as links "
        "inner join intermediate.int_identifiers__collected as one on links.from_node = one.node_number "
        "inner join intermediate.int_identifiers__collected as other on links.to_node = other.node_number "
        "where refusal_reason is not null"
    ).fetchall()
    return {(kind, ((a, b), (c, d))): reason for kind, a, b, c, d, reason in found}


def _content(opened: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A hash over every row of every table of identity."""
    names = opened.execute("select table_name from duckdb_tables() where schema_name = 'intermediate'").fetchall()
    rows = {name: opened.execute(f"from intermediate.{name} order by all").fetchall() for (name,) in names}
    return {name: hashlib.sha256(repr(found).encode()).hexdigest() for name, found in rows.items()}


PATIENT = settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@PATIENT
@given(rows=COMPANIES)
def test_the_models_follow_the_rules(opened: duckdb.DuckDBPyConnection, project: Project, rows: list[Row]) -> None:
    _land(opened, rows)
    _decide(opened, [])
    build_models(opened, project)
    expected = resolve(rows)
    assert _owners(opened) == _expected(expected)
    assert _refused(opened) == expected.refused


@PATIENT
@given(rows=COMPANIES, merge=DECIDED, split=DECIDED)
def test_decisions_by_hand_follow_the_rules_and_leave_no_trace(
    opened: duckdb.DuckDBPyConnection,
    project: Project,
    rows: list[Row],
    merge: tuple[str, str],
    split: tuple[str, str],
) -> None:
    merged, apart = (("crm", merge[0]), ("crm", merge[1])), (("crm", split[0]), ("crm", split[1]))
    _land(opened, rows)
    _decide(opened, [])
    build_models(opened, project)
    before = _content(opened)
    decisions = [("merge", merged), ("split", apart)] if set(merge) != set(split) else [("merge", merged)]
    _decide(opened, decisions)
    build_models(opened, project)
    expected = resolve(rows, merges=[merged], splits=[apart] if len(decisions) > 1 else [])
    assert _owners(opened) == _expected(expected)
    _decide(opened, [])
    build_models(opened, project)
    assert _content(opened) == before


@PATIENT
@given(rows=COMPANIES, data=st.data())
def test_neither_order_nor_batching_matters(
    opened: duckdb.DuckDBPyConnection, project: Project, rows: list[Row], data: st.DataObject
) -> None:
    _decide(opened, [])
    _land(opened, rows)
    build_models(opened, project)
    before = _content(opened)
    _land(opened, data.draw(st.permutations(rows)), batches=data.draw(st.integers(1, 3)))
    build_models(opened, project)
    assert _content(opened) == before


def test_the_rules_are_all_met_by_some_company() -> None:
    """If no company met a rule, the comparison would prove nothing about it."""
    met: set[str] = set()

    @settings(max_examples=300, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=COMPANIES, split=DECIDED)
    def watch(rows: list[Row], split: tuple[str, str]) -> None:
        met.update(resolve(rows, splits=[(("crm", split[0]), ("crm", split[1]))]).refused.values())

    watch()
    assert met >= {"split_by_hand", "too_many_crm_ids", "several_customers", "contact_between_customers"}


@pytest.mark.parametrize("length", [2, 3, 64, 3000])
def test_a_chain_of_any_length_is_one_cluster(opened: duckdb.DuckDBPyConnection, project: Project, length: int) -> None:
    """Numbers lie at random along the chain, beside a second one and a lonely node: the step must have converged."""
    order = pd.Series(range(1, length + 1)).sample(frac=1, random_state=1).tolist()
    links = [*itertools.pairwise(order), (length + 1, length + 2)]
    made = {
        "int_identifiers__collected": pd.DataFrame({"node_number": range(1, length + 4)}),
        "int_identity_links__guarded": pd.DataFrame(links, columns=["from_node", "to_node"]).assign(
            link_kind="crm_email", weakness_rank=4, refusal_reason=None
        ),
        "int_identity_accounts__grouped": pd.DataFrame({"node_number": [0], "account_number": [0], "is_bare": [False]}),
        "int_identity_overrides__numbered": pd.DataFrame({"action": ["x"], "one_node": [0], "other_node": [0]}),
    }
    sql = next(model.sql for model in project.models if model.name == "int_identity_clusters__formed")
    sql = sql.replace(f'"{project.database}"."intermediate".', "").replace("> 200", "> 100000")
    with duckdb.connect(config={"threads": 2}) as alone:
        for name, frame in made.items():
            alone.register(name, frame)
        found = dict(alone.execute(f"select node_number, cluster_number from ({sql})").fetchall())
    forest = Forest([("crm", f"{node:09}") for node in found], [(_node(a), _node(b)) for a, b in links])
    assert found == {node: int(forest.root(_node(node))[1]) for node in found}
    assert len(found) == length + 3


def _node(number: int) -> Node:
    return "crm", f"{number:09}"

"""What identity costs beside a hand-written one, in the same run: CPU seconds and memory; whether components are right.

Belongs here: the measurement of identity. By hand: ``python -m tests.benchmarks.identity_speed 1000000``. The models
are run on landing tables in memory; the hand-written one reads the same files into pandas and finds components with
scipy, with one guard of the simplest kind. Each is taken in a process of its own. The components of the models are
compared with those scipy finds over the same links.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.cli.studies.models import build_models, compile_models, laboratory
from pipeline.settings import Settings
from pipeline.warehouse import connection, literal

AS_OF = date(2025, 12, 31)
MOST_SECONDS = 12.0
MOST_MEMORY = 6.0
_HEX = "substr(sha256({} || '{}'), 1, 32)"
TABLES = {
    "customers": """
        select 'C' || i as customer_id, {email} as email_hash,
            case when i % 5 > 0 then {phone} end as phone_hash,
            case when i % 20 < 9 then 'F' || (case when i % 200 = 40 then i - 1 else i end) end as loyalty_id,
            'C' || i as _key_hash, 'C' || i as _row_hash, date '2025-12-01' as _extract_date
        from range({customers}) as people (i)""",
    "web_events": """
        select 'a' || (i % {browsers}) as anonymous_id,
            case when (i % {browsers}) % 3 = 0 and i // {browsers} < 2
                then 'C' || (hash(
                    (i % {browsers}) // 2 + (case when (i % {browsers}) % 100 = 0 then i // {browsers} else 0 end)
                ) % {customers}) end as user_id,
            'e' || i as event_id, 'e' || i as _key_hash, timestamp '2025-12-01 10:00:00' as occurred_at,
            'page_view' as event_name
        from range({events}) as events (i)""",
    "messages": """
        select 'm' || i as message_id, 'C' || (i % {customers}) as customer_id,
            {message_email} as email_hash, 'm' || i as _key_hash, 'm' || i as _row_hash,
            date '2025-12-01' as _extract_date, timestamp '2025-12-01 10:00:00' as sent_at
        from range({customers} * 2) as messages (i)""",
}  # fmt: skip
"""About a sixth of the identifiers are customers, as many addresses, fewer phones and cards; the rest are browsers.
Some addresses are shared by two, some cards by two accounts, some browsers by several."""


def make_files(folder: Path, identifiers: int) -> None:
    """Write staged tables of a company with about so many identifiers."""
    customers = identifiers // 6
    address = "(case when {0} % 100 = 7 then {0} - 1 else {0} end)"
    parts = {
        "customers": customers,
        "browsers": identifiers - int(customers * 3.2),
        "events": 2 * identifiers,
        "email": _HEX.format(address.format("i") + "::varchar", "e"),
        "phone": _HEX.format("i::varchar", "p"),
        "message_email": _HEX.format(address.format(f"(i % {customers})") + "::varchar", "e"),
    }
    with connection() as opened:
        for name, sql in TABLES.items():
            opened.execute(
                f"copy ({sql.format(**parts)}) to {literal(str(folder / f'{name}.parquet'))} (format parquet)"
            )


def run_models(folder: Path) -> dict[str, float]:
    """The product's models over the files, threads as in a run."""
    project = compile_models(Settings(home=folder / "home"), ["int_identifiers__resolved"])
    with laboratory(project, as_of=AS_OF) as opened:
        opened.execute("set memory_limit = '6GiB'")
        for name in TABLES:
            file = literal(str(folder / f"{name}.parquet"))
            opened.execute(f"insert into landing.{name} by name from {file}")
        before = _cpu()
        build_models(opened, project)
        seconds = _cpu() - before
        peak = _peak()
        return {"seconds": seconds, "gigabytes": peak, "clusters": _checked_clusters(opened)}


def _checked_clusters(opened: duckdb.DuckDBPyConnection) -> int:
    """The number of clusters, after a look whether they are those of scipy over the links kept."""
    links = opened.execute(
        "select from_node, to_node from intermediate.int_identity_links__judged where refusal_reason is null"
    ).fetchnumpy()
    formed = opened.execute(
        "select cluster_number from intermediate.int_identity_clusters__formed order by node_number"
    ).fetchnumpy()["cluster_number"]
    size = len(formed)
    ends = links["from_node"] - 1, links["to_node"] - 1
    count, component = connected_components(
        coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(size, size)), directed=False
    )
    least = np.full(count, size)
    np.minimum.at(least, component, np.arange(size))
    if not np.array_equal(least[component] + 1, formed):
        raise SystemExit("the models form other clusters than scipy over the same links")
    return int(count)


def run_by_hand(folder: Path) -> dict[str, float]:
    """Components by scipy over edges made by pandas; whatever would join two customers without a card is dropped."""
    before = _cpu()
    with connection() as opened:
        read = {name: opened.execute(f"from {literal(str(folder / f'{name}.parquet'))}").df() for name in TABLES}
    customers, logins = read["customers"], read["web_events"][["user_id", "anonymous_id"]].drop_duplicates()
    edges = [
        customers[["customer_id", column]].dropna().set_axis(["crm", "other"], axis=1).assign(kind=kind)
        for kind, column in (("loyalty", "loyalty_id"), ("email", "email_hash"), ("phone", "phone_hash"))
    ]
    edges.append(read["messages"][["customer_id", "email_hash"]].drop_duplicates().set_axis(["crm", "other"], axis=1))
    edges.append(logins.dropna().set_axis(["crm", "other"], axis=1).assign(kind="anonymous"))
    links = pd.concat(edges).fillna({"kind": "email"}).drop_duplicates()
    links = links[(links["kind"] == "loyalty") | ~links.duplicated(["kind", "other"], keep=False)]
    met = "anonymous" + logins["anonymous_id"]
    codes, names = pd.factorize(pd.concat([links["crm"], links["kind"] + links["other"], met]))
    ends = codes[: len(links)], codes[len(links) : 2 * len(links)]
    ones = np.ones(len(links), dtype=np.int8)
    count, _ = connected_components(coo_array((ones, ends), shape=(len(names), len(names))), directed=False)
    return {"seconds": _cpu() - before, "gigabytes": _peak(), "clusters": count}


RUNS = {"models": run_models, "by hand": run_by_hand}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Make the files, take both figures, and fail when the models are over their bounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("identifiers", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--run", choices=sorted(RUNS))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.run:
        sys.stdout.write(json.dumps(RUNS[options.run](options.folder)) + "\n")
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_files(folder, options.identifiers)
        figures = {}
        for name in RUNS:
            command = [sys.executable, "-m", "tests.benchmarks.identity_speed", "--run", name, "--folder", str(folder)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            figures[name] = json.loads(done.stdout.strip().splitlines()[-1])
            figure = figures[name]
            told = f"{figure['seconds']:.1f} CPU s, {figure['gigabytes']:.2f} GiB, {figure['clusters']:,} clusters"
            sys.stdout.write(f"{name}: {told}\n")
    share = options.identifiers / 1_000_000
    if figures["models"]["seconds"] > MOST_SECONDS * max(share, 0.1) or figures["models"]["gigabytes"] > MOST_MEMORY:
        raise SystemExit(f"more than {MOST_SECONDS} CPU s a million identifiers, or than {MOST_MEMORY} GiB")


if __name__ == "__main__":
    main()

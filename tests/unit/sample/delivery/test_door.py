"""Through the real door: the messy company and the clean one leave the same rows, messes aside. Slow."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.contracts import CONTRACTS, Delivery
from pipeline.defs import course
from pipeline.defs.session import open_session
from pipeline.sample import HISTORY_END, LAST_DROP, Messes, write_sample
from pipeline.settings import Settings

SEED, CUSTOMERS = 11, 80
TABLES = ["fx_rates", *(name for name in CONTRACTS if name != "fx_rates")]
LOUD = Messes(
    late_rows=0.05, exact_duplicates=0.02, conflicting_duplicates=0.005, double_encoded_text=0.1, resent_files=0.03,
    corrected_files=0.03, changed_column_orders=0.03, new_columns=0.03, missing_days=0.02,
)  # fmt: skip


@pytest.fixture(scope="module")
def homes(tmp_path_factory) -> tuple[Path, Path, dict[str, int]]:
    """Both homes with everything landed under one key, and how many rows were quarantined in the messy one."""
    clean, messy = tmp_path_factory.mktemp("clean") / "home", tmp_path_factory.mktemp("messy") / "home"
    write_sample(clean, seed=SEED, customer_count=CUSTOMERS, messes=Messes.none())
    write_sample(messy, seed=SEED, customer_count=CUSTOMERS, messes=LOUD)
    quarantined = {}
    for home in (clean, messy):
        if home == messy:
            shutil.copytree(clean / "privacy", messy / "privacy")
        session = open_session(Settings(home=home))
        for table in TABLES:
            landed = course.land_and_judge(session, table, HISTORY_END, LAST_DROP)
            assert landed.refused == {}, table
            quarantined[table] = landed.total("quarantined")
    return clean, messy, quarantined


def _known(home: Path, table: str) -> dict[str, tuple]:
    """Last version of each key (first one of an event), without where and when it came."""
    order = "asc" if CONTRACTS[table].delivery is Delivery.EVENTS else "desc"
    columns = ", ".join(f'"{name}"' for name, _ in CONTRACTS[table].landed_columns)
    rows = duckdb.execute(
        f"select _key_hash, {columns} from read_parquet('{home}/landing/{table}/*/data.parquet') "
        f"qualify row_number() over (partition by _key_hash order by _extract_date {order}) = 1"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_the_same_is_known_in_the_end(homes, table):
    clean, messy, quarantined = homes
    wanted, found = _known(clean, table), _known(messy, table)
    told = duckdb.execute(
        f"select mess, sum(row_count) from '{messy}/truth/messes.parquet' where \"table\" = ? group by mess", [table]
    ).fetchall()
    count = {mess: int(rows) for mess, rows in told}
    assert quarantined[table] <= 2 * count.get("conflicting_duplicates", 0) * 2 + count.get("off_scale_scores", 0) * 2
    gone = count.get("missing_day_never", 0) + count.get("off_scale_scores", 0)
    assert len(wanted.keys() - found.keys()) <= gone
    assert found.keys() <= wanted.keys()
    differing = [key for key in found if found[key] != wanted[key]]
    assert len(differing) <= gone + count.get("double_encoded_text", 0) * (table in ("survey_responses", "feedback"))

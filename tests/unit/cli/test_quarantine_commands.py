"""What an engineer does about quarantine: count it, look at it, mend the mapping, try again."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from pipeline.defs import course
from pipeline.defs.session import open_session
from pipeline.settings import Settings

DAY = date(2025, 12, 1)
ORDERS = """\
order_id,ordered_at,order_type,net_amount
1,2025-11-30T10:00:00Z,sale,10
2,2025-11-30T10:00:00Z,Vente,5
3,2025-11-30T10:00:00Z,sale,zoe@example.org
"""


def land(home: Path, day: date) -> list[date]:
    """Land and judge a day of orders; the days accepted."""
    return list(course.land_and_judge(open_session(Settings(home=home)), "orders", day, day).promoted)


@pytest.fixture
def landed(home, parcours):
    """One day of orders, two rows of it in quarantine."""
    parcours("init", str(home))
    good = "".join(f"g{n},2025-11-30T10:00:00Z,sale,1\n" for n in range(60))  # so that the day passes
    (home / "drop" / "crm" / "orders" / "2025-12-01.csv").write_text(ORDERS + good, encoding="utf-8")
    assert land(home, DAY) == [DAY]
    return home


def mend(home: Path) -> None:
    file = home / "sources.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    source = next(block for block in content["sources"].values() if "orders" in block["tables"])
    mapped = {"from": "order_type", "values": {"Vente": "sale"}, "otherwise": "keep"}
    source["tables"]["orders"] = {"columns": {"order_type": mapped}}
    file.write_text(yaml.safe_dump(content), encoding="utf-8")


def test_nothing_in_quarantine(home, parcours):
    assert "Nothing is in quarantine" in parcours("quarantine", "list").output
    assert parcours("quarantine", "show", "--table", "orders").exit_code == 2
    assert parcours("quarantine", "list", "--table", "nonsense").exit_code == 2
    assert parcours("quarantine", "show").exit_code == 2


def test_rows_are_counted_by_rule_and_shown_without_their_text(landed, parcours):
    listed = parcours("quarantine", "list", "--table", "orders", "--day", "2025-12-01").output
    assert "order_type: not among the allowed values" in listed
    assert "net_amount: not a number" in listed
    row = next(word for line in listed.splitlines() if "net_amount" in line for word in [line.split()[-1]])
    shown = parcours("quarantine", "show", row)
    assert shown.exit_code == 0
    assert "crm/orders/2025-12-01.csv, data row 3" in shown.output
    assert "zoe@example.org" not in shown.output
    assert "zoe@example.org" in parcours("quarantine", "show", row, "--raw").output
    assert "data row 2" in parcours("quarantine", "show", "--table", "orders", "--rule", "order_type").output


@pytest.mark.parametrize("is_file_there", [True, False])
def test_a_mended_mapping_and_a_retry_load_a_row_once(landed, parcours, is_file_there):
    mend(landed)
    if not is_file_there:
        shutil.rmtree(landed / "drop" / "crm" / "orders")
    result = parcours("quarantine", "retry", "--table", "orders")
    assert result.exit_code == 0, result.output
    assert f"2 rows before, 1 now (from {'files' if is_file_there else 'kept rows'})" in result.output
    again = parcours("quarantine", "retry")
    assert "1 rows before, 1 now" in again.output
    assert "not among" not in parcours("quarantine", "list").output


def test_status_names_drift(landed, parcours):
    text = ORDERS.replace("net_amount\n", "net_amount,colour\n").replace("10\n", "10,red\n").splitlines()[:2]
    (landed / "drop" / "crm" / "orders" / "2025-12-02.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    land(landed, DAY + timedelta(days=1))
    assert "schema drift: crm/orders/2025-12-02.csv: `colour` is new" in parcours("status").output

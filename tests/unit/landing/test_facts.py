"""Facts about landing, figures for door 1, contract files and required tables."""

# ruff: noqa: DTZ001 - landing stores naive UTC

from datetime import date, datetime
from decimal import Decimal
from math import isnan

import duckdb
import pytest

from pipeline.contracts import CONTRACTS, DOOR_COLUMNS
from pipeline.extract import parse_sources
from pipeline.landing import (
    MissingTableError,
    check_required,
    day_metrics,
    end_of_day,
    pending_outcomes,
    refuse,
    write_contract_files,
    write_facts,
)

HEADER = "order_id,ordered_at,order_type,net_amount\n"


def query(sql):
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2025, 3, 30), datetime(2025, 3, 30, 22)),
        (date(2025, 3, 29), datetime(2025, 3, 29, 23)),
        (date(2025, 10, 26), datetime(2025, 10, 26, 23)),
    ],
)
def test_the_end_of_a_day_of_23_24_and_25_hours(day, end):
    assert end_of_day(day, "Europe/Paris") == end


def test_facts(lab):
    lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30 10:00,sale,1\n2,x,sale,1\n")
    lab.accept()
    lab.land_one("2025-12-02.csv", HEADER)
    refuse(lab.home, "orders", date(2025, 12, 2), ["empty"])
    lab.land_one("2025-12-09.csv", HEADER)
    write_facts(lab.home, date(2025, 12, 3), "Europe/Paris", reporting_currency="EUR")
    facts = lab.home.landing_facts
    assert query(f"from '{facts}/run_parameters.parquet'") == [
        (date(2025, 12, 3), datetime(2025, 12, 3, 23), "Europe/Paris", "EUR")
    ]
    assert query(f"select * exclude content_hash from '{facts}/extract_outcomes.parquet' order by extract_date") == [
        ("orders", date(2025, 12, 1), "accepted", 1, 2, 1, 1, 0, 0, *[datetime(2025, 11, 30, 10)] * 2),
        ("orders", date(2025, 12, 2), "refused", 1, 0, 0, 0, 0, 0, None, None),
    ]
    availability = {row[0]: row[1:] for row in query(f"from '{facts}/table_availability.parquet'")}
    assert set(availability) == set(CONTRACTS)
    assert availability["orders"] == ("crm", True, True, 1, 1, date(2025, 12, 1), date(2025, 12, 1))
    assert availability["web_events"] == ("web", True, False, 0, 0, None, None)
    assert availability["survey_responses"] == ("surveys", False, False, 0, 0, None, None)


def test_figures_of_a_day(lab):
    lab.land_one("2025-12-01.csv", HEADER.replace("\n", ",odd\n") + "1,2025-11-30,sale,1,x\n2,x,sale,1,x\n")
    lab.land_one("2025-12-02.csv", "")
    frame = day_metrics(pending_outcomes(lab.home, "orders"))
    first, second = frame.to_dict("records")
    assert first["extract_date"] == "2025-12-01"
    assert (first["is_readable"], second["is_readable"]) == (1, 0)
    assert (first["received_count"], first["loaded_count"], first["quarantined_count"]) == (2, 1, 1)
    assert (first["quarantine_rate"], first["conservation_gap"], first["unknown_column_count"]) == (0.5, 0, 1)
    assert (first["null_rate_customer_id"], first["null_rate_order_id"]) == (1.0, 0.0)
    assert isnan(second["quarantine_rate"])


def test_contract_files_have_the_landed_types(lab):
    write_contract_files(lab.home)
    for table, contract in CONTRACTS.items():
        described = query(f"describe select * from '{lab.home.landing}/{table}/_contract/data.parquet'")
        assert [row[:2] for row in described] == [*contract.landed_columns, *DOOR_COLUMNS]
    lab.land_one("2025-12-01.csv", HEADER + "1,2025-11-30,sale,1\n")
    data = f"'{lab.home.pending}/orders/extract_date=2025-12-01/data.parquet'"
    contract = f"'{lab.home.landing}/orders/_contract/data.parquet'"
    assert query(f"describe select * from read_parquet({data}, hive_partitioning = false)") == query(
        f"describe from {contract}"
    )
    assert lab.rows("net_amount") == [(Decimal("1.0000"),)]


def test_a_required_table_without_a_file_stops_before_anything_is_touched(make_lab):
    required = [contract for contract in CONTRACTS.values() if contract.is_required]
    sources = {}
    for contract in required:
        sources.setdefault(contract.source, {"tables": {}})["tables"][contract.table] = {}
    mappings = parse_sources({"version": 1, "company": {}, "sources": sources}, name="s").mappings
    home = make_lab("orders").home
    with pytest.raises(MissingTableError) as caught:
        check_required(home, mappings, dropped=[contract.table for contract in required[:-1]])
    missing = required[-1]
    assert f"{missing.table}: no file" in str(caught.value)
    assert f"{missing.source}/{missing.table}" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2
    assert not home.root.exists()
    everything = [contract.table for contract in required]
    check_required(home, mappings, dropped=everything)
    others = {name: mapping for name, mapping in mappings.items() if name != "orders"}
    with pytest.raises(MissingTableError, match="not in the source mapping"):
        check_required(home, others, dropped=everything)

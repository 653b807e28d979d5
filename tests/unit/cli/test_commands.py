"""Commands that start a home and look at it: words out, exit codes, never a traceback."""

import shutil
from datetime import date

import pytest

from pipeline import __version__
from pipeline.cli.days import UnknownDayError, require_known_days
from pipeline.cli.running import RunReport
from pipeline.contracts import CONTRACTS

REQUIRED = ["customers", "orders", "web_events"]
ORDERS = "order_id,ordered_at,order_type,net_amount\n1,2025-11-30T10:00:00Z,sale,10.00\n"
CUSTOMERS = "customer_id\nC1\n"
ITEMS = "order_id,line_number,quantity,unit_price\n1,1,1,10.00\n"
EVENTS = "event_id,anonymous_id,occurred_at,event_name\ne1,v1,2025-11-30T09:00:00Z,home_view\n"
FILES = {
    "crm/customers": CUSTOMERS, "crm/orders": ORDERS, "crm/order_items": ITEMS, "web/web_events": EVENTS,
}  # fmt: skip


@pytest.fixture
def filled(home, parcours):
    """A new home with one day of every required table."""
    assert parcours("init", str(home)).exit_code == 0
    for place, text in FILES.items():
        (home / "drop" / place / "2025-12-01.csv").write_text(text, encoding="utf-8")
    return home


def test_the_version_is_said(parcours):
    assert parcours("--version").output.strip() == __version__


def test_the_required_tables_are_those_no_release_can_do_without():
    assert [name for name, contract in CONTRACTS.items() if contract.is_required] == REQUIRED


def test_init_writes_a_mapping_seeds_and_drop_folders(home, parcours):
    result = parcours("init", str(home))
    assert result.exit_code == 0
    assert f"wrote {home / 'sources.yaml'}" in result.output
    assert "parcours check" in result.output
    assert (home / "seeds" / "touchpoint_mappings.csv").is_file()
    assert (home / "drop" / "surveys" / "survey_responses").is_dir()


def test_a_second_init_changes_nothing(home, parcours):
    parcours("init", str(home))
    (home / "sources.yaml").write_text("mine", encoding="utf-8")
    shutil.rmtree(home / "seeds")
    result = parcours("init", str(home))
    assert result.exit_code == 2
    assert "nothing was written" in result.output
    assert (home / "sources.yaml").read_text(encoding="utf-8") == "mine"
    assert not (home / "seeds").exists()


def test_a_sample_is_written_once(tmp_path, parcours):
    folder = tmp_path / "sample"
    first = parcours("sample", str(folder), "--customers", "50")
    assert first.exit_code == 0
    assert "wrote" in first.output
    assert (folder / "sources.yaml").is_file()
    again = parcours("sample", str(folder), "--customers", "50")
    assert (again.exit_code, "nothing was written" in again.output) == (2, True)


def test_check_reads_what_is_there_and_writes_nothing(filled, parcours):
    before = sorted(filled.rglob("*"))
    result = parcours("check")
    assert result.exit_code == 0, result.output
    assert "Everything can be read." in result.output
    assert "web_events" in result.output
    assert sorted(filled.rglob("*")) == before


def test_check_names_a_file_that_cannot_be_read_and_a_table_that_is_missing(filled, parcours):
    (filled / "drop" / "crm" / "orders" / "2025-12-01.csv").write_text("order_id\n1\n", encoding="utf-8")
    (filled / "drop" / "web" / "web_events" / "2025-12-01.csv").unlink()
    result = parcours("check")
    assert result.exit_code == 2
    assert "orders: " in result.output
    assert "ordered_at" in result.output
    assert "web_events: no file in the drop" in result.output


def test_check_says_which_columns_are_kept_out(filled, parcours):
    file = filled / "drop" / "crm" / "customers" / "2025-12-01.csv"
    file.write_text("customer_id,shoe_size\nC1,42\n", encoding="utf-8")
    result = parcours("check")
    assert result.exit_code == 0
    assert "customers: unknown column shoe_size is kept out" in result.output


BAD_MAPPINGS = {
    "no such version": "version: 7",
    "not YAML": "company: [",
    "not a mapping": "- a\n- b\n",
    "empty": "",
    "an unknown table": "version: 1\nsources: {crm: {tables: {custmers: {}}}}",
    "an unknown key": "version: 1\nsources: {crm: {tables: {customers: {delimeter: ';'}}}}",
    "a wrong zone": "version: 1\ncompany: {business_time_zone: Paris}\nsources: {crm: {tables: {customers: {}}}}",
    "a text for a table": "version: 1\nsources: {crm: {tables: {customers: yes please}}}",
    "a list of defaults": "version: 1\nsources: {crm: {defaults: [a], tables: {customers: {}}}}",
    "tables as a list": "version: 1\nsources: {crm: {tables: [customers]}}",
    "binary": "\x00\x01",
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("kind", BAD_MAPPINGS)
def test_a_wrong_mapping_is_named_and_nothing_is_touched(home, parcours, kind, command):
    home.mkdir()
    (home / "sources.yaml").write_text(BAD_MAPPINGS[kind], encoding="utf-8")
    result = parcours(command)
    assert result.exit_code == 2, result.output
    assert "sources.yaml" in result.output
    assert {path.name for path in home.rglob("*") if path.is_file()} <= {"sources.yaml", ".lock"}


@pytest.mark.parametrize("command", ["check", "run"])
def test_without_a_mapping_the_remedy_is_said(home, parcours, command):
    result = parcours(command)
    assert result.exit_code == 2
    assert "parcours init" in result.output


@pytest.mark.parametrize("command", [["check"], ["status"], ["run"], ["releases", "list"], ["query", "select 1"]])
def test_a_wrong_variable_is_named(monkeypatch, parcours, command):
    monkeypatch.setenv("PARCOURS_DBT_THREADS", "many")
    result = parcours(*command)
    assert result.exit_code == 2
    assert "PARCOURS_DBT_THREADS" in result.output


def test_the_state_of_a_home_that_is_not_there(home, parcours):
    result = parcours("status")
    assert result.exit_code == 0
    assert "No release is served yet" in result.output
    assert "orders *" in result.output
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--date", "2025-12-01", "--from", "2025-12-01"], "give --date, or --from and --to"),
        (["--from", "2025-12-02", "--to", "2025-12-01"], "--from 2025-12-02 lies after --to 2025-12-01"),
        (["--date", "01/12/2025"], "--date"),
        (["--date", "2025-02-30"], "--date"),
    ],
)
def test_run_does_not_guess_what_was_meant(home, parcours, arguments, words):
    result = parcours("run", *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert not home.exists()


def test_a_day_in_the_future_is_refused_before_anything_is_touched(filled, parcours):
    result = parcours("run", "--date", "2999-01-01")
    assert result.exit_code == 2
    assert "extract day 2999-01-01 lies in the future" in result.output
    assert not (filled / "landing").exists()


def test_a_day_before_the_first_that_can_be_landed_is_refused():
    with pytest.raises(UnknownDayError, match="1999-01-01 lies before"):
        require_known_days(date(1999, 1, 1), "Europe/Paris")
    require_known_days(date(2025, 12, 1), "Europe/Paris")


@pytest.mark.parametrize(
    ("arguments", "first", "last"),
    [
        ([], "2025-12-01", "2025-12-03"),
        (["--date", "2025-12-02"], "2025-12-02", "2025-12-02"),
        (["--to", "2025-12-02"], "2025-12-01", "2025-12-02"),
        (["--from", "2025-12-02"], "2025-12-02", "2025-12-03"),
        (["--from", "2025-12-02", "--to", "2025-12-05"], "2025-12-02", "2025-12-05"),
        (["--from", "2025-12-09"], "2025-12-09", "2025-12-09"),
        (["--date", "2025-12-02", "--rebuild"], "2025-12-02", "2025-12-02"),
    ],
)
def test_the_days_of_a_run_are_those_asked_for_or_those_in_the_drop(
    filled, parcours, monkeypatch, arguments, first, last
):
    for day in (2, 3):
        (filled / "drop" / "crm" / "orders" / f"2025-12-0{day}.csv").write_text(ORDERS, encoding="utf-8")
    seen = []
    monkeypatch.setattr(
        "pipeline.cli.running._execute",
        lambda *given, rebuild: seen.append((*given[1:3], rebuild)) or (True, []),
    )
    result = parcours("run", *arguments)
    assert result.exit_code == 0, result.output
    assert seen == [(date.fromisoformat(first), date.fromisoformat(last), "--rebuild" in arguments)]


@pytest.mark.parametrize(
    ("is_good", "failures", "code", "words"),
    [(True, (), 0, "No release is served yet."), (False, ("door 2 is closed",), 1, "error: door 2 is closed")],
)
def test_a_run_ends_with_a_code_others_can_act_on(parcours, monkeypatch, is_good, failures, code, words):
    report = RunReport(is_good=is_good, failures=failures, release=None, is_new=False)
    monkeypatch.setattr("pipeline.cli.running.run_daily", lambda *_, **__: report)
    result = parcours("run")
    assert result.exit_code == code
    assert words in result.output

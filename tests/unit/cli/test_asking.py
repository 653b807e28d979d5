"""`parcours kpi` on a release with one KPI by segment."""

import json
from datetime import date

import pytest

from pipeline import landing, publish
from pipeline.settings import Settings
from pipeline.warehouse import connection

_ROWS = """
    select 'nps' as kpi_id, 'Net promoter score' as label_en, 'Net Promoter Score' as label_fr, 'points' as unit,
        segment_dimension, segment, 90 as window_days, date '2025-12-31' as window_end, value, value - 10 as value_low,
        value + 10 as value_high, n, null::double as previous_value, true as is_mature, n < 30 as is_small_n,
        value is null as is_suppressed, true as is_available, null::varchar as unavailable_reason
    from (values ('all', 'all', 30.0, 900), ('persona', 'lo|yal', 50.0, 100), ('persona', 'hurried', -10.0, 20),
        ('persona', 'rare', null, null)) as rows (segment_dimension, segment, value, n)
"""


@pytest.fixture
def served(home):
    """A home that serves the release."""
    paths = Settings(home=home).paths
    landing.write_facts(paths, date(2025, 12, 31), "Europe/Paris", reporting_currency="EUR")
    with connection(paths.build_file) as build:
        build.execute("create schema if not exists published")
        build.execute(f"create table published.kpi_latest as {_ROWS}")
    made_of = publish.Ingredients("inputs", "seeds", "code", "key")
    name = publish.release_id("2025-12-31", made_of)
    staged = publish.stage_tables(paths.build_file, paths.landing_facts, paths.releases, name)
    publish.write_database(staged, {})
    manifest = publish.Manifest(
        name, "2025-12-31", "2026-01-01T05:30:00Z", "0.0.0", "EUR", "Europe/Paris", made_of, staged.tables, 1, 0
    )
    return publish.seal(staged, manifest, paths.releases)[0]


def test_a_kpi_is_found_by_id_or_name_and_stands_with_interval_and_n(served, parcours):
    for name in ("NPS", "nps", "net promoter score"):
        lines = parcours("kpi", name, "--by", "persona", "--last", "90d").output.splitlines()
        assert lines[1].split() == ["hurried", "-10", "-20", "to", "0", "20", "small", "n"]
        assert lines[2].split() == ["lo|yal", "50", "40", "to", "60", "100"]
        assert lines[3].split() == ["rare", "–", "suppressed"]


def test_all_customers_are_the_default(served, parcours):
    assert parcours("kpi", "nps", "--last", "90").output.splitlines()[1].split()[:2] == ["all", "30"]


def test_formats(served, parcours):
    ask = ("kpi", "nps", "--by", "persona", "--last", "90d", "--format")
    assert parcours(*ask, "csv").output.splitlines()[0].startswith("segment_dimension,segment,window_days")
    rows = json.loads(parcours(*ask, "json").output)
    assert [(row["segment"], row["value"]) for row in rows] == [("hurried", -10.0), ("lo|yal", 50.0), ("rare", None)]
    lines = parcours(*ask, "md").output.splitlines()
    assert lines[0] == "| segment | value | 95 % interval | n | before | remark |"
    assert lines[3] == "| lo\\|yal | 50 | 40 to 60 | 100 |  |  |"


def test_the_plot_puts_dots_and_intervals_on_one_scale(served, parcours):
    output = parcours("kpi", "nps", "--by", "persona", "--last", "90d", "--plot").output
    hurried, loyal, rare, scale = output.splitlines()[-4:]
    assert hurried.index("├") < hurried.index("●") < hurried.index("┤") < loyal.index("├") < loyal.index("●")
    assert rare.endswith("suppressed")
    assert scale.split() == ["-20", "60"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("npx",), "did you mean nps?"),
        (("nps", "--by", "moon", "--last", "90d"), "it is by all, persona"),
        (("nps", "--last", "28d"), "it has 90d"),
        (("nps", "--last", "soon"), "not a number of days"),
        (("x'; drop table kpi_latest; --",), "there is no KPI"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(served, parcours, arguments, said):
    result = parcours("kpi", *arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_a_picture_is_kept_out_of_what_programs_read(served, parcours):
    for output in ("csv", "json"):
        outcome = parcours("kpi", "nps", "--last", "90d", "--plot", "--format", output)
        assert outcome.exit_code == 2
        assert "●" not in outcome.output

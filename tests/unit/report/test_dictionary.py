"""The data dictionary: tables, grain and columns as the release's database has them."""

from pipeline.report import write_dictionary
from pipeline.warehouse import connection, literal


def test_every_table_stands_with_grain_types_and_meanings_and_hostile_text_stays_text(tmp_path):
    database = tmp_path / "parcours.duckdb"
    with connection() as opened:
        opened.execute(f"attach {literal(str(database))} as made")
        opened.execute("create table made.kpis (kpi_id varchar, value double)")
        opened.execute("comment on table made.kpis is 'One row per <b>KPI</b>'")
        opened.execute("comment on column made.kpis.value is 'Value in its unit'")
        opened.execute("create table made.bare (x integer)")
    text = write_dictionary(database, tmp_path).read_text(encoding="utf-8")
    assert text.index("<h2>bare</h2>") < text.index("<h2>kpis</h2>")
    assert "One row per &lt;b&gt;KPI&lt;/b&gt;" in text
    assert "<code>value</code></th><td><code>double</code></td><td>Value in its unit</td>" in text

"""Nested files flattened by one SELECT of their mapping, run over the records of the file.

Belongs here: records, and what the SELECT makes of them. Does not belong here: any vendor; those are presets.
"""

import duckdb

from pipeline.extract.errors import UnreadableFileError
from pipeline.extract.files import SourceFile
from pipeline.extract.mapping import Mapping
from pipeline.extract.rawtable import RawTable
from pipeline.warehouse import identifier

_OWN = ("_record", "_position")


def shape_records(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, mapping: Mapping, *, records: str
) -> RawTable:
    """Run the SELECT of a mapping over the records of a file and make table ``raw`` of its rows.

    The SELECT reads ``records``: ``_record``, the number of a record in the file, and ``doc``, the record as JSON. It
    hands on ``_record`` and, where it makes several rows of one, ``_position``, which orders them. A record that no
    row was made from is counted as set aside.

    Args:
        connection: where the tables are made.
        file: the file, for messages.
        mapping: its mapping.
        records: SQL of ``records``.

    Raises:
        UnreadableFileError: the SELECT fails on this file.
    """
    connection.execute(f"create or replace temp table records as {records}")
    try:
        connection.execute(f"create or replace temp table shaped as ({mapping.select})")
    except duckdb.Error as error:
        kind = type(error).__name__.removesuffix("Exception").lower()
        raise UnreadableFileError(
            file.name,
            f"the `select` of the mapping fails on it ({kind}).",
            "Compare the file with the shape the preset documents, or write a `select` of your own.",
        ) from None
    described = [(str(row[0]), str(row[1])) for row in connection.execute("describe shaped").fetchall()]
    if "_record" not in (name for name, _ in described):
        raise UnreadableFileError(file.name, "the `select` of the mapping has no `_record`.", "Hand `_record` on.")
    order = "_position, rowid" if "_position" in (name for name, _ in described) else "rowid"
    sources = [(name, kind) for name, kind in described if name not in _OWN]
    columns = {name: f"c{place}" for place, (name, _) in enumerate(sources)}
    texts = "".join(f", {identifier(name)}::varchar as {columns[name]}" for name, _ in sources)
    connection.execute(
        f"create or replace temp table raw as select _record as _line, "
        f"row_number() over (partition by _record order by {order}) - 1 as _part{texts} from shaped "
        f"order by _record, _part"
    )
    row = connection.execute(
        "select (select count(*) from records) - (select count(distinct _record) from shaped)"
    ).fetchall()[0]
    connection.execute("drop table shaped")
    native = frozenset(columns[name] for name, kind in sources if kind not in ("VARCHAR", "JSON"))
    return RawTable(columns, native, has_parts=True, set_aside_count=int(row[0]))

"""Whether every table a release cannot do without has arrived at all; asked before anything is touched.

Belongs here: this one question. Does not belong here: what is inside the files.
"""

from collections.abc import Collection, Mapping

from pipeline.contracts import CONTRACTS
from pipeline.landing import store
from pipeline.landing.model import MissingTableError, TableMapping
from pipeline.settings import Home


def check_required(home: Home, mappings: Mapping[str, TableMapping], *, dropped: Collection[str]) -> None:
    """Stop when a required table has neither an accepted day nor a file in the drop folder.

    Args:
        home: the home.
        mappings: mapping of every table the source mapping names.
        dropped: tables with a file in the drop that can be landed.

    Raises:
        MissingTableError: naming every such table and where its files are expected. Nothing was touched.
    """
    missing = []
    for contract in CONTRACTS.values():
        if not contract.is_required or store.accepted_days(home, contract.table):
            continue
        mapping = mappings.get(contract.table)
        if mapping is None:
            missing.append(
                f"{contract.table}: not in the source mapping. Add it under sources.{contract.source}.tables."
            )
        elif contract.table not in dropped:
            where = ", ".join(str(home.drop / pattern.replace("{day}", "2025-12-18")) for pattern in mapping.files)
            missing.append(f"{contract.table}: no file. Expected as {where}")
    if missing:
        listed = "\n".join(f"  - {line}" for line in missing)
        raise MissingTableError(f"required tables are missing; nothing was touched:\n{listed}")

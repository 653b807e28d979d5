"""The one entry point of the pass on lifetime value: three intermediate tables in, the tables of ``tables.py`` out.

Belongs here: the order of the pass. Does not belong here: any model, any column.
"""

from dataclasses import replace
from pathlib import Path

from pipeline.analysis import rows
from pipeline.analysis.contracts_fit import fit_contract_groups, read_renewals
from pipeline.analysis.customers import Customers, Settings, read_customers, read_settings
from pipeline.analysis.fallback import PARENT, PARENT_FLOOR, Decision, decide
from pipeline.analysis.fitting import GroupFit, fit_group
from pipeline.analysis.prediction_rows import prediction_tables
from pipeline.analysis.tables import write_table
from pipeline.warehouse import connection

CUSTOMERS = "intermediate.int_customer_transactions__aggregated"
SETTINGS = "intermediate.int_value_settings__derived"
RENEWALS = "intermediate.int_contract_renewals__aggregated"


def fit_groups(customers: Customers, settings: Settings) -> dict[str, GroupFit]:
    """Fits of the parent and of every group; a base of one group is fitted once."""
    parent = fit_group(PARENT, customers, settings, floor=PARENT_FLOOR)
    floor = (settings.minimum_customers, settings.minimum_repeaters)
    names = [name for name in customers.groups() if name != PARENT]
    alone = len(customers.groups()) == 1 and parent.customers >= floor[0] and parent.repeaters >= floor[1]
    return {PARENT: parent} | {
        name: replace(parent, name=name) if alone else fit_group(name, customers.of_group(name), settings, floor=floor)
        for name in names
    }


def decide_all(fits: dict[str, GroupFit], customers: Customers, settings: Settings) -> dict[str, Decision]:
    """How each group is valued, the parent included."""
    return {
        name: decide(fit, fits[PARENT], customers if name == PARENT else customers.of_group(name), settings)
        for name, fit in fits.items()
    }


def write_lifetime(build_file: Path, folder: Path) -> dict[str, int]:
    """Write every table of the pass; what cannot be estimated is said in the rows, not raised.

    Args:
        build_file: the DuckDB file with the intermediate tables.
        folder: where the Parquet files go.

    Returns:
        Rows written per table.
    """
    with connection(build_file, read_only=True) as build:
        settings = read_settings(build, SETTINGS)
        customers = read_customers(build, CUSTOMERS)
        renewals = read_renewals(build, RENEWALS)
    tables = rows.contract_tables(fit_contract_groups(renewals))
    if settings is None or not len(customers):
        tables |= rows.no_customer_tables()
    else:
        fits = fit_groups(customers, settings)
        decisions = decide_all(fits, customers, settings)
        tables |= rows.fit_tables(fits, decisions, settings)
        tables |= prediction_tables(customers, decisions, settings)
    return {name: write_table(folder, name, columns) for name, columns in sorted(tables.items())}

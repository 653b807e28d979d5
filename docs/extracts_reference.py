"""The reference page of the extracts, from the contracts.

Belongs here: what a contract says, in words. Does not belong here: any contract.
"""

from collections.abc import Iterable

from markdown_parts import code, page, table

from pipeline.contracts import DOOR_COLUMNS, Column, ColumnType, Contract, Delivery, PersonalData

_TYPES = {
    ColumnType.IDENTIFIER: "identifier",
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "whole number",
    ColumnType.AMOUNT: "amount",
    ColumnType.RATE: "rate",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.DATE: "date",
    ColumnType.BOOLEAN: "yes or no",
}
_DELIVERIES = {
    Delivery.EVENTS: "events: facts, appended; a key that comes again with other content is quarantined",
    Delivery.UPSERTS: "upserts: a later extract day wins",
    Delivery.SNAPSHOT: "snapshot: each extract day is the whole table",
}
_PERSONAL = {
    PersonalData.NONE: "",
    PersonalData.PSEUDONYM: "lands as it is (hashed if it holds an @), never published",
    PersonalData.EMAIL: "hashed at the door",
    PersonalData.PHONE: "hashed at the door",
    PersonalData.FREE_TEXT: "e-mail addresses and phone numbers redacted at the door",
    PersonalData.URL: "query and fragment cut off at the door",
    PersonalData.DROPPED: "never lands",
}


def extracts_page(contracts: Iterable[Contract]) -> str:
    """What may be delivered, table by table."""
    contracts = list(contracts)
    overview = table(
        ("table", "source", "a release needs it", "delivered as", "key"),
        (
            (
                f"[`{each.table}`](#{each.table})",
                each.source,
                "yes" if each.is_required else "",
                each.delivery.value,
                code(each.key),
            )
            for each in contracts
        ),
    )
    deliveries = "\n".join(f"- {_DELIVERIES[kind]}" for kind in Delivery if any(c.delivery is kind for c in contracts))
    door = table(("column", "type"), ((f"`{name}`", kind) for name, kind in DOOR_COLUMNS))
    return page(
        "Extracts",
        "`pipeline/contracts`",
        "What a company may deliver. A file whose columns have other names is mapped in `sources.yaml` "
        "([mapping](../mapping.md)). Files lie at `drop/<source>/<table>/<YYYY-MM-DD>*` unless the mapping says "
        "otherwise. `required` columns must be filled in every row; a required column that a file lacks keeps the "
        "day out.",
        overview,
        deliveries,
        *[part for each in contracts for part in _contract_parts(each)],
        "## Columns the door adds",
        "Landed rows also have:",
        door,
    )


def _contract_parts(contract: Contract) -> tuple[str, str, str]:
    event = f" Dated by {code(contract.event_time)}, the first that is filled." if contract.event_time else ""
    scale = " Scores are bounded by the scale of their question (seed `survey_questions`)." * bool(contract.scored_by)
    rates = f" {code(contract.amount_columns)}: in `currency`, which needs an exchange rate." * bool(
        contract.amount_columns
    )
    columns = table(
        ("column", "type", "", "allowed", "personal data", "meaning"),
        (
            (
                f"`{column.name}`",
                _TYPES[column.type],
                "required" if column.is_required else "",
                _allowed(column),
                _PERSONAL[column.personal_data],
                column.description,
            )
            for column in contract.columns
        ),
    )
    return f"## {contract.table}", f"{contract.description}.{event}{scale}{rates}", columns


def _allowed(column: Column) -> str:
    bounds = [f"≥ {column.minimum:g}"] if column.minimum is not None else []
    bounds += [f"≤ {column.maximum:g}"] if column.maximum is not None else []
    return code(column.allowed) or ", ".join(bounds)

"""Whose row is it: which columns of a contract name a person, and which name something the person did.

Belongs here: the kinds of identifiers and the columns that hold them. Does not belong here: finding a person's rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.contracts.model import Column, Contract

OWNER_COLUMNS: Mapping[str, str] = {"customer_id": "crm", "user_id": "crm"}
"""Columns that say on their own whose row it is; a web user is the CRM customer of that number."""
NAMED_COLUMNS: Mapping[str, str] = {"referred_customer_id": "crm", "referred_email": "email"}
"""Columns that name somebody beside the owner of the row."""
HINT_COLUMNS: Mapping[str, str] = {
    "loyalty_id": "loyalty",
    "email": "email",
    "phone": "phone",
    "anonymous_id": "anonymous",
    "order_id": "order",
    "refunded_order_id": "order",
    "case_id": "case",
    "response_id": "response",
}
"""Columns that say whose row it is where no owner is named; orders, cases and questionnaires lead to who made them."""
COLLECTIVE_COLUMNS = frozenset({"account_id"})
"""Identifiers of many people at once: a company is no person."""
RECORD_KINDS = frozenset({"order", "case", "response"})
"""Kinds that name something a person did, not the person."""

IDENTIFIER_KINDS = ("crm", "loyalty", "email", "phone", "anonymous", *sorted(RECORD_KINDS))


@dataclass(frozen=True)
class Subject:
    """The columns of a contract that tell whose row it is, each with its kind of identifier.

    Attributes:
        owners: decisive where filled.
        named: others that the row speaks of.
        hints: count where no owner is filled.
    """

    owners: tuple[tuple[Column, str], ...]
    named: tuple[tuple[Column, str], ...]
    hints: tuple[tuple[Column, str], ...]

    @property
    def columns(self) -> tuple[tuple[Column, str], ...]:
        """All of them."""
        return (*self.owners, *self.named, *self.hints)


def subject_of(contract: Contract) -> Subject:
    """The columns of a contract that tell whose row it is; none for reference data."""

    def found(kinds: Mapping[str, str]) -> tuple[tuple[Column, str], ...]:
        return tuple((column, kinds[column.name]) for column in contract.columns if column.name in kinds)

    return Subject(found(OWNER_COLUMNS), found(NAMED_COLUMNS), found(HINT_COLUMNS))

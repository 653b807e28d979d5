"""The shape of every extract, one module per source.

Belongs here: what arrives. Does not belong here: reading, checking or modelling it.
"""

from pipeline.contracts import crm, reference, service, surveys, web
from pipeline.contracts.model import (
    DOOR_COLUMNS,
    Column,
    ColumnType,
    Contract,
    Delivery,
    PersonalData,
)
from pipeline.contracts.subjects import IDENTIFIER_KINDS, RECORD_KINDS, Subject, subject_of

CONTRACTS: dict[str, Contract] = {
    contract.table: contract
    for contract in (
        reference.FX_RATES,  # first: amounts of later tables are checked against the rates
        crm.CUSTOMERS,
        crm.ORDERS,
        crm.ORDER_ITEMS,
        web.WEB_EVENTS,
        surveys.SURVEY_RESPONSES,
        crm.CONTRACTS,
        service.INTERACTIONS,
        crm.REFERRALS,
        service.MESSAGES,
        service.DELIVERIES,
        service.RETURNS,
        crm.LOYALTY_EVENTS,
        surveys.FEEDBACK,
        reference.MARKETING_COSTS,
        reference.INITIATIVES,
    )
}
"""Every contract by table name, in the order tables are landed."""

__all__ = [
    "CONTRACTS",
    "DOOR_COLUMNS",
    "IDENTIFIER_KINDS",
    "RECORD_KINDS",
    "Column",
    "ColumnType",
    "Contract",
    "Delivery",
    "PersonalData",
    "Subject",
    "subject_of",
]

"""Reference data: costs, exchange rates, the register of improvements. The shape on arrival only."""

from pipeline.contracts.model import Column, ColumnType, Contract, Delivery

_T = ColumnType

FX_RATES = Contract(
    table="fx_rates",
    source="reference",
    description="One row per currency and day from which the rate holds",
    delivery=Delivery.UPSERTS,
    key=("currency", "rate_date"),
    columns=(
        Column("currency", _T.TEXT, "ISO 4217 code", is_required=True),
        Column("rate_date", _T.DATE, "First day the rate holds", is_required=True),
        Column(
            "rate", _T.RATE, "Reporting currency units for one unit of the currency", is_required=True, minimum=1e-8
        ),
    ),
)

MARKETING_COSTS = Contract(
    table="marketing_costs",
    source="reference",
    description="One row per month, acquisition channel and campaign",
    delivery=Delivery.UPSERTS,
    key=("month_start", "acquisition_channel", "campaign_id"),
    amount_columns=("cost_amount",),
    columns=(
        Column("month_start", _T.DATE, "First day of the month", is_required=True),
        Column("acquisition_channel", _T.TEXT, "Channel the money was spent on", is_required=True),
        Column("campaign_id", _T.TEXT, "Campaign; empty where not split"),
        Column("currency", _T.TEXT, "ISO 4217 code; the reporting currency if absent"),
        Column("cost_amount", _T.AMOUNT, "Money spent", is_required=True, minimum=0),
    ),
)

INITIATIVES = Contract(
    table="initiatives",
    source="reference",
    description="One row per improvement of the journey",
    delivery=Delivery.UPSERTS,
    key=("initiative_id",),
    amount_columns=("cost_amount",),
    columns=(
        Column("initiative_id", _T.IDENTIFIER, "Improvement", is_required=True),
        Column("name", _T.TEXT, "What it is", is_required=True),
        Column("stage", _T.TEXT, "Stage it is meant to improve"),
        Column("touchpoint", _T.TEXT, "Touchpoint it is meant to improve"),
        Column("segment_dimension", _T.TEXT, "Dimension of the segment it was rolled out to"),
        Column("segment", _T.TEXT, "Segment it was rolled out to"),
        Column("starts_on", _T.DATE, "First day in effect", is_required=True),
        Column("currency", _T.TEXT, "ISO 4217 code; the reporting currency if absent"),
        Column("cost_amount", _T.AMOUNT, "What it cost", minimum=0),
    ),
)

"""What a CRM, shop system or helpdesk delivers. The shape on arrival only; meaning is given in dbt."""

from pipeline.contracts.model import Column, ColumnType, Contract, Delivery, PersonalData

_T = ColumnType
_P = PersonalData

_CUSTOMER_ID = Column("customer_id", _T.IDENTIFIER, "Customer as the CRM numbers it", personal_data=_P.PSEUDONYM)
_CURRENCY = Column("currency", _T.TEXT, "ISO 4217 code of the amounts; the reporting currency if absent")

CUSTOMERS = Contract(
    table="customers",
    source="crm",
    description="One row per customer and extract day on which the customer was delivered",
    delivery=Delivery.UPSERTS,
    key=("customer_id",),
    event_time=("registered_at",),
    is_required=True,
    columns=(
        Column(
            "customer_id", _T.IDENTIFIER, "Customer as the CRM numbers it", is_required=True, personal_data=_P.PSEUDONYM
        ),
        Column("email", _T.TEXT, "E-mail address", personal_data=_P.EMAIL),
        Column("phone", _T.TEXT, "Phone number", personal_data=_P.PHONE),
        Column("first_name", _T.TEXT, "Given name", personal_data=_P.DROPPED),
        Column("last_name", _T.TEXT, "Family name", personal_data=_P.DROPPED),
        Column("address", _T.TEXT, "Postal address", personal_data=_P.DROPPED),
        Column("loyalty_id", _T.IDENTIFIER, "Loyalty card or account", personal_data=_P.PSEUDONYM),
        Column("account_id", _T.IDENTIFIER, "Company the customer buys for (B2B)", personal_data=_P.PSEUDONYM),
        Column("customer_type", _T.TEXT, "B2C or B2B", allowed=("B2C", "B2B")),
        Column("region", _T.TEXT, "Sales region"),
        Column("country", _T.TEXT, "Country"),
        Column("acquisition_channel", _T.TEXT, "Channel the customer was won through"),
        Column("language", _T.TEXT, "Preferred language, ISO 639-1"),
        Column("has_marketing_consent", _T.BOOLEAN, "Whether the customer agreed to marketing"),
        Column("registered_at", _T.TIMESTAMP, "When the account was opened"),
    ),
)

ORDERS = Contract(
    table="orders",
    source="crm",
    description="One row per order, refund or adjustment and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("order_id",),
    event_time=("ordered_at",),
    is_required=True,
    amount_columns=("net_amount", "discount_amount", "tax_amount"),
    columns=(
        Column("order_id", _T.IDENTIFIER, "Order as the shop numbers it", is_required=True),
        Column("customer_id", _T.IDENTIFIER, "Customer; empty for a guest order", personal_data=_P.PSEUDONYM),
        Column("ordered_at", _T.TIMESTAMP, "When it was placed (for a refund: granted)", is_required=True),
        Column(
            "order_type",
            _T.TEXT,
            "sale, refund or adjustment",
            is_required=True,
            allowed=("sale", "refund", "adjustment"),
        ),
        Column("refunded_order_id", _T.IDENTIFIER, "For a refund, the order it takes back, where known"),
        _CURRENCY,
        Column("net_amount", _T.AMOUNT, "Net of discount and tax; negative for a refund", is_required=True),
        Column("discount_amount", _T.AMOUNT, "Discount granted, positive"),
        Column("tax_amount", _T.AMOUNT, "Tax on top of the net amount"),
        Column("sales_channel", _T.TEXT, "web, store, phone, …"),
        Column("anonymous_id", _T.IDENTIFIER, "Browser the order was placed from", personal_data=_P.PSEUDONYM),
    ),
)

ORDER_ITEMS = Contract(
    table="order_items",
    source="crm",
    description="One row per line of an order",
    delivery=Delivery.EVENTS,
    key=("order_id", "line_number"),
    amount_columns=("unit_price", "unit_cost"),
    columns=(
        Column("order_id", _T.IDENTIFIER, "Order the line belongs to", is_required=True),
        Column("line_number", _T.INTEGER, "Position in the order, from 1", minimum=0),
        Column("product_id", _T.IDENTIFIER, "Article"),
        Column("product_name", _T.TEXT, "Article name"),
        Column("product_category", _T.TEXT, "Article category"),
        Column("quantity", _T.INTEGER, "Pieces; negative when taken back", is_required=True),
        _CURRENCY,
        Column("unit_price", _T.AMOUNT, "Price per piece, net of discount and tax", is_required=True),
        Column("unit_cost", _T.AMOUNT, "Cost of goods per piece", minimum=0),
    ),
)

CONTRACTS = Contract(
    table="contracts",
    source="crm",
    description="One row per subscription or B2B contract and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("contract_id",),
    event_time=("signed_at",),
    amount_columns=("annual_amount",),
    columns=(
        Column("contract_id", _T.IDENTIFIER, "Contract", is_required=True),
        Column("customer_id", _T.IDENTIFIER, "Customer bound by it", is_required=True, personal_data=_P.PSEUDONYM),
        Column("signed_at", _T.TIMESTAMP, "When it was signed", is_required=True),
        Column("starts_on", _T.DATE, "First day in force", is_required=True),
        Column("ends_on", _T.DATE, "Last day in force; empty while open-ended"),
        Column("cancelled_on", _T.DATE, "Day on which it was ended early"),
        Column("renews_contract_id", _T.IDENTIFIER, "Contract this one renews"),
        Column("plan", _T.TEXT, "Product or plan"),
        _CURRENCY,
        Column("annual_amount", _T.AMOUNT, "Net amount per year", minimum=0),
    ),
)

REFERRALS = Contract(
    table="referrals",
    source="crm",
    description="One row per invitation of a friend",
    delivery=Delivery.UPSERTS,
    key=("referral_id",),
    event_time=("referred_at",),
    columns=(
        Column("referral_id", _T.IDENTIFIER, "Invitation", is_required=True),
        Column("customer_id", _T.IDENTIFIER, "Customer who recommends", is_required=True, personal_data=_P.PSEUDONYM),
        Column("referred_email", _T.TEXT, "E-mail address of the friend", personal_data=_P.EMAIL),
        Column("referred_customer_id", _T.IDENTIFIER, "Friend, once a customer", personal_data=_P.PSEUDONYM),
        Column("referred_at", _T.TIMESTAMP, "When the invitation was made", is_required=True),
    ),
)

LOYALTY_EVENTS = Contract(
    table="loyalty_events",
    source="crm",
    description="One row per movement on a loyalty account",
    delivery=Delivery.EVENTS,
    key=("loyalty_event_id",),
    event_time=("occurred_at",),
    columns=(
        Column("loyalty_event_id", _T.IDENTIFIER, "Movement", is_required=True),
        Column("customer_id", _T.IDENTIFIER, "Member", personal_data=_P.PSEUDONYM),
        Column("loyalty_id", _T.IDENTIFIER, "Loyalty account", personal_data=_P.PSEUDONYM),
        Column("occurred_at", _T.TIMESTAMP, "When", is_required=True),
        Column(
            "event_type",
            _T.TEXT,
            "joined, earned, redeemed, expired or tier_changed",
            is_required=True,
            allowed=("joined", "earned", "redeemed", "expired", "tier_changed"),
        ),
        Column("points", _T.INTEGER, "Points, signed"),
        Column("tier", _T.TEXT, "Tier after the movement"),
    ),
)

"""What a helpdesk, a campaign tool and logistics deliver; part of the CRM silo. Shape on arrival only."""

from pipeline.contracts.model import Column, ColumnType, Contract, Delivery, PersonalData

_T = ColumnType
_P = PersonalData

INTERACTIONS = Contract(
    table="interactions",
    source="crm",
    description="One row per support contact and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("interaction_id",),
    event_time=("opened_at",),
    columns=(
        Column("interaction_id", _T.IDENTIFIER, "Contact", is_required=True),
        Column("case_id", _T.IDENTIFIER, "Case the contact belongs to"),
        Column("customer_id", _T.IDENTIFIER, "Customer, where known", personal_data=_P.PSEUDONYM),
        Column("email", _T.TEXT, "Address the customer wrote from", personal_data=_P.EMAIL),
        Column("phone", _T.TEXT, "Number the customer called from", personal_data=_P.PHONE),
        Column("opened_at", _T.TIMESTAMP, "When the customer made contact", is_required=True),
        Column(
            "channel",
            _T.TEXT,
            "phone, email, chat, chatbot, social or store",
            is_required=True,
            allowed=("phone", "email", "chat", "chatbot", "social", "store"),
        ),
        Column("direction", _T.TEXT, "inbound or outbound", allowed=("inbound", "outbound")),
        Column("topic", _T.TEXT, "What it was about"),
        Column("is_complaint", _T.BOOLEAN, "Whether it was a complaint"),
        Column("is_automatic", _T.BOOLEAN, "Whether no human took part"),
        Column("order_id", _T.IDENTIFIER, "Order it was about"),
        Column("acknowledged_at", _T.TIMESTAMP, "First reply, automatic or human"),
        Column("first_response_at", _T.TIMESTAMP, "First human reply"),
        Column("closed_at", _T.TIMESTAMP, "When it was closed"),
        Column("handling_seconds", _T.INTEGER, "Agent time", minimum=0),
        Column("waiting_seconds", _T.INTEGER, "Queue time", minimum=0),
        Column("is_abandoned", _T.BOOLEAN, "Whether the customer left the queue"),
        Column("support_tier", _T.INTEGER, "Tier that closed it", minimum=1),
        Column("note", _T.TEXT, "Text of the contact", personal_data=_P.FREE_TEXT),
    ),
)

MESSAGES = Contract(
    table="messages",
    source="crm",
    description="One row per message sent to a customer and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("message_id",),
    event_time=("sent_at",),
    columns=(
        Column("message_id", _T.IDENTIFIER, "Message", is_required=True),
        Column("customer_id", _T.IDENTIFIER, "Addressee", personal_data=_P.PSEUDONYM),
        Column("email", _T.TEXT, "Address it went to", personal_data=_P.EMAIL),
        Column("sent_at", _T.TIMESTAMP, "When it was sent", is_required=True),
        Column("channel", _T.TEXT, "email, sms, push or post", allowed=("email", "sms", "push", "post")),
        Column(
            "purpose",
            _T.TEXT,
            "marketing, transactional, service or survey",
            allowed=("marketing", "transactional", "service", "survey"),
        ),
        Column("campaign_id", _T.IDENTIFIER, "Campaign"),
        Column("is_personalised", _T.BOOLEAN, "Whether the content was personalised"),
        Column("delivered_at", _T.TIMESTAMP, "When it was delivered"),
        Column("opened_at", _T.TIMESTAMP, "First opening by a human"),
        Column("clicked_at", _T.TIMESTAMP, "First click"),
        Column("unsubscribed_at", _T.TIMESTAMP, "When the addressee opted out through it"),
    ),
)

DELIVERIES = Contract(
    table="deliveries",
    source="crm",
    description="One row per parcel and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("delivery_id",),
    event_time=("shipped_at",),
    columns=(
        Column("delivery_id", _T.IDENTIFIER, "Parcel", is_required=True),
        Column("order_id", _T.IDENTIFIER, "Order", is_required=True),
        Column("shipped_at", _T.TIMESTAMP, "When it left", is_required=True),
        Column("promised_on", _T.DATE, "First day promised to the customer"),
        Column("delivered_at", _T.TIMESTAMP, "When it arrived; empty while under way"),
        Column("delay_announced_at", _T.TIMESTAMP, "When a delay was announced to the customer"),
        Column("carrier", _T.TEXT, "Carrier"),
    ),
)

RETURNS = Contract(
    table="returns",
    source="crm",
    description="One row per return request and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("return_id",),
    event_time=("requested_at",),
    columns=(
        Column("return_id", _T.IDENTIFIER, "Return", is_required=True),
        Column("order_id", _T.IDENTIFIER, "Order", is_required=True),
        Column("requested_at", _T.TIMESTAMP, "When the customer asked", is_required=True),
        Column("received_at", _T.TIMESTAMP, "When the goods came back"),
        Column("refunded_at", _T.TIMESTAMP, "When the money went back"),
        Column("quantity", _T.INTEGER, "Pieces returned", minimum=0),
        Column("reason", _T.TEXT, "Reason code"),
    ),
)

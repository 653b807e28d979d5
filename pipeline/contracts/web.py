"""What web analytics delivers. The shape on arrival only; events get their meaning from the touchpoint seeds."""

from pipeline.contracts.model import Column, ColumnType, Contract, Delivery, PersonalData

_T = ColumnType
_P = PersonalData

WEB_EVENTS = Contract(
    table="web_events",
    source="web",
    description="One row per event of a visitor on the site or in the app",
    delivery=Delivery.EVENTS,
    key=("event_id",),
    event_time=("occurred_at",),
    is_required=True,
    columns=(
        Column("event_id", _T.IDENTIFIER, "Event as the analytics tool numbers it"),
        Column("occurred_at", _T.TIMESTAMP, "When it happened", is_required=True),
        Column("anonymous_id", _T.IDENTIFIER, "Browser or device", is_required=True, personal_data=_P.PSEUDONYM),
        Column("user_id", _T.IDENTIFIER, "CRM customer, once logged in", personal_data=_P.PSEUDONYM),
        Column(
            "event_name",
            _T.TEXT,
            "What happened, e.g. page_view, product_view, search, add_to_cart, checkout_payment, purchase",
            is_required=True,
        ),
        Column("page_path", _T.TEXT, "Path of the page, without query", personal_data=_P.URL),
        Column("referrer", _T.TEXT, "Site the visitor came from, without query", personal_data=_P.URL),
        Column("device", _T.TEXT, "desktop, mobile, tablet or app"),
        Column("traffic_channel", _T.TEXT, "Channel that brought the visit: organic, paid_search, email, …"),
        Column("campaign_id", _T.IDENTIFIER, "Campaign that brought the visit"),
        Column("product_id", _T.IDENTIFIER, "Article looked at or put into the cart"),
        Column("order_id", _T.IDENTIFIER, "Order placed"),
        Column("search_result_count", _T.INTEGER, "Hits of a search; 0 is a failed search", minimum=0),
        Column("load_milliseconds", _T.INTEGER, "Time until the page was usable", minimum=0),
        Column("form_id", _T.IDENTIFIER, "Form the event belongs to"),
        Column("is_internal", _T.BOOLEAN, "Bot, test or staff traffic"),
    ),
)

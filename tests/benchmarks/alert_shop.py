"""Web events of a shop with three known incidents, through the KPI models and a replay of every morning.

Belongs here: reading the file as its source mapping does, landing it in memory. Does not belong here: what is promised.
"""

from datetime import date
from pathlib import Path

import pandas as pd

from pipeline.alerts.evaluating import Inputs
from pipeline.cli.studies.alerts import WANTED, inputs_of_models
from pipeline.cli.studies.models import compile_models, laboratory
from pipeline.settings import PROJECT_ROOT, Settings

EVENTS = PROJECT_ROOT.parent / "shared" / "data" / "real" / "ecom_events_2024.csv.gz"
AS_OF = date(2024, 6, 29)
_NAMES = {
    "shipping_details": "checkout_address", "payment_details": "checkout_payment", "payment_error": "payment_failed",
    "checkout_bug": "checkout_error", "error_page": "page_error", "cart": "cart_view", "catalog": "category_view",
    "review_page": "review_view", "support_chat": "chat_open", "home": "home_view", "account_page": "account_view",
    "filter_results": "filter", "promo_page": "promo_view",
}  # fmt: skip
_LANDED = """
    insert into landing.web_events by name
    select
        row_number::varchar as event_id, timestamp as occurred_at, user_id as anonymous_id, name as event_name,
        platform as device, acquisition_channel as traffic_channel, row_number::varchar as _key_hash,
        timestamp as _event_at
    from events
"""


def shop_inputs(settings: Settings, file: Path = EVENTS) -> Inputs:
    """What alerts are made from, as of the last day of the file.

    Args:
        settings: a scratch home.
        file: the events.
    """
    events = pd.read_csv(file, parse_dates=["timestamp"])
    events = events.assign(name=events["event"].replace(_NAMES), row_number=range(len(events)))
    project = compile_models(settings, WANTED)
    with laboratory(project, as_of=AS_OF, threads=settings.dbt_threads) as opened:
        opened.execute("update landing.table_availability set is_available = table_name = 'web_events'")
        opened.register("events", events)
        opened.execute(_LANDED)
        opened.unregister("events")
        return inputs_of_models(opened, project, as_of=AS_OF)

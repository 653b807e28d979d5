"""Every column of every contract has a class of personal data that somebody thought about."""

import pytest

from pipeline.contracts import CONTRACTS, IDENTIFIER_KINDS, PersonalData, subject_of
from pipeline.contracts.subjects import COLLECTIVE_COLUMNS, HINT_COLUMNS, NAMED_COLUMNS, OWNER_COLUMNS

SAYS_NOTHING_OF_A_PERSON = {
    "fx_rates": "currency rate_date rate",
    "customers": "customer_type region country acquisition_channel language has_marketing_consent registered_at",
    "orders": (
        "order_id ordered_at order_type refunded_order_id currency net_amount discount_amount tax_amount sales_channel"
    ),
    "order_items": (
        "order_id line_number product_id product_name product_category quantity currency unit_price unit_cost"
    ),
    "web_events": (
        "event_id occurred_at event_name device traffic_channel campaign_id product_id order_id "
        "search_result_count load_milliseconds form_id is_internal"
    ),
    "survey_responses": "response_id survey_id question_id invited_at answered_at score language touchpoint order_id",
    "contracts": (
        "contract_id signed_at starts_on ends_on cancelled_on renews_contract_id plan currency annual_amount"
    ),
    "interactions": (
        "interaction_id case_id opened_at channel direction topic is_complaint is_automatic order_id "
        "acknowledged_at first_response_at closed_at handling_seconds waiting_seconds is_abandoned "
        "support_tier"
    ),
    "referrals": "referral_id referred_at",
    "messages": (
        "message_id sent_at channel purpose campaign_id is_personalised delivered_at opened_at clicked_at "
        "unsubscribed_at"
    ),
    "deliveries": "delivery_id order_id shipped_at promised_on delivered_at delay_announced_at carrier",
    "returns": "return_id order_id requested_at received_at refunded_at quantity reason",
    "loyalty_events": "loyalty_event_id occurred_at event_type points tier",
    "feedback": "feedback_id published_at platform rating language replied_at order_id",
    "marketing_costs": "month_start acquisition_channel campaign_id currency cost_amount",
    "initiatives": "initiative_id name stage touchpoint segment_dimension segment starts_on currency cost_amount",
}
"""Columns that land as they come. A new column fails the test until it is here, or has a class in its contract."""
IDENTIFYING = {PersonalData.PSEUDONYM, PersonalData.EMAIL, PersonalData.PHONE}
SUSPICIOUS = ("name", "mail", "phone", "address", "birth", "iban", "card", "street", "ip_", "text", "comment", "note")


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_column_has_a_class(table):
    bare = [column.name for column in CONTRACTS[table].columns if column.personal_data is PersonalData.NONE]
    assert bare == SAYS_NOTHING_OF_A_PERSON[table].split()


def test_no_column_that_sounds_like_a_person_lands_as_it_comes():
    sounding = {
        f"{table}.{name}"
        for table, names in SAYS_NOTHING_OF_A_PERSON.items()
        for name in names.split()
        if any(word in name for word in SUSPICIOUS)
    }
    assert sounding == {"web_events.event_name", "order_items.product_name", "initiatives.name"}, "names of things"


def test_every_identifier_leads_to_its_person():
    known = {*OWNER_COLUMNS, *NAMED_COLUMNS, *HINT_COLUMNS, *COLLECTIVE_COLUMNS}
    for table, contract in CONTRACTS.items():
        for column in contract.columns:
            assert column.personal_data not in IDENTIFYING or column.name in known, f"{table}.{column.name}"
        assert {kind for _, kind in subject_of(contract).columns} <= set(IDENTIFIER_KINDS)


def test_every_table_about_people_can_be_searched_for_one():
    nobody = {table for table, contract in CONTRACTS.items() if not subject_of(contract).columns}
    assert nobody == {"fx_rates", "marketing_costs", "initiatives"}

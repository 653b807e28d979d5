{#- What of the sources of touchpoints says which of their rows a run looks at; how is in `touchpoint_scopes.sql`. -#}

{#- Sources whose touchpoints do not tell the extract day they came in. -#}
{% macro undated_sources() -%}
    {{ return(['contracts', 'referrals', 'survey_responses', 'feedback']) }}
{%- endmacro %}

{#- Sources whose rows make touchpoints one by one, and what of each says whether a run looks at it. -#}
{% macro single_sources() -%}
    {{ return({
        'messages': {
            'key': 'message_id', 'times': ['sent_at', 'opened_at', 'clicked_at', 'unsubscribed_at'],
            'identifiers': {'email': 'email_hash'}
        },
        'deliveries': {
            'key': 'delivery_id', 'times': ['shipped_at', 'delay_announced_at', 'delivered_at'],
            'days': ['promised_on + 1']
        },
        'returns': {
            'key': 'return_id', 'times': ['requested_at', 'received_at', 'refunded_at']
        },
        'loyalty_events': {
            'key': 'loyalty_event_id', 'times': ['occurred_at'], 'identifiers': {'loyalty': 'loyalty_id'}
        },
        'referrals': {
            'key': 'referral_id', 'times': ['referred_at'], 'identifiers': {'email': 'referred_email_hash'}
        },
        'survey_responses': {
            'key': 'response_id', 'times': ['_event_at', 'answered_at'], 'identifiers': {'email': 'email_hash'}
        },
        'feedback': {'key': 'feedback_id', 'times': ['published_at', 'replied_at']},
    }) }}
{%- endmacro %}

{#- What of a contact says whether a run looks at its case. -#}
{% macro case_source() -%}
    {{ return({
        'key': 'interaction_id',
        'times': ['opened_at + to_seconds(coalesce(waiting_seconds, 0))', 'first_response_at', 'closed_at'],
        'identifiers': {'email': 'email_hash', 'phone': 'phone_hash'}
    }) }}
{%- endmacro %}

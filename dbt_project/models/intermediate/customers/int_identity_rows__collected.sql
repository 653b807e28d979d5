-- Which identifiers the rows of each table carry together: all that identity knows. An invitation speaks of the friend
-- once a customer; the address of a friend who is none yet is nobody's here. A web user is the CRM customer of that number.
{%- set carriers = [
    ('crm', 'customers', 'customers', {
        'crm': 'customer_id', 'loyalty': 'loyalty_id', 'email': 'email_hash', 'phone': 'phone_hash'
    }),
    ('crm', 'orders', 'orders', {'crm': 'customer_id', 'anonymous': 'anonymous_id'}),
    ('crm', 'contracts', 'contracts', {'crm': 'customer_id'}),
    ('crm', 'interactions', 'contacts', {'crm': 'customer_id', 'email': 'email_hash', 'phone': 'phone_hash'}),
    ('crm', 'messages', 'messages', {'crm': 'customer_id', 'email': 'email_hash'}),
    ('crm', 'referrals', 'referrals', {'crm': 'customer_id'}),
    ('crm', 'referrals', 'friends', {'crm': 'referred_customer_id', 'email': 'referred_email_hash'}),
    ('crm', 'loyalty_events', 'loyalty_events', {'crm': 'customer_id', 'loyalty': 'loyalty_id'}),
    ('web', 'web_events', 'events', {'crm': 'user_id', 'anonymous': 'anonymous_id'}),
    ('surveys', 'survey_responses', 'responses', {'crm': 'customer_id', 'email': 'email_hash'}),
    ('surveys', 'feedback', 'reviews', {'crm': 'customer_id'}),
] %}
with customers as (
    select * from {{ ref('stg_crm__customers') }}
),

orders as (
    select * from {{ ref('stg_crm__orders') }}
),

contracts as (
    select * from {{ ref('stg_crm__contracts') }}
),

contacts as (
    select * from {{ ref('stg_crm__interactions') }}
),

messages as (
    select * from {{ ref('stg_crm__messages') }}
),

referrals as (
    select * from {{ ref('stg_crm__referrals') }}
),

friends as (
    select * from referrals
    where referred_customer_id is not null
),

loyalty_events as (
    select * from {{ ref('stg_crm__loyalty_events') }}
),

events as (
    select * from {{ ref('stg_web__events') }}
),

responses as (
    select * from {{ ref('stg_surveys__responses') }}
),

reviews as (
    select * from {{ ref('stg_surveys__feedback') }}
),

unioned as (
    {%- for source, table, relation, columns in carriers %}
        select
            '{{ source }}' as source,
            '{{ table }}' as source_table,
            cast({{ columns.get('crm', 'null') }} as varchar) as crm_id,
            cast({{ columns.get('loyalty', 'null') }} as varchar) as loyalty_id,
            cast({{ columns.get('email', 'null') }} as varchar) as email_hash,
            cast({{ columns.get('phone', 'null') }} as varchar) as phone_hash,
            cast({{ columns.get('anonymous', 'null') }} as varchar) as anonymous_id
        from {{ relation }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

final as (
    select
        source,
        source_table,
        crm_id,
        loyalty_id,
        email_hash,
        phone_hash,
        anonymous_id,
        count(*) as row_count
    from unioned
    where coalesce(crm_id, loyalty_id, email_hash, phone_hash, anonymous_id) is not null
    group by all
)

select * from final

-- One conformed event over all sources, with what it means. Events without a mapping keep their place with touchpoint
-- `unmapped`; what is not tied to a customer or browser keeps its place without one. What the company knows to come
-- (a promised day, the end of a contract) has not happened yet.
{{ config(materialized='view') }}
with mappings as (
    select * from {{ ref('touchpoint_mappings') }}
),

registry as (
    select * from {{ ref('touchpoints') }}
),

channels as (
    select * from {{ ref('channels') }}
),

accounts as (
    select * from {{ ref('int_customers__unified') }}
    where account_id is not null
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

meanings as (
    select
        mappings.source_table,
        mappings.source_value,
        mappings.touchpoint,
        registry.kind,
        registry.is_customer_initiated,
        registry.is_page
    from mappings
    left join registry on mappings.touchpoint = registry.touchpoint
),

recorded as (
    select * from {{ ref('int_touchpoints__bought') }}
    union all by name
    select * from {{ ref('int_touchpoints__delivered') }}
    union all by name
    select * from {{ ref('int_touchpoints__contracted') }}
    union all by name
    select * from {{ ref('int_touchpoints__served') }}
    union all by name
    select * from {{ ref('int_touchpoints__messaged') }}
    union all by name
    select * from {{ ref('int_touchpoints__recommended') }}
    union all by name
    select * from {{ ref('int_touchpoints__told') }}
),

unioned as (
    select * from {{ ref('int_touchpoints__browsed') }}
    union all by name
    select recorded.*
    from recorded
    inner join run_parameters on recorded.occurred_at < run_parameters.as_of_at
),

final as (
    select
        unioned.touchpoint_key,
        unioned.source_table,
        unioned.source_value,
        unioned.source_row_id,
        coalesce(meanings.touchpoint, 'unmapped') as touchpoint,
        coalesce(meanings.kind, channels.kind, 'digital') as touchpoint_kind,
        unioned.channel,
        coalesce(meanings.is_customer_initiated, true) as is_customer_initiated,
        coalesce(meanings.is_page, false) as is_page,
        unioned.customer_key,
        unioned.is_known,
        accounts.account_id,
        unioned.anonymous_id,
        unioned.occurred_at,
        {{ business_date('unioned.occurred_at') }} as occurred_on,
        unioned.device,
        unioned.traffic_channel,
        unioned.campaign_id,
        unioned.referrer,
        unioned.page_path,
        unioned.search_result_count,
        unioned.order_id,
        unioned.case_id,
        unioned.contract_id,
        unioned.form_id,
        unioned.extract_date
    from unioned
    left join meanings
        on unioned.source_table = meanings.source_table and unioned.source_value = meanings.source_value
    left join channels on unioned.channel = channels.channel
    left join accounts on unioned.customer_key = accounts.customer_key
)

select * from final

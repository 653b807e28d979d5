-- Journeys: the entries of the stage model. A customer who buys for a company takes part in the journey of the account
-- and has none apart. A journey ends with its last stage or with its window, and is open until then.
{{ config(materialized='view') }}
with entries as (
    select * from {{ ref('int_funnel_entries__attributed') }}
),

funnels as (
    select * from {{ ref('funnels') }}
    where list_contains({{ var('journey_funnels') }}, funnel_id)
),

accounts as (
    select * from {{ ref('int_customers__unified') }}
    where account_id is not null
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

final as (
    select
        entries.entry_key as journey_key,
        entries.funnel_id,
        funnels.subject,
        entries.subject_key,
        entries.customer_key,
        entries.entry_number as journey_number,
        entries.entry_step,
        entries.reached_at,
        len(list_filter(entries.reached_at, lambda reached: reached is not null)) as stage_count,
        list_max(
            list_filter(range(1, len(entries.reached_at) + 1), lambda step: entries.reached_at[step] is not null)
        ) as stage_reached,
        entries.entered_at as started_at,
        entries.entered_on as started_on,
        entries.reached_at[funnels.step_count] is not null as is_completed,
        entries.deadline < run_parameters.as_of_at as is_window_over,
        least(
            coalesce(entries.reached_at[funnels.step_count], entries.deadline), run_parameters.as_of_at
        ) as followed_until,
        case
            when entries.reached_at[funnels.step_count] is not null then entries.reached_at[funnels.step_count]
            when entries.deadline < run_parameters.as_of_at then entries.deadline
        end as ended_at,
        entries.device,
        entries.traffic_channel
    from entries
    inner join funnels on entries.funnel_id = funnels.funnel_id
    cross join run_parameters
    left join accounts on funnels.subject = 'customer' and entries.subject_key = accounts.customer_key
    where accounts.customer_key is null
)

select * from final

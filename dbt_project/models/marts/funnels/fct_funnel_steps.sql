-- What became of each entry at each step it reached, as far as what was delivered tells.
with entries as (
    select * from {{ ref('int_funnel_entries__attributed') }}
),

steps as (
    select
        *,
        lead(step_window_days) over (partition by funnel_id order by step) as next_step_window_days
    from {{ ref('funnel_step_definitions') }}
),

funnels as (
    select * from {{ ref('funnels') }}
),

observed as (
    select * from {{ ref('int_funnels__observed') }}
    where is_available
),

reached as (
    select
        entries.*,
        steps.step,
        steps.step_id,
        funnels.step_count,
        observed.observed_until_at,
        observed.lateness_allowance_days,
        entries.reached_at[steps.step] as step_reached_at,
        entries.reached_at[steps.step + 1] as next_reached_at,
        least(
            entries.deadline,
            coalesce(
                entries.reached_at[steps.step] + {{ days_interval('steps.next_step_window_days') }}, entries.deadline
            )
        ) as open_until
    from entries
    inner join funnels on entries.funnel_id = funnels.funnel_id
    inner join observed on entries.funnel_id = observed.funnel_id
    inner join steps on entries.funnel_id = steps.funnel_id
    where entries.reached_at[steps.step] is not null
),

final as (
    select
        entry_key,
        funnel_id,
        cast(step as integer) as step,
        step_id,
        subject_key,
        customer_key,
        entry_number,
        entry_step,
        entered_on,
        cast(date_trunc('week', entered_on) as date) as entry_week,
        channel,
        device,
        traffic_channel,
        step_reached_at as reached_at,
        case
            when step = step_count then 'completed'
            when next_reached_at is not null then 'converted'
            when open_until < observed_until_at then 'dropped'
            else 'pending'
        end as step_outcome,
        cast(epoch(next_reached_at - step_reached_at) as bigint) as seconds_to_next,
        cast(greatest(
            epoch(coalesce(next_reached_at, least(open_until, observed_until_at)) - step_reached_at), 0
        ) as bigint) as seconds_observed,
        coalesce(next_reached_at = step_reached_at, false) as is_tie,
        has_order_violation,
        deadline + {{ days_interval('lateness_allowance_days') }} <= observed_until_at as is_mature
    from reached
)

select * from final

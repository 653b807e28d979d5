-- What became of each entry at each step it reached.
with entries as (
    select * from {{ ref('int_funnel_entries__attributed') }}
),

steps as (
    select * from {{ ref('funnel_step_definitions') }}
),

funnels as (
    select * from {{ ref('funnels') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

reached as (
    select
        entries.*,
        steps.step,
        steps.step_id,
        funnels.step_count,
        entries.reached_at[steps.step] as step_reached_at,
        entries.reached_at[steps.step + 1] as next_reached_at,
        least(
            entries.deadline,
            coalesce(
                entries.reached_at[steps.step] + {{ days_interval('next_steps.step_window_days') }}, entries.deadline
            )
        ) as open_until
    from entries
    inner join funnels on entries.funnel_id = funnels.funnel_id
    inner join steps on entries.funnel_id = steps.funnel_id
    left join steps as next_steps
        on steps.funnel_id = next_steps.funnel_id and steps.step + 1 = next_steps.step
    where entries.reached_at[steps.step] is not null
),

final as (
    select
        reached.entry_key,
        reached.funnel_id,
        cast(reached.step as integer) as step,
        reached.step_id,
        reached.subject_key,
        reached.customer_key,
        reached.entry_number,
        reached.entry_step,
        reached.entered_on,
        reached.device,
        reached.traffic_channel,
        reached.step_reached_at as reached_at,
        case
            when reached.step = reached.step_count then 'completed'
            when reached.next_reached_at is not null then 'converted'
            when reached.open_until < run_parameters.as_of_at then 'dropped'
            else 'pending'
        end as step_outcome,
        cast(epoch(reached.next_reached_at - reached.step_reached_at) as bigint) as seconds_to_next,
        coalesce(reached.next_reached_at = reached.step_reached_at, false) as is_tie,
        reached.has_order_violation,
        reached.deadline + {{ days_interval(var('lateness_allowance_days')) }} <= run_parameters.as_of_at as is_mature
    from reached
    cross join run_parameters
)

select * from final

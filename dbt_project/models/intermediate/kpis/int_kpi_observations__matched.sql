-- Observations of what active members of the loyalty programme spend in a month against active customers who are none.
-- Like is compared with like: type, acquisition channel and purchase days of the year before; those who are no members
-- weigh as much as the members they stand beside. Who has no counterpart is left out.
with periods as (
    select * from {{ ref('fct_retention_periods') }}
    where activity_window_days = {{ var('kpi_activity_window_days') }} and is_active_at_start
),

members as (
    select * from {{ ref('int_members__enrolled') }}
),

days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
    where is_sale and customer_key is not null
),

segments as (
    select * from {{ ref('int_segments__dated') }}
    where segment_dimension in ('customer_type', 'acquisition_channel')
),

habits as (
    select
        periods.customer_key,
        periods.period_start,
        {{ instant_of_day('periods.period_start', "'00:00'") }} as started_at,
        least(count(days.purchased_on), 4) as purchase_days
    from periods
    left join days
        on
            periods.customer_key = days.customer_key
            and days.purchased_on < periods.period_start
            and days.purchased_on >= periods.period_start - {{ var('kpi_activity_window_days') }}
    group by all
),

spending as (
    select
        customer_key,
        cast(date_trunc('month', ordered_on) as date) as period_start,
        sum(net_amount) as spent_amount
    from orders
    group by all
),

compared as (
    select
        habits.customer_key,
        habits.period_start,
        habits.started_at,
        coalesce(members.joined_at < habits.started_at, false) as is_member,
        coalesce(types.segment, 'unknown') as customer_type,
        coalesce(channels.segment, 'unknown') as acquisition_channel,
        habits.purchase_days,
        coalesce(spending.spent_amount, 0) as spent_amount
    from habits
    left join members on habits.customer_key = members.customer_key
    left join spending
        on habits.customer_key = spending.customer_key and habits.period_start = spending.period_start
    left join segments as types
        on
            habits.customer_key = types.customer_key
            and types.segment_dimension = 'customer_type'
            and habits.period_start >= types.valid_from
            and habits.period_start < types.valid_to
    left join segments as channels
        on
            habits.customer_key = channels.customer_key
            and channels.segment_dimension = 'acquisition_channel'
            and habits.period_start >= channels.valid_from
            and habits.period_start < channels.valid_to
),

weighed as (
    select
        *,
        case
            when is_member then 1.0
            else 1.0 * count(*) filter (where is_member) over alike / count(*) filter (where not is_member) over alike
        end as match_weight
    from compared
    window alike as (partition by period_start, customer_type, acquisition_channel, purchase_days)
    qualify count(*) filter (where is_member) over alike > 0 and count(*) filter (where not is_member) over alike > 0
),

final as (
    select
        'member_spend_gap' as kpi_id,
        {{ surrogate_key(['customer_key', 'period_start']) }} as unit_key,
        customer_key,
        customer_key as person_key,
        started_at as observed_at,
        period_start as observed_on,
        case when is_member then 'treated' else 'baseline' end as arm,
        cast(cast(match_weight as decimal(18, 4)) * spent_amount as decimal(18, 4)) as numerator,
        cast(match_weight as decimal(18, 4)) as denominator
    from weighed
)

select * from final

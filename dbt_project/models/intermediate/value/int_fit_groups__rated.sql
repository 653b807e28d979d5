-- Per fit group what a purchase day of worth 1 leaves as margin (refunds that name no order, adjustments, goods and service
-- off), over the last year; and how many stay a year: of those active in the year before the last. A history under two
-- years is halved and what stayed from half to half taken to a year. A group too small for either takes that of all.
with days as (
    select * from {{ ref('int_purchase_days__valued') }}
),

settings as (
    select * from {{ ref('int_value_settings__derived') }}
),

margins as (
    select * from {{ ref('int_margins__dated') }}
),

groups as (
    select * from {{ ref('int_fit_groups__assigned') }}
),

worth as (
    select
        groups.fit_group,
        count(*) as day_count,
        sum(days.value_amount) as value_amount
    from days
    inner join groups on days.customer_key = groups.customer_key
    cross join settings
    where days.purchased_on > settings.as_of_date - 365
    group by groups.fit_group
),

kept as (
    select
        groups.fit_group,
        sum(margins.margin_amount) as margin_amount
    from margins
    inner join groups on margins.customer_key = groups.customer_key
    cross join settings
    where margins.day > settings.as_of_date - 365
    group by groups.fit_group
),

halves as (
    select
        as_of_date,
        cast(least(365, (history_days + 1) // 2) as integer) as half_days
    from settings
    where history_days + 1 >= {{ var('clv_retention_minimum_days') }}
),

activity as (
    select
        groups.fit_group,
        days.customer_key,
        halves.half_days,
        bool_or(
            days.purchased_on > halves.as_of_date - 2 * halves.half_days
            and days.purchased_on <= halves.as_of_date - halves.half_days
        ) as was_active,
        bool_or(days.purchased_on > halves.as_of_date - halves.half_days) as is_active
    from days
    inner join groups on days.customer_key = groups.customer_key
    cross join halves
    group by all
),

stayed as (
    select
        fit_group,
        any_value(half_days) as half_days,
        count(*) filter (where was_active) as start_customer_count,
        count(*) filter (where was_active and is_active) as retained_customer_count,
        sum(count(*) filter (where was_active)) over () as all_start_count,
        sum(count(*) filter (where was_active and is_active)) over () as all_retained_count
    from activity
    group by fit_group
),

totals as (
    select
        sum(kept.margin_amount) as margin_amount,
        sum(worth.value_amount) as value_amount
    from worth
    inner join kept on worth.fit_group = kept.fit_group
),

final as (
    select
        fit_groups.fit_group,
        round(coalesce(
            case
                when worth.day_count >= {{ var('minimum_n') }}
                    then cast(kept.margin_amount as double) / cast(worth.value_amount as double)
            end,
            cast(totals.margin_amount as double) / nullif(cast(totals.value_amount as double), 0),
            1.0
        ), 9) as margin_rate,
        round(power(
            case
                when stayed.start_customer_count >= {{ var('minimum_n') }}
                    then cast(stayed.retained_customer_count as double) / stayed.start_customer_count
                else cast(stayed.all_retained_count as double) / nullif(cast(stayed.all_start_count as double), 0)
            end,
            365.0 / stayed.half_days
        ), 9) as annual_retention_rate
    from (select distinct fit_group from groups) as fit_groups
    cross join totals
    left join worth on fit_groups.fit_group = worth.fit_group
    left join kept on fit_groups.fit_group = kept.fit_group
    left join stayed on fit_groups.fit_group = stayed.fit_group
)

select * from final

-- The persona of a customer at each month start, by the declared rules over the purchases of the window before it: the
-- first persona, in declared order, of which all conditions of one alternative hold. From when each holds.
with paths as (
    select * from {{ ref('int_purchase_paths__observed') }}
),

months as (
    select * from {{ ref('int_purchase_months__counted') }}
),

observed as (
    select * from {{ ref('int_segments__observed') }}
    where segment_dimension = 'loyalty_tier'
),

loyalty_tiers as (
    select * from {{ ref('loyalty_tiers') }}
),

personas as (
    select * from {{ ref('personas') }}
),

rules as (
    select * from {{ ref('persona_rules') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

month_starts as (
    select distinct month_start from months
),

-- paths add up per month start as integers; rates are taken last
walked as (
    select
        paths.customer_key,
        month_starts.month_start,
        count(*) as path_count,
        cast(sum(paths.information_source_count) as bigint) as information_source_sum,
        cast(sum(paths.research_count) as bigint) as research_sum,
        cast(sum(paths.reassurance_count) as bigint) as reassurance_sum,
        count(*) filter (where paths.comparison_count > 0) as comparison_sum,
        count(*) filter (where paths.cart_page_count > 0) as cart_page_sum
    from paths
    inner join month_starts
        on
            month_starts.month_start > paths.ordered_on
            and month_starts.month_start <= paths.ordered_on + {{ var('segment_window_days') }}
    group by paths.customer_key, month_starts.month_start
),

tiers as (
    select
        observed.customer_key,
        coalesce(loyalty_tiers.is_top, false) as is_top,
        observed.valid_from,
        coalesce(
            lead(observed.valid_from) over (partition by observed.customer_key order by observed.valid_from),
            date '9999-12-31'
        ) as valid_to
    from observed
    left join loyalty_tiers on lower(observed.segment) = loyalty_tiers.tier
),

profiles as (
    select
        months.customer_key,
        months.month_start,
        months.purchase_day_count,
        cast(coalesce(tiers.is_top, false) as integer) as top_tier_sum,
        walked.* exclude (customer_key, month_start)
    from months
    left join walked
        on months.customer_key = walked.customer_key and months.month_start = walked.month_start
    left join tiers
        on
            months.customer_key = tiers.customer_key
            and months.month_start >= tiers.valid_from
            and months.month_start < tiers.valid_to
),

{{ persona_rules('profiles', 'rules', 'personas') }},

{{ month_changes('classified', 'persona', 'persona', otherwise='unclassified') }}

select * from persona_changes

-- What KPIs of business customers come to per window that ends at the as-of date, with the sums of squares of companies
-- (accounts), not persons: persons of one account answer, buy and complain alike. Who acts for no account known is one.
with observations as (
    select * from {{ ref('int_kpi_observations__judged') }}
    where is_mature and arm = 'all' and interval_kind <> 'quantile'
),

segments as (
    select * from {{ ref('int_segments__dated') }}
    where segment_dimension = 'customer_type' and segment = '{{ var("account_customer_type") }}'
),

accounts as (
    select * from {{ ref('int_accounts__dated') }}
),

windows as (
    select * from {{ ref('int_kpi_windows__dated') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
    where aggregation <> 'state'
),

placed as (
    select
        observations.*,
        windows.window_days,
        windows.window_end,
        coalesce(accounts.account_key, observations.customer_key) as account_key
    from observations
    inner join kpis on observations.kpi_number = kpis.kpi_number
    inner join segments
        on
            observations.customer_key = segments.customer_key
            and observations.observed_on >= segments.valid_from
            and observations.observed_on < segments.valid_to
    left join accounts
        on
            observations.customer_key = accounts.customer_key
            and observations.observed_on >= accounts.valid_from
            and observations.observed_on < accounts.valid_to
    inner join run_parameters on true
    inner join windows
        on
            windows.window_end = run_parameters.as_of_date
            and observations.observed_on <= windows.window_end
            and observations.observed_on > windows.window_end - windows.window_days
),

counted as (
    select *
    from placed
    where last_answer_group is null
    union all
    select *
    from placed
    where last_answer_group is not null
    qualify row_number() over (
        partition by kpi_number, window_days, person_key, last_answer_group order by observed_at desc, unit_key desc
    ) = 1
),

accounts_summed as (
    select
        kpi_number,
        window_days,
        window_end,
        account_key,
        sum(unit_count) as unit_count,
        0 as immature_count,
        count(*) filter (where numerator > 0) as positive_count,
        count(*) filter (where numerator < 0) as negative_count,
        cast(sum(numerator) as decimal(18, 4)) as cluster_x,
        cast(sum(denominator) as decimal(18, 4)) as cluster_n
    from counted
    group by all
),

final as (
    select
        kpi_number,
        window_days,
        window_end,
        {{ kpi_cell_sums() }}
    from accounts_summed
    group by all
)

select * from final

-- What a good experience is worth: how many come back, what they spend and what they are expected to be worth, by what
-- they answered; and the worth of one point of NPS per customer. Of a few customers, or one who pays for most of it,
-- nothing is shown.
with cells as (
    select * from {{ ref('fct_cx_value') }}
),

bands as (
    select * from {{ ref('cx_bands') }}
),

labelled as (
    select
        cells.segment_dimension,
        cells.segment,
        cells.measure,
        cells.band,
        bands.label_en,
        bands.label_fr,
        cast({{ var('cx_value_follow_up_days') }} as integer) as follow_up_days,
        '{{ var("reporting_currency") }}' as currency,
        -- a mean that is one customer's hides its row, and another: people times mean is a sum like any other
        case
            when cells.is_dominated then least(cells.customer_count, {{ var('suppression_minimum_customers') }} - 1)
            else {{ count_unless_uniform('cells.customer_count', 'cells.retention_rate', '1') }}
        end as customer_count,
        cells.customer_count as n,
        cells.retention_rate,
        cells.retention_rate_low,
        cells.retention_rate_high,
        {{ cx_money() }},
        cells.customer_count < {{ var('minimum_n') }} as is_small_n
    from cells
    inner join bands on cells.measure = bands.measure and cells.band = bands.band
),

{{ suppress('labelled', cell=['measure', 'band'], measures=[], prefix='small', keep_count=true) }},

{{ experience_cover('small_suppressed', 'band', "band <> 'all'", 'hidden', ['measure', 'segment_dimension']) }},

final as (
    select
        segment_dimension,
        segment,
        measure,
        band,
        label_en,
        label_fr,
        follow_up_days,
        currency,
        {{ cx_shown() }},
        is_suppressed
    from hidden
)

select * from final

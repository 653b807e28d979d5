{#-
    What the losses of two series have in common: the products of what the same customers add to both, from the CTEs of
    `customer_terms` and `pairs` of series; yields `shared`.
-#}
{% macro lost_covariances() %}
{{ customer_terms() }},

terms as (
    select
        series_numbers.series_number,
        summed.customer_number,
        cast(summed.lost_term as double) / 1e9 as lost
    from summed
    inner join series_numbers on summed.series = series_numbers.series
    where summed.lost_term <> 0
),

shared as (
    select
        pairs.series_number,
        pairs.other_number,
        cast(sum(cast(terms.lost * others.lost as decimal(38, 12))) as double) as covariance
    from pairs
    inner join terms on pairs.series_number = terms.series_number
    inner join terms as others
        on pairs.other_number = others.series_number and terms.customer_number = others.customer_number
    group by pairs.series_number, pairs.other_number
)
{%- endmacro %}

{#-
    Cumulated means per month of `months` (segment_dimension, segment, month, customer_count, margin_amount) and their
    standard error, from the same curves without each of the folds of `folds`; both have the same columns, `folds` a fold.
    Sums are of decimals, so that order does not matter. Yields the CTE `final`.
-#}
{% macro jackknifed(months, folds) %}
curves as (
    select
        segment_dimension,
        segment,
        month,
        customer_count,
        sum(cast(margin_amount / customer_count as decimal(18, 4))) over so_far as margin_amount,
        sum(cast(cast(margin_amount as double) / customer_count as decimal(38, 10))) over so_far as exact_amount
    from {{ months }}
    window so_far as (partition by segment_dimension, segment order by month)
),

segment_folds as (
    select
        segment_dimension,
        segment,
        fold
    from {{ folds }}
    where month = 0
    group by all
),

left_out as (
    select
        segment_folds.*,
        {{ months }}.month,
        sum(cast(
            cast({{ months }}.margin_amount - coalesce({{ folds }}.margin_amount, 0) as double)
            / nullif({{ months }}.customer_count - coalesce({{ folds }}.customer_count, 0), 0) as decimal(38, 10)
        )) over (
            partition by segment_folds.segment_dimension, segment_folds.segment, segment_folds.fold
            order by {{ months }}.month
        ) as exact_amount
    from segment_folds
    inner join {{ months }} using (segment_dimension, segment)
    left join {{ folds }} using (segment_dimension, segment, fold, month)
),

errors as (
    select
        left_out.segment_dimension,
        left_out.segment,
        left_out.month,
        count(*) as fold_count,
        sum(cast(
            power(cast(left_out.exact_amount - curves.exact_amount as double), 2) as decimal(38, 10)
        )) as square_sum
    from left_out
    inner join curves using (segment_dimension, segment, month)
    group by all
),

final as (
    select
        curves.* exclude (exact_amount),
        errors.fold_count,
        case
            when errors.fold_count > 1
                then round(
                    sqrt((errors.fold_count - 1) * cast(errors.square_sum as double) / errors.fold_count), 6
                )
        end as margin_standard_error
    from curves
    left join errors using (segment_dimension, segment, month)
)
{% endmacro %}

{#-
    What winning a customer cost in a segment, over one row per customer won with `channel_count`, the customers its
    channel won. Spend is known, how many it wins is chance: the customers won are Poisson, and the delta method gives
    the error of the cost's logarithm. It is 1 / √customers where a segment holds all that its channels won.
    Yields the CTEs `channels` and `costs`.
-#}
{% macro acquisition_costs(relation) %}
channels as (
    select
        segment_dimension,
        segment,
        acquisition_channel,
        count(*) as won_count,
        sum(acquisition_cost_amount) as cost_amount,
        {#- the part of the channel's customers that is not in the segment -#}
        cast((1.0 - cast(count(*) as double) / any_value(channel_count)) as decimal(18, 12)) as open_share,
        any_value(acquisition_cost_amount) as channel_cac_amount,
        max(whole_months) as month_count
    from {{ relation }}
    group by all
),

costs as (
    select
        segment_dimension,
        segment,
        cast(sum(won_count) as bigint) as acquired_count,
        cast(sum(cost_amount) / sum(won_count) as decimal(18, 4)) as cac_amount,
        round(sqrt(greatest(0.0,
            1.0 / sum(won_count)
            + cast(sum(cast(cast(cost_amount as double) * channel_cac_amount * open_share as decimal(38, 6))) as double)
            / nullif(power(cast(sum(cost_amount) as double), 2), 0)
            - 2.0 * cast(sum(cast(cast(cost_amount as double) * open_share as decimal(38, 6))) as double)
            / nullif(cast(sum(cost_amount) as double) * sum(won_count), 0)
        )), 9) as cac_log_standard_error,
        max(month_count) as month_count
    from channels
    group by all
)
{% endmacro %}

{#- Half-width of the log of the CAC; NULL under 2 customers won. -#}
{% macro cac_log_half_width() -%}
    (case when won_count >= 2 then {{ student_t_975('(won_count - 1)') }} * cac_log_standard_error end)
{%- endmacro %}

{#-
    Half-width of the mean value before acquisition of the customers whose CAC is known. A prediction's parameters err
    alike for all customers of the segment, chance by customer.
-#}
{% macro acquired_half_width() -%}
    case
        when cells.method = 'contractual'
            then {{ z_95() }} * sqrt(cast(cells.acquired_xx as double)) / nullif(cells.acquired_count, 0)
        when cells.method = 'predicted' and cells.acquired_count > 0
            then {{ z_95() }} * sqrt(
                (errors.parameter_variance / cells.valued_customer_count + errors.process_variance / cells.acquired_count)
                / cells.valued_customer_count
            )
        else {{ ratio_half_width(
            'cells.acquired_amount', 'cells.acquired_count', 'cells.acquired_xx', 'cells.acquired_amount',
            'cells.acquired_count', 'cells.acquired_count'
        ) }}
    end
{%- endmacro %}

{#- Bound of the CLV to CAC: the errors of both, added as squares. -#}
{% macro clv_to_cac_bound(side) -%}
    round(
        (
            cast(acquired_amount as double) / acquired_count
            + {{ side }} * sqrt(
                power(acquired_half_width, 2)
                + power(cast(acquired_amount as double) / acquired_count * {{ cac_log_half_width() }}, 2)
            )
        ) / cast(cac_amount as double), 4
    )
{%- endmacro %}

{#- Bound of the mean probability of being alive: t over customers, never beyond 0 and 1. -#}
{% macro alive_bound(side) -%}
    round(least(1.0, greatest(0.0,
        cast(alive_count as double) / judged_count + {{ side }} * {{ ratio_half_width(
            'alive_count', 'judged_count', 'alive_xx', 'alive_count', 'judged_count', 'judged_count'
        ) }}
    )), 6)
{%- endmacro %}

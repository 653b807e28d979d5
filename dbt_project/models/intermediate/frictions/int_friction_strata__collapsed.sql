-- How finely chances are compared. A quarter of one device, channel, segment, step and band is cut into months, and a month
-- into weeks, only if every part keeps at least the declared number of affected and unaffected chances. A quarter with one
-- side only is joined with its like: first without the channel, then without band and quarter.
with judged as (
    select * from {{ ref('int_friction_opportunities__judged') }}
),

cells as (
    select
        cell_number,
        any_value(friction_type) as friction_type,
        any_value(segment) as segment,
        any_value(device) as device,
        any_value(channel) as channel,
        any_value(step) as step,
        any_value(opportunity_band) as opportunity_band,
        cast(date_trunc('week', min(started_on)) as date) as week_start,
        cast(date_trunc('month', min(started_on)) as date) as month_start,
        cast(date_trunc('quarter', min(started_on)) as date) as quarter_start,
        count(*) filter (where is_affected) as affected_count,
        count(*) filter (where not is_affected) as unaffected_count
    from judged
    group by cell_number
),

months as (
    select
        *,
        least(min(affected_count) over month_cell, min(unaffected_count) over month_cell) as smallest_of_weeks,
        sum(affected_count) over month_cell as month_affected_count,
        sum(unaffected_count) over month_cell as month_unaffected_count
    from cells
    window month_cell as (
        partition by friction_type, segment, device, channel, step, opportunity_band, month_start, quarter_start
    )
),

quarters as (
    select
        *,
        least(min(month_affected_count) over quarter_cell, min(month_unaffected_count) over quarter_cell)
            as smallest_of_months,
        least(sum(affected_count) over quarter_cell, sum(unaffected_count) over quarter_cell) = 0 as is_one_sided
    from months
    window quarter_cell as (
        partition by friction_type, segment, device, channel, step, opportunity_band, quarter_start
    )
),

joined as (
    select
        *,
        least(sum(affected_count) over without_channel, sum(unaffected_count) over without_channel) = 0
            as is_still_one_sided
    from quarters
    window without_channel as (
        partition by friction_type, segment, device, step, opportunity_band, quarter_start, is_one_sided
    )
),

final as (
    select
        cell_number,
        friction_type,
        segment,
        device,
        channel,
        step,
        opportunity_band,
        week_start,
        month_start,
        case
            when is_one_sided and is_still_one_sided then concat_ws(' | ', device, segment, step)
            when is_one_sided then concat_ws(' | ', device, segment, step, opportunity_band, quarter_start)
            else concat_ws(
                ' | ', device, channel, segment, step, opportunity_band,
                case
                    when smallest_of_months < {{ var('friction_stratum_minimum') }} then quarter_start
                    when smallest_of_weeks < {{ var('friction_stratum_minimum') }} then month_start
                    else week_start
                end,
                case
                    when smallest_of_months < {{ var('friction_stratum_minimum') }} then 'quarter'
                    when smallest_of_weeks < {{ var('friction_stratum_minimum') }} then 'month'
                    else 'week'
                end
            )
        end as stratum
    from joined
)

select * from final

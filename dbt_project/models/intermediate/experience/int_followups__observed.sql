-- What customers did after they said how they feel: of every measure their last answer of which the days that follow are
-- over, the purchases in those days and, as of the run, the predicted value. Customers are comparable who were
-- asked about the same and had bought about as often before they answered.
with scores as (
    select * from {{ ref('int_experience_scores__collected') }}
    where measure in ('nps', 'csat', 'effort') and customer_key is not null
),

answers as (
    select * from {{ ref('int_survey_answers__linked') }}
),

orders as (
    select * from {{ ref('int_orders__converted') }}
),

lifetime_values as (
    select * from {{ ref('fct_customer_lifetime_values') }}
    where method = 'predicted' and horizon = '{{ var("kpi_clv_horizon_months") }} months'
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

last_answers as (
    select
        scores.measure,
        scores.customer_key,
        scores.score_key,
        scores.scored_at,
        scores.scored_on,
        coalesce(scores.asked_touchpoint, 'none') as asked_touchpoint,
        case
            when scores.measure = 'nps' and answers.is_promoter then 'promoter'
            when scores.measure = 'nps' and answers.is_detractor then 'detractor'
            when scores.measure = 'nps' then 'passive'
            when scores.measure = 'csat' and scores.emotion > 0 then 'satisfied'
            when scores.measure = 'csat' and scores.emotion < 0 then 'dissatisfied'
            when scores.measure = 'csat' then 'neutral'
            when 3 * scores.effort <= 100 then 'low'
            when 3 * scores.effort <= 200 then 'medium'
            else 'high'
        end as band
    from scores
    inner join answers on scores.score_key = answers.answer_key
    cross join run_parameters
    where
        scores.scored_at
        + {{ days_interval(var('cx_value_follow_up_days')) }} + {{ days_interval(var('lateness_allowance_days')) }}
        <= run_parameters.as_of_at
    qualify row_number() over (
        partition by scores.measure, scores.customer_key order by scores.scored_at desc, scores.score_key
    ) = 1
),

followed as (
    select
        last_answers.measure,
        last_answers.customer_key,
        last_answers.scored_on,
        last_answers.asked_touchpoint,
        last_answers.band,
        count(distinct orders.ordered_on) filter (
            where orders.is_sale and orders.ordered_at <= last_answers.scored_at
        ) as earlier_count,
        coalesce(bool_or(orders.is_sale and orders.ordered_at > last_answers.scored_at), false) as is_retained,
        coalesce(sum(orders.net_amount) filter (where orders.ordered_at > last_answers.scored_at), 0) as spend_amount
    from last_answers
    left join orders
        on
            last_answers.customer_key = orders.customer_key
            and orders.ordered_at
            <= last_answers.scored_at + {{ days_interval(var('cx_value_follow_up_days')) }}
    group by
        last_answers.measure,
        last_answers.customer_key,
        last_answers.scored_on,
        last_answers.asked_touchpoint,
        last_answers.band
),

final as (
    select
        followed.* exclude (earlier_count, asked_touchpoint),
        concat_ws(
            ' | ',
            followed.asked_touchpoint,
            case
                when followed.earlier_count = 0 then 'none'
                when followed.earlier_count = 1 then 'one'
                when followed.earlier_count < 4 then 'few'
                else 'many'
            end
        ) as stratum,
        case followed.band when 'promoter' then 100 when 'passive' then 0 when 'detractor' then -100 end as nps_points,
        lifetime_values.clv_amount
    from followed
    left join lifetime_values on followed.customer_key = lifetime_values.customer_key
)

select * from final

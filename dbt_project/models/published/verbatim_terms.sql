-- Words that tell detractors from promoters, and the last weeks from the time before: log-odds with an informative
-- Dirichlet prior (Monroe, Colaresi and Quinn 2008), over people. Only words of the vocabulary are shown, and only where
-- the side they lean to has the minimum of people; fewer on the other side are counted as the minimum less one, which
-- makes the finding weaker, never stronger.
with counted as (
    select * from {{ ref('int_verbatim_words__counted') }}
    where is_listed
),

totals as (
    select
        *,
        sum(person_count) over speech as all_count,
        sum(first_count) over speech as all_first_count,
        sum(second_count) over speech as all_second_count
    from counted
    window speech as (partition by comparison, language)
),

bounded as (
    select
        * exclude (first_count, second_count),
        first_count < {{ var('suppression_minimum_customers') }} as is_first_hidden,
        second_count < {{ var('suppression_minimum_customers') }} as is_second_hidden,
        greatest(first_count, {{ var('suppression_minimum_customers') }} - 1) as first_n,
        greatest(second_count, {{ var('suppression_minimum_customers') }} - 1) as second_n,
        cast({{ var('verbatim_prior_words') }} as double) * person_count / all_count as prior_count
    from totals
    where
        all_first_count > 0
        and all_second_count > 0
        and greatest(first_count, second_count) >= {{ var('suppression_minimum_customers') }}
),

estimated as (
    select
        *,
        {{ log_odds('first_n', 'all_first_count') }} - {{ log_odds('second_n', 'all_second_count') }} as log_odds,
        sqrt(1.0 / (first_n + prior_count) + 1.0 / (second_n + prior_count)) as standard_error
    from bounded
),

leaning as (
    select
        *,
        log_odds / standard_error as z_score,
        2.0 * {{ normal_upper_tail('abs(log_odds / standard_error)') }} as p_value
    from estimated
    -- what leans to a hidden side would lean on a number nobody may know
    where case when log_odds > 0 then not is_first_hidden else not is_second_hidden end
),

controlled as (
    {{ false_discovery('leaning', 'p_value', ['comparison', 'language'], ['word']) }}
),

final as (
    select
        comparison,
        language,
        word as term,
        case
            when comparison = 'detractors_against_promoters' then if(log_odds > 0, 'detractors', 'promoters')
            else if(log_odds > 0, 'recent', 'before')
        end as leaning,
        cast(if(is_first_hidden, null, first_n) as bigint) as first_n,
        cast(if(is_second_hidden, null, second_n) as bigint) as second_n,
        round(log_odds, 6) as log_odds,
        round(log_odds - {{ z_95() }} * standard_error, 6) as log_odds_low,
        round(log_odds + {{ z_95() }} * standard_error, 6) as log_odds_high,
        round(z_score, 4) as z_score,
        round(q_value, 6) as q_value,
        q_value <= {{ var('verbatim_false_discovery_rate') }} as is_distinctive,
        is_first_hidden or is_second_hidden as is_bound,
        greatest(first_n, second_n) < {{ var('minimum_n') }} as is_small_n
    from controlled
)

select * from final

-- Whether effort and satisfaction of the same respondents contradict each other as they should. Groups with too few pairs
-- take the verdict of their wave over all surveys and languages. A wave with too few even so is tested together with the
-- one after or before, and takes that verdict where its own correlation points the same way. One-sided p by Fisher's z
-- with the variance of ranks (Fieller, Hartley and Pearson 1957), Holm over all tests.
with correlated as (
    select * from {{ ref('int_survey_polarities__correlated') }}
),

waves as (
    select
        question_id,
        wave_start,
        lead(wave_start) over (partition by question_id order by wave_start) as next_start
    from correlated
    where survey_id = 'all' and not is_double
),

tested as (
    select
        *,
        atanh(least(0.999999, greatest(-0.999999, correlation))) * sqrt((pair_count - 3) / 1.06) as score
    from correlated
    where pair_count >= {{ var('polarity_minimum_pairs') }} and correlation is not null
),

judged as (
    select
        *,
        {{ normal_upper_tail('score') }} as p_value
    from tested
),

ordered as (
    select
        *,
        p_value * (count(*) over () - row_number() over by_p + 1) as step_value
    from judged
    window by_p as (order by p_value, question_id, survey_id, language, wave_start, is_double)
),

adjusted as (
    select
        *,
        least(1.0, max(step_value) over (
            order by p_value, question_id, survey_id, language, wave_start, is_double
            rows between unbounded preceding and current row
        )) as adjusted_p_value
    from ordered
),

verdicts as (
    select
        *,
        case
            when correlation > {{ var('polarity_maximum_correlation') }} and adjusted_p_value < 0.01 then 'contradicted'
            else 'agreed'
        end as verdict
    from adjusted
),

double_waves as (
    select
        waves.question_id,
        unnest([waves.wave_start, waves.next_start]) as wave_start,
        verdicts.verdict
    from verdicts
    inner join waves on verdicts.question_id = waves.question_id and verdicts.wave_start = waves.wave_start
    where verdicts.is_double
),

neighbours as (
    select
        question_id,
        wave_start,
        bool_or(verdict = 'contradicted') as has_contradicted,
        bool_or(verdict = 'agreed') as has_agreed
    from double_waves
    group by question_id, wave_start
),

final as (
    select
        correlated.question_id,
        correlated.survey_id,
        correlated.language,
        correlated.wave_start,
        correlated.pair_count,
        correlated.correlation,
        round(verdicts.adjusted_p_value, 6) as adjusted_p_value,
        case
            when verdicts.verdict is not null then verdicts.verdict
            when correlated.survey_id <> 'all' then 'unverified'
            when neighbours.has_contradicted and correlated.correlation > {{ var('polarity_maximum_correlation') }}
                then 'contradicted'
            when neighbours.has_agreed and correlated.correlation <= {{ var('polarity_maximum_correlation') }}
                then 'agreed'
            else 'unverified'
        end as verdict
    from correlated
    left join verdicts
        on
            correlated.question_id = verdicts.question_id
            and correlated.survey_id = verdicts.survey_id
            and correlated.language = verdicts.language
            and correlated.wave_start = verdicts.wave_start
            and not verdicts.is_double
    left join neighbours
        on correlated.question_id = neighbours.question_id and correlated.wave_start = neighbours.wave_start
    where not correlated.is_double
)

select * from final

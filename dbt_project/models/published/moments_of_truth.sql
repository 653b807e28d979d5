-- Moments of truth: the touchpoints whose bad or good experience moves what customers do later most. One is shown to
-- matter where the false discovery rate over all touchpoints and segments allows it; only those have a rank.
with moments as (
    select
        *,
        bad_count + good_count as n,
        case
            when least(bad_count, good_count) >= {{ var('minimum_n') }} and effect_standard_error > 0
                then 2.0 * {{ normal_upper_tail('abs(effect / effect_standard_error)') }}
        end as p_value
    from {{ ref('fct_moments_of_truth') }}
),

registry as (
    select * from {{ ref('touchpoints') }}
),

placed as (
    select
        *,
        count(p_value) over () as test_count,
        row_number() over (order by p_value nulls last, touchpoint, segment_dimension, segment) as p_rank
    from moments
),

controlled as (
    select
        *,
        case when p_value is not null then least(1.0, min(p_value * test_count / p_rank) over (
            order by p_rank desc rows between unbounded preceding and current row
        )) end as q_value
    from placed
),

judged as (
    select
        *,
        coalesce(q_value <= {{ var('friction_false_discovery_rate') }}, false) as is_shown_to_matter
    from controlled
),

ranked as (
    select
        judged.segment_dimension,
        judged.segment,
        judged.stage,
        judged.touchpoint,
        coalesce(registry.label_en, 'The relation as a whole') as touchpoint_label_en,
        coalesce(registry.label_fr, 'La relation dans son ensemble') as touchpoint_label_fr,
        'purchase_{{ var("experience_outcome_days") }}d' as outcome,
        judged.customer_count,
        judged.n,
        judged.bad_count,
        judged.good_count,
        judged.bad_outcome_rate,
        judged.good_outcome_rate,
        judged.effect,
        round(greatest(-1.0, judged.effect - {{ z_95() }} * judged.effect_standard_error), 6) as effect_low,
        round(least(1.0, judged.effect + {{ z_95() }} * judged.effect_standard_error), 6) as effect_high,
        round(judged.p_value, 6) as p_value,
        round(judged.q_value, 6) as q_value,
        judged.is_shown_to_matter,
        case when judged.is_shown_to_matter then cast(row_number() over (
            partition by judged.segment_dimension, judged.segment, judged.is_shown_to_matter
            order by abs(judged.effect) desc, judged.touchpoint
        ) as integer) end as moment_rank,
        least(judged.bad_count, judged.good_count) < {{ var('minimum_n') }} as is_small_n
    from judged
    left join registry on judged.touchpoint = registry.touchpoint
),

{{ suppress(
    'ranked',
    cell=['touchpoint'],
    measures=[
        'n', 'bad_count', 'good_count', 'bad_outcome_rate', 'good_outcome_rate', 'effect', 'effect_low', 'effect_high',
        'p_value', 'q_value', 'is_shown_to_matter', 'moment_rank', 'is_small_n'
    ]
) }}

select * from suppressed

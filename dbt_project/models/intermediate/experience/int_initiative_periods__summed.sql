-- The KPI an initiative is judged by, before and after it began, in its segment and in the others of the dimension; and
-- the same around earlier dates at which nothing began (shift 1 and up), of which all days lie before the true one. The
-- days before are kept in two halves. Segments another initiative began in meanwhile are no controls.
with initiatives as (
    select * from {{ ref('stg_reference__initiatives') }}
),

measures as (
    select * from {{ ref('initiative_kpis') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

days as (
    select * from {{ ref('int_kpi_days__summed') }}
    where arm = 'all'
),

judged as (
    select
        initiatives.*,
        arg_min(measures.kpi_id, measures.precedence) as kpi_id,
        arg_min(coalesce(measures.outcomes_per_unit, 0), measures.precedence) as outcomes_per_unit
    from initiatives
    inner join measures
        on
            initiatives.touchpoint = measures.touchpoint
            or (measures.touchpoint is null and initiatives.stage = measures.stage)
    group by all
),

shifts as (
    select cast(unnest(range(0, {{ var('initiative_placebo_dates') }} + 1)) as integer) as shift
),

dated as (
    select
        judged.*,
        kpis.kpi_number,
        kpis.value_factor,
        kpis.mature_until,
        shifts.shift,
        judged.starts_on
        - case when shifts.shift > 0 then {{ var('initiative_period_days') }} + 28 * (shifts.shift - 1) else 0 end as begins_on
    from judged
    inner join kpis on judged.kpi_id = kpis.kpi_id
    cross join shifts
    where kpis.unavailable_reason is null
),

summed as (
    select
        dated.initiative_id,
        dated.shift,
        dated.begins_on,
        days.segment_dimension,
        days.segment,
        days.segment = dated.segment as is_treated,
        {%- for name, lower, upper in [
            ('early', 'days.observed_on < dated.begins_on - ' ~ var('initiative_period_days') // 2, 'true'),
            ('late', 'days.observed_on >= dated.begins_on - ' ~ var('initiative_period_days') // 2, 'days.observed_on < dated.begins_on'),
            ('post', 'days.observed_on >= dated.begins_on', 'true'),
        ] %}
        {%- for column in ['sum_x', 'sum_n', 'sum_xx', 'sum_xn', 'sum_nn', 'person_count'] %}
        coalesce(sum(days.{{ column }}) filter (where {{ lower }} and {{ upper }}), 0) as {{ name }}_{{ column }},
        {%- endfor %}
        {%- endfor %}
        min(days.observed_on) as first_on
    from dated
    inner join days
        on
            dated.kpi_number = days.kpi_number
            and dated.segment_dimension = days.segment_dimension
            and days.observed_on >= dated.begins_on - {{ var('initiative_period_days') }}
            and days.observed_on < dated.begins_on + {{ var('initiative_period_days') }}
            and days.observed_on <= dated.mature_until
    group by all
),

touched as (
    select
        summed.initiative_id,
        summed.shift,
        summed.segment
    from summed
    inner join initiatives as others
        on
            summed.initiative_id <> others.initiative_id
            and summed.segment_dimension = others.segment_dimension
            and summed.segment = others.segment
            and others.starts_on > summed.begins_on - {{ var('initiative_period_days') }}
            and others.starts_on < summed.begins_on + {{ var('initiative_period_days') }}
    group by all
),

final as (
    select
        summed.* exclude (first_on),
        dated.name,
        dated.kpi_id,
        dated.outcomes_per_unit,
        dated.value_factor,
        dated.starts_on,
        dated.cost_amount,
        dated.currency,
        dated.begins_on + {{ var('initiative_period_days') }} - 1 <= dated.mature_until as is_mature
    from summed
    inner join dated on summed.initiative_id = dated.initiative_id and summed.shift = dated.shift
    left join touched
        on
            summed.initiative_id = touched.initiative_id
            and summed.shift = touched.shift
            and summed.segment = touched.segment
    where summed.is_treated or (touched.segment is null and summed.segment not in ('unknown', 'none', 'unanswered'))
)

select * from final

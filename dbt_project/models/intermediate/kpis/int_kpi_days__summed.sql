{%- set day_sums = [
    'person_count', 'unit_count', 'positive_count', 'negative_count', 'sum_x', 'sum_n', 'sum_xx', 'sum_xn', 'sum_nn',
    'cluster_count'
] %}
-- What every KPI counts per business day and segment, with the sums of squares its interval needs. What is not mature is
-- counted, no more: the days of a KPI are mature up to one of them.
with cells as not materialized (
    select * from {{ ref('int_kpi_days__clustered') }}
),

profiles as not materialized (
    select * from {{ ref('int_segment_profiles__described') }}
),

kpis as (
    select * from {{ ref('int_kpis__judged') }}
),

segments_summed as (
    select
        cells.series_number,
        cells.observed_on,
        profiles.segment_number,
        {{ kpi_sums_of_sums(day_sums) }}
    from cells
    inner join profiles on cells.profile = profiles.profile
    where profiles.segment_dimension <> 'device' and cells.counts_in <> 'device'
    group by cells.series_number, cells.observed_on, profiles.segment_number
),

devices_summed as (
    select
        series_number,
        observed_on,
        'device' as segment_dimension,
        device as segment,
        {{ kpi_sums_of_sums(day_sums) }}
    from cells
    where counts_in <> 'others'
    group by all
),

named as (
    select
        segment_number,
        min(segment_dimension) as segment_dimension,
        min(segment) as segment
    from profiles
    group by segment_number
),

unioned as (
    select
        segments_summed.* exclude (segment_number),
        named.segment_dimension,
        named.segment
    from segments_summed
    inner join named on segments_summed.segment_number = named.segment_number
    union all by name
    select * from devices_summed
),

judged as (
    select
        unioned.*,
        kpis.kpi_number,
        {{ arm_of_series('unioned.series_number') }} as arm,
        unioned.observed_on <= kpis.mature_until as is_mature
    from unioned
    inner join kpis on {{ kpi_of_series('unioned.series_number') }} = kpis.kpi_number
),

final as (
    select
        kpi_number,
        observed_on,
        arm,
        segment_dimension,
        segment,
        case when is_mature then person_count else 0 end as mature_person_count,
        person_count,
        case when is_mature then 0 else unit_count end as immature_count,
        {{ kpi_if_mature(day_sums[1:]) }}
    from judged
)

select * from final

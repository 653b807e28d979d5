-- Verbatims and mentions of each theme per window, the one before it, and segment, with the sums intervals are made of.
-- Every theme has a row in every segment with verbatims, so that few mentions and none look the same.
with run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

verbatims as (
    select * from {{ ref('int_verbatims__scored') }}
    where language in ('fr', 'en')
),

themed as (
    select * from {{ ref('int_verbatims__themed') }}
),

theme_types as (
    select * from {{ ref('verbatim_theme_types') }}
),

windows as (
    select
        lengths.window_days,
        befores.is_previous,
        cast(run_parameters.as_of_date - if(befores.is_previous, lengths.window_days, 0) as date) as window_end
    from run_parameters
    cross join (select unnest({{ var('verbatim_windows_days') }}) as window_days) as lengths
    cross join (select unnest([false, true]) as is_previous) as befores
),

segmented as (
    {{ by_segment('verbatims', 'answered_on') }}
),

placed as (
    select
        windows.window_days,
        windows.is_previous,
        windows.window_end,
        segmented.segment_dimension,
        segmented.segment,
        segmented.person_key,
        segmented.verbatim_key,
        segmented.nps_class
    from segmented
    inner join windows
        on
            segmented.answered_on <= windows.window_end
            and segmented.answered_on > windows.window_end - windows.window_days
),

persons as (
    select
        window_days,
        is_previous,
        window_end,
        segment_dimension,
        segment,
        person_key,
        cast(count(*) as bigint) as verbatim_count
    from placed
    group by all
),

wholes as (
    select
        * exclude (person_key, verbatim_count),
        count(*) as person_count,
        sum(verbatim_count) as verbatim_count,
        sum(verbatim_count * verbatim_count) as verbatim_squares
    from persons
    group by all
),

speakers as (
    select
        placed.window_days,
        placed.is_previous,
        placed.segment_dimension,
        placed.segment,
        placed.person_key,
        themed.theme,
        cast(count(*) as bigint) as cluster_n,
        sum(themed.sentiment) as cluster_x,
        {{ counts_by_class() }}
    from placed
    inner join themed on placed.verbatim_key = themed.verbatim_key
    group by all
),

mentions as (
    select
        speakers.window_days,
        speakers.is_previous,
        speakers.segment_dimension,
        speakers.segment,
        speakers.theme,
        {{ cluster_sums() }},
        sum(speakers.cluster_n * persons.verbatim_count) as mention_products,
        count(*) as speaker_count,
        {{ speakers_by_class() }}
    from speakers
    inner join persons using (window_days, is_previous, segment_dimension, segment, person_key)
    group by all
),

final as (
    {{ verbatim_theme_grid() }}
)

select * from final

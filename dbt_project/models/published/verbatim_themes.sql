-- What customers write about, per theme and segment: how often, how they feel about it, who recommends the company all the
-- same, and what is new against the window before. Never a text.
with themes as (
    select * from {{ ref('int_verbatim_themes__counted') }}
),

theme_types as (
    select * from {{ ref('verbatim_theme_types') }}
),

wholes as (
    select
        window_days,
        is_previous,
        segment_dimension,
        segment,
        max(person_count) as customer_count
    from themes
    group by all
),

{{ suppress('wholes', cell=['window_days', 'is_previous'], measures=[], prefix='whole') }},

counted as (
    select
        themes.*,
        themes.speaker_count as customer_count,
        whole_suppressed.is_suppressed as is_whole_suppressed
    from themes
    inner join whole_suppressed using (window_days, is_previous, segment_dimension, segment)
),

{{ suppress(
    'counted',
    cell=['window_days', 'is_previous', 'theme'],
    measures=[],
    keep_count=true
) }},

hidden as (
    -- a segment too small to be counted is hidden with all its themes
    select * replace (is_suppressed or is_whole_suppressed as is_suppressed)
    from suppressed
),

{{ hide_few(
    'hidden', ['window_days', 'is_previous', 'theme'], 'detractor_count', 'detractors_hidden',
    or_where=is_uniform('detractor_n', 'detractor_n + passive_n + promoter_n')
) }},

{{ hide_few(
    'detractors_hidden', ['window_days', 'is_previous', 'theme'], 'passive_count', 'passives_hidden',
    or_where=is_uniform('passive_n', 'detractor_n + passive_n + promoter_n')
) }},

{{ hide_few(
    'passives_hidden', ['window_days', 'is_previous', 'theme'], 'promoter_count', 'promoters_hidden',
    or_where=is_uniform('promoter_n', 'detractor_n + passive_n + promoter_n')
) }},

measured as (
    select
        *,
        is_detractors_hidden or is_passives_hidden or is_promoters_hidden as is_split_hidden,
        cast(mention_count as double) / verbatim_count as share,
        {{ theme_design_effect() }} as design_effect,
        cast(sentiment_sum as double) / nullif(mention_count, 0) as sentiment,
        {{ ratio_half_width(
            'sentiment_sum', 'mention_count', 'sentiment_squares', 'sentiment_products', 'mention_squares',
            'speaker_count'
        ) }} as sentiment_half_width,
        nullif(detractor_n + passive_n + promoter_n, 0) as classed_n
    from promoters_hidden
),

paired as (
    select
        recent.*,
        case when not befores.is_suppressed then befores.mention_count end as previous_n,
        case when not befores.is_suppressed then befores.share end as previous_share,
        {{ share_variance('recent') }} + {{ share_variance('befores') }} as change_variance,
        not recent.is_suppressed
        and not befores.is_suppressed
        and least(recent.verbatim_count, befores.verbatim_count) >= {{ var('minimum_n') }} as is_compared
    from measured as recent
    left join measured as befores
        on
            befores.is_previous
            and recent.window_days = befores.window_days
            and recent.segment_dimension = befores.segment_dimension
            and recent.segment = befores.segment
            and recent.theme = befores.theme
    where not recent.is_previous
),

tested as (
    select
        *,
        case
            when is_compared
                then {{ normal_upper_tail('((share - previous_share) / sqrt(change_variance))') }}
        end as p_value
    from paired
),

controlled as (
    {{ false_discovery('tested', 'p_value', ['window_days'], ['segment_dimension', 'segment', 'theme']) }}
),

{{ verbatim_theme_columns() }}

select * from final

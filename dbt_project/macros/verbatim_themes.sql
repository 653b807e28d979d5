{#- Every theme in every segment with verbatims, from the CTEs `wholes`, `theme_types` and `mentions`. -#}
{% macro verbatim_theme_grid() -%}
select
    wholes.window_days,
    wholes.is_previous,
    wholes.window_end,
    wholes.segment_dimension,
    wholes.segment,
    theme_types.theme,
    cast(wholes.person_count as bigint) as person_count,
    cast(wholes.verbatim_count as bigint) as verbatim_count,
    cast(wholes.verbatim_squares as bigint) as verbatim_squares,
    cast(coalesce(mentions.speaker_count, 0) as bigint) as speaker_count,
    cast(coalesce(mentions.sum_n, 0) as bigint) as mention_count,
    coalesce(mentions.sum_nn, 0) as mention_squares,
    cast(coalesce(mentions.mention_products, 0) as bigint) as mention_products,
    mentions.sum_x as sentiment_sum,
    mentions.sum_xx as sentiment_squares,
    mentions.sum_xn as sentiment_products,
    {%- for class in nps_classes() %}
    cast(coalesce(mentions.{{ class }}_n, 0) as bigint) as {{ class }}_n,
    cast(coalesce(mentions.{{ class }}_count, 0) as bigint) as {{ class }}_count{{ ',' if not loop.last }}
    {%- endfor %}
from wholes
cross join theme_types
left join mentions
    on
        wholes.window_days = mentions.window_days
        and wholes.is_previous = mentions.is_previous
        and wholes.segment_dimension = mentions.segment_dimension
        and wholes.segment = mentions.segment
        and theme_types.theme = mentions.theme
{%- endmacro %}

{#- The columns of the published themes, from the CTEs `controlled` and `theme_types`; yields `final`. -#}
{% macro verbatim_theme_columns() -%}
final as (
    select
        cast(controlled.window_days as integer) as window_days,
        controlled.window_end,
        controlled.segment_dimension,
        controlled.segment,
        controlled.theme,
        theme_types.label_en,
        theme_types.label_fr,
        theme_types.friction_category,
        theme_types.owner,
        {{ unless('is_suppressed', {
            'verbatim_count': 'controlled.verbatim_count',
            'n': 'controlled.mention_count',
            'share': 'round(controlled.share, 6)',
            'share_low': wilson('controlled.mention_count', 'controlled.verbatim_count', 'controlled.design_effect', -1),
            'share_high': wilson('controlled.mention_count', 'controlled.verbatim_count', 'controlled.design_effect', 1),
            'sentiment': 'round(controlled.sentiment, 6)',
            'sentiment_low': 'round(greatest(-1.0, controlled.sentiment - controlled.sentiment_half_width), 6)',
            'sentiment_high': 'round(least(1.0, controlled.sentiment + controlled.sentiment_half_width), 6)'
        }) }},
        {{ unless('is_suppressed or controlled.is_split_hidden', {
            'classed_n': 'controlled.classed_n',
            'detractor_share': 'round(cast(controlled.detractor_n as double) / controlled.classed_n, 6)',
            'passive_share': 'round(cast(controlled.passive_n as double) / controlled.classed_n, 6)',
            'promoter_share': 'round(cast(controlled.promoter_n as double) / controlled.classed_n, 6)'
        }) }},
        {{ unless('not controlled.is_compared', {
            'previous_n': 'controlled.previous_n',
            'previous_share': 'round(controlled.previous_share, 6)',
            'change': 'round(controlled.share - controlled.previous_share, 6)',
            'change_low': 'round(controlled.share - controlled.previous_share - ' ~ z_95()
                ~ ' * sqrt(controlled.change_variance), 6)',
            'change_high': 'round(controlled.share - controlled.previous_share + ' ~ z_95()
                ~ ' * sqrt(controlled.change_variance), 6)',
            'q_value': 'round(controlled.q_value, 6)',
            'is_emerging': 'controlled.q_value <= ' ~ var('verbatim_false_discovery_rate')
                ~ ' and controlled.share >= ' ~ var('verbatim_emergence_ratio') ~ ' * controlled.previous_share'
        }) }},
        true as is_mature,
        {{ unless('is_suppressed', {'is_small_n': 'controlled.mention_count < ' ~ var('minimum_n')}) }},
        controlled.is_suppressed
    from controlled
    inner join theme_types on controlled.theme = theme_types.theme
)
{%- endmacro %}

{#- Columns that are NULL where a condition holds or is not known. -#}
{% macro unless(condition, columns) -%}
    {%- for name, expression in columns.items() %}
        case when not coalesce({{ condition }}, true) then {{ expression }} end as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

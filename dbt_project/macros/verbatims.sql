{#-
    What customers write, counted: the NPS classes of who mentions a theme, the variance of shares, and the
    weighted log-odds of words.
-#}

{% macro nps_classes() %}{{ return(['detractor', 'passive', 'promoter']) }}{% endmacro %}

{#- Verbatims of one person by the NPS class of their writer. -#}
{% macro counts_by_class() -%}
    {%- for class in nps_classes() %}
        cast(count(*) filter (where placed.nps_class = '{{ class }}') as bigint) as {{ class }}_n{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Mentions and people by NPS class. -#}
{% macro speakers_by_class() -%}
    {%- for class in nps_classes() %}
        sum(speakers.{{ class }}_n) as {{ class }}_n,
        count(*) filter (where speakers.{{ class }}_n > 0) as {{ class }}_count{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Log-odds of a word under the prior: its people over those of all other words. -#}
{% macro log_odds(count, total) -%}
    ln(({{ count }} + prior_count) / greatest({{ total }} + {{ var('verbatim_prior_words') }} - {{ count }} - prior_count, 1.0))
{%- endmacro %}

{#-
    A relation with `q_value` (Benjamini and Hochberg 1995) within each family; rows without a p-value get none and do
    not count as tests. `key` breaks ties.
-#}
{% macro false_discovery(relation, p_value, family, key) -%}
    select
        * exclude (test_count, p_rank),
        case
            when {{ p_value }} is not null
                then least(1.0, min({{ p_value }} * test_count / p_rank) over (
                    partition by {{ family | join(', ') }} order by p_rank desc
                    rows between unbounded preceding and current row
                ))
        end as q_value
    from (
        select
            *,
            count({{ p_value }}) over (partition by {{ family | join(', ') }}) as test_count,
            row_number() over (
                partition by {{ family | join(', ') }} order by {{ p_value }} nulls last, {{ key | join(', ') }}
            ) as p_rank
        from {{ relation }}
    )
{%- endmacro %}

{#- Design effect of the share of verbatims with a theme; persons are the clusters. -#}
{% macro theme_design_effect() -%}
    {{ design_effect('mention_count', 'verbatim_count', 'mention_squares', 'mention_products', 'verbatim_squares', 'person_count') }}
{%- endmacro %}

{#- Variance of a share, clustered; one mention more and one verbatim without are added, so that it is never zero. -#}
{% macro share_variance(relation) -%}
    ({{ relation }}.design_effect
    * ((cast({{ relation }}.mention_count as double) + 1.0) / ({{ relation }}.verbatim_count + 2.0))
    * (1.0 - (cast({{ relation }}.mention_count as double) + 1.0) / ({{ relation }}.verbatim_count + 2.0))
    / {{ relation }}.verbatim_count)
{%- endmacro %}

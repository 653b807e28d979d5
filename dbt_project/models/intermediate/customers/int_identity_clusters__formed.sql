-- Identifiers that hang together. A cluster that is too large, holds two that were split by hand, or joins customers through
-- a contact without a number loses its weakest kind of link, whole, then the next, until none of it is true.
with recursive identifiers as (
    select * from {{ ref('int_identifiers__collected') }}
),

guarded as (
    select * from {{ ref('int_identity_links__guarded') }}
),

accounts as (
    select * from {{ ref('int_identity_accounts__grouped') }}
),

decisions as (
    select * from {{ ref('int_identity_overrides__numbered') }}
),

links as (
    select
        link_kind,
        weakness_rank,
        from_node,
        to_node
    from guarded
    where refusal_reason is null
),

{{ connected_components('links', 'joined') }},

members_0 as (
    select
        node_number,
        cluster_number
    from joined
),

{% for round in range(var('identity_link_kinds_maximum') + 1) %}
unsound_{{ round }} as (
    {{ unsound_clusters('members_' ~ round, 'links' if round == 0 else 'links_' ~ round) }}
),
{%- if round < var('identity_link_kinds_maximum') %}

links_{{ round + 1 }} as (
    select
        links.link_kind,
        links.weakness_rank,
        links.from_node,
        links.to_node
    from {{ 'links' if round == 0 else 'links_' ~ round }} as links
    inner join members_{{ round }} as members on links.from_node = members.node_number
    inner join unsound_{{ round }} as unsound on members.cluster_number = unsound.cluster_number
    where links.weakness_rank is null or links.weakness_rank > {{ round + 1 }}
),

{{ connected_components('links_' ~ (round + 1), 'joined_' ~ (round + 1)) }},

members_{{ round + 1 }} as (
    select
        members.node_number,
        coalesce(joined.cluster_number, members.node_number) as cluster_number,
        unsound.unsoundness
    from members_{{ round }} as members
    inner join unsound_{{ round }} as unsound on members.cluster_number = unsound.cluster_number
    left join joined_{{ round + 1 }} as joined on members.node_number = joined.node_number
),
{%- endif %}
{% endfor %}

{#- what came of the last cut of each identifier -#}
cuts as (
    {%- for round in range(1, var('identity_link_kinds_maximum') + 1) %}
    select
        node_number,
        cluster_number,
        {{ round }} as cut_rank,
        unsoundness
    from members_{{ round }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

last_cuts as (
    select *
    from cuts
    qualify row_number() over (partition by node_number order by cut_rank desc) = 1
),

final as (
    select
        identifiers.node_number,
        coalesce(last_cuts.cluster_number, joined.cluster_number, identifiers.node_number) as cluster_number,
        coalesce(last_cuts.cut_rank, 0) as cut_rank,
        last_cuts.unsoundness
    from identifiers
    left join joined on identifiers.node_number = joined.node_number
    left join last_cuts on identifiers.node_number = last_cuts.node_number
)

select * from final

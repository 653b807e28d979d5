{#-
    Clusters that should not be, with the reason: two identifiers in it were split by hand, it has more identifiers than
    `identity_cluster_maximum`, or a contact without a customer number holds customers together. `members` has
    `node_number` and `cluster_number`; `links` what holds them together.
-#}
{% macro unsound_clusters(members, links) -%}
    select
        members.cluster_number,
        case
            when bool_or(separated.one_node is not null) then 'split_by_hand'
            when count(*) > {{ var('identity_cluster_maximum') }} then 'cluster_too_large'
            else 'contact_between_customers'
        end as unsoundness
    from {{ members }} as members
    left join (
        select decisions.one_node
        from decisions
        inner join {{ members }} as one_side on decisions.one_node = one_side.node_number
        inner join {{ members }} as other_side on decisions.other_node = other_side.node_number
        where decisions.action = 'split' and one_side.cluster_number = other_side.cluster_number
        group by decisions.one_node
    ) as separated on members.node_number = separated.one_node
    left join accounts on members.node_number = accounts.node_number and not accounts.is_bare
    left join (
        select from_node
        from {{ links }}
        where link_kind = 'email_phone'
        group by from_node
    ) as contacts on members.node_number = contacts.from_node
    group by members.cluster_number
    having
        bool_or(separated.one_node is not null)
        or count(*) > {{ var('identity_cluster_maximum') }}
        or (bool_or(contacts.from_node is not null) and min(accounts.account_number) <> max(accounts.account_number))
{%- endmacro %}

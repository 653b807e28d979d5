{#-
    Holds a model or seed to the rules declared on it, `is_key` and `rows_satisfy`, in one query as soon as it is built:
    a hook after every model, where a node for each test would cost more than most models do. A run leaves the tests'
    own nodes out; `dbt test` has them. What breaks a rule stays in the build file to be looked at, and nothing is built
    on it. Of a refreshed table only what came is judged, and what it could be in the way of.
-#}
{% macro hold_rules() %}
    {%- if not execute %}{% do return('') %}{% endif -%}
    {#- a view of what is judged where it comes from, or where it is stored -#}
    {%- if model.config.materialized == 'touched' and not is_refreshing(model.config.meta.of) %}{% do return('') %}{% endif -%}
    {%- set is_refreshed = model.config.materialized == 'refreshed' -%}
    {%- set came = came_rows() if is_refreshed else none -%}
    {%- set counts = [] -%}
    {%- if not graph.rules_by_node -%}{#- once in a run, not once per node: each walk is over all nodes -#}
        {%- set found = {} -%}
        {%- for rule in graph.nodes.values() if rule.attached_node and rule.test_metadata -%}
            {%- do found.setdefault(rule.attached_node, []).append(rule) -%}
        {%- endfor -%}
        {%- do graph.update({'rules_by_node': found}) -%}
    {%- endif -%}
    {%- for rule in graph.rules_by_node.get(model.unique_id, []) -%}
        {%- set given = rule.test_metadata.kwargs -%}
        {%- if rule.test_metadata.name == 'is_key' -%}
            {%- set sql = test_is_key(rows_beside(came, given.columns) if came else this, given.columns) -%}
        {%- elif rule.test_metadata.name == 'rows_satisfy' -%}
            {%- set expressions = [] -%}
            {%- for expression in given.expressions %}{% do expressions.append(render(expression)) %}{% endfor -%}
            {%- set sql = test_rows_satisfy(came or this, expressions) -%}
        {%- else -%}
            {%- set sql = none -%}
        {%- endif -%}
        {%- if sql -%}
            {%- do counts.append("select '" ~ rule.name ~ "' as rule_name, count(*) as row_count from (" ~ sql ~ ")") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if counts -%}
        {%- set broken = [] -%}
        {%- for row in run_query("from (" ~ counts | join(" union all ") ~ ") where row_count > 0 order by all").rows -%}
            {%- do broken.append(row[0] ~ " (" ~ row[1] ~ ")") -%}
        {%- endfor -%}
        {%- if broken -%}
            {%- do exceptions.raise_compiler_error("rows break a rule: " ~ broken | join(", ")) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if is_refreshed %}{% do hold_state() %}{% endif -%}
{% endmacro %}

-- Whose journeys a run looks at anew, where it does not make all anew: who met the company or entered a funnel otherwise
-- than before, who came to act for an account or ceased to, and whose journey's window ended since.
{%- set model_name = 'int_journey_touches__listed' %}
with entries as (
    select * from {{ ref('int_funnel_entries__attributed') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

touchpoints as (
    select * from {{ last_changes('int_touchpoints__sessionized') }}
),

entry_changes as (
    select * from {{ last_changes('int_funnel_entries__attributed') }}
),

customers as (
    select * from {{ last_changes('int_customers__unified') }}
),

final as (
    select customer_key as subject_key from touchpoints
    where customer_key is not null
    union
    select account_id as subject_key from touchpoints
    where account_id is not null
    union
    select subject_key from entry_changes
    union
    select customer_key as subject_key from customers
    union
    select entries.subject_key
    from entries
    inner join run_parameters on entries.deadline < run_parameters.as_of_at
    where
        {% if is_refreshing(model_name) -%}
            entries.deadline >= timestamp '{{ refreshing(model_name).before_at }}'
        {%- else -%}
            false
        {%- endif %}
)

select * from final

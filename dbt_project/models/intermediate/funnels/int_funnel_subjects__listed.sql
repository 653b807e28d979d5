-- What every subject of a funnel touched, in order. Two touchpoints of one instant follow the order of their kinds; two
-- of the same kind at the same instant are alike.
{{ config(
    materialized='refreshed',
    meta={
        'key': ['subject', 'subject_key'],
        'hashed': true,
        'follows': ['int_touchpoints__sessionized'],
        'fixed': ['int_touchpoint_kinds__numbered'],
        'scope': {'of': 'int_subjects__touched', 'columns': ['subject', 'subject_key']}
    }
) }}
{%- do built_after(['int_subjects__touched']) %}
{%- set subjects = funnel_subjects() %}
-- read once per kind of subject, each time only what that kind needs
with touchpoints as not materialized (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

-- the forms of the sessions in scope are in scope: both are looked up at once
visits as {{ 'materialized' if is_refreshing('int_funnel_subjects__listed') else 'not materialized' }} (
    select
        session_key,
        form_id,
        customer_key,
        is_known,
        touchpoint,
        channel,
        device,
        traffic_channel,
        occurred_at
    from touchpoints
    where {{ in_scope(
        'int_funnel_subjects__listed', 'session_key', last_changes('int_touchpoints__sessionized'), 'session_key'
    ) }}
),

kinds as (
    select * from {{ ref('int_touchpoint_kinds__numbered') }}
),

funnels as (
    select * from {{ ref('funnels') }}
),

step_touchpoints as (
    select * from {{ ref('funnel_step_touchpoints') }}
),

-- of each kind of subject, the touchpoints that fill a step of one of its funnels
wanted as (
    select
        funnels.subject,
        kinds.touch_kind,
        kinds.touchpoint_number,
        kinds.touchpoint,
        kinds.channel,
        kinds.device,
        kinds.traffic_channel
    from funnels
    inner join step_touchpoints on funnels.funnel_id = step_touchpoints.funnel_id
    inner join kinds on step_touchpoints.touchpoint = kinds.touchpoint
    group by all
),

listed as (
    {%- for subject, subject_key in subjects.items() %}
        select
            '{{ subject }}' as subject,
            {{ subject_key }} as subject_key,
            {% if subject == 'customer' -%}
                {{ subject_key }},
            {%- else -%}
                coalesce(
                    min(touchpoints.customer_key) filter (where touchpoints.is_known), min(touchpoints.customer_key)
                ) as customer_key,
            {%- endif %}
            list_sort(list({
                'occurred_at': touchpoints.occurred_at, 'kind': wanted.touch_kind, 'touchpoint': wanted.touchpoint_number
            })) as touches
        from {{ 'visits' if subject in ('session', 'form') else 'touchpoints' }} as touchpoints
        inner join wanted
            on
                wanted.subject = '{{ subject }}'
                and touchpoints.touchpoint = wanted.touchpoint
                and touchpoints.channel is not distinct from wanted.channel
                and touchpoints.device is not distinct from wanted.device
                and touchpoints.traffic_channel is not distinct from wanted.traffic_channel
        where
            {{ 'touchpoints.session_key' if subject == 'form' else subject_key }} is not null
            and {{ in_scope(
                'int_funnel_subjects__listed', subject_key, kept_relation('int_subjects__touched'), 'subject_key',
                "subject = '" ~ subject ~ "'"
            ) }}
        group by {{ subject_key }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- the number stands for the subject where its key would be heavy to carry; that no two have the same is tested
final as (
    select
        {{ number_of(['subject', 'subject_key']) }} as subject_number,
        *
    from listed
)

select
    *,
    {{ row_hashes(['subject', 'subject_key'], lists=['touches']) }}
from final

{#-
    Available types with the clock of their outcome; yields `types`. What is asked of the same chances for the same outcome
    from the same instant on has the same clock, and is followed once.
-#}
{% macro friction_clocks() %}
declared as (
    select
        *,
        case when landmark = 'window_end' then exposure_window else interval 0 second end as clock_offset,
        case when kind = 'enabler' then clock_offset else interval 0 second end as counted_span
    from {{ ref('int_friction_types__declared') }}
    where is_available
),

types as (
    select
        *,
        {{ number_of([
            'risk_set_key', 'risk_set_friction', 'clock_offset', 'counted_span', 'outcome', 'horizon', 'observed_until_at'
        ]) }} as clock_number
    from declared
)
{%- endmacro %}

{#- The chances of each clock, from the CTE `types`; yields `at_risk`. Nobody known is nobody to follow. -#}
{% macro chances_at_risk() %}
clocks as (
    select distinct
        clock_number,
        risk_set_key,
        risk_set_friction,
        clock_offset,
        counted_span,
        outcome,
        horizon,
        observed_until_at
    from types
),

chances as (
    select
        clocks.*,
        risks.unit_number,
        risks.customer_number,
        risks.journey_number,
        coalesce(risks.is_visit, false) as is_visit,
        risks.device,
        risks.channel,
        coalesce(risks.step, '') as step,
        risks.risk_at,
        risks.since_at
    from {{ ref('int_friction_risks__opened') }} as risks
    inner join clocks on risks.risk_set_key = clocks.risk_set_key and clocks.risk_set_friction is null
    where risks.customer_key is not null
    union all by name
    -- where only what another friction struck is at risk
    select
        clocks.*,
        {{ number_of(['evidence.unit_key']) }} as unit_number,
        {{ number_of(['evidence.customer_key']) }} as customer_number,
        {{ number_of(['evidence.unit_key']) }} as journey_number,
        false as is_visit,
        cast(null as varchar) as device,
        min(evidence.channel) as channel,
        '' as step,
        min(evidence.occurred_at) as risk_at,
        min(evidence.occurred_at) + interval 1 microsecond as since_at
    from {{ ref('int_friction_evidence__unioned') }} as evidence
    inner join clocks on evidence.friction_type = clocks.risk_set_friction
    group by all
),

at_risk as (
    select
        *,
        risk_at + clock_offset as clock_starts_at
    from chances
)
{%- endmacro %}

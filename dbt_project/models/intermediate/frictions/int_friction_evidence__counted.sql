-- How often each friction was seen per segment, whether or not it can be compared with anything.
with evidence as (
    select
        friction_type,
        {{ number_of(['customer_key']) }} as customer_number,
        device,
        {{ business_date('occurred_at') }} as occurred_on
    from {{ ref('int_friction_evidence__unioned') }}
),

summed as (
    select
        evidence.friction_type,
        profiles.profile,
        evidence.device,
        count(*) as row_count,
        min(evidence.occurred_on) as first_seen_on
    from evidence
    {{ join_profiles('evidence', 'occurred_on') }}
    group by all
),

segmented as (
    {{ by_profile('summed') }}
),

final as (
    select
        friction_type,
        segment_dimension,
        segment,
        cast(sum(row_count) as bigint) as evidence_count,
        min(first_seen_on) as first_seen_on
    from segmented
    group by all
)

select * from final

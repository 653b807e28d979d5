-- How often each friction was seen per segment, whether or not it can be compared with anything.
with evidence as (
    select
        friction_type,
        customer_key,
        device,
        {{ business_date('occurred_at') }} as occurred_on
    from {{ ref('int_friction_evidence__unioned') }}
),

summed as (
    select
        friction_type,
        customer_key,
        device,
        occurred_on,
        count(*) as row_count
    from evidence
    group by all
),

segmented as (
    {{ by_segment('summed', 'occurred_on', device='device') }}
),

final as (
    select
        friction_type,
        segment_dimension,
        segment,
        cast(sum(row_count) as bigint) as evidence_count,
        min(occurred_on) as first_seen_on
    from segmented
    group by all
)

select * from final

-- The segments of all dimensions a customer is in at a time, as one number, so that one join per row finds them all.
-- Every row of a dimension enters at its start and leaves at its end; what is in force is their running exclusive or.
-- Dimension and segment are hashed as one text: hashes of two columns are an exclusive or themselves, in which a name that
-- stands in two dimensions cancels out.
with segments as (
    select * from {{ ref('int_segments__dated') }}
),

changes as (
    select
        customer_key,
        valid_from as changed_on,
        {{ number_of(["segment_dimension || '|' || segment"]) }} as segment_code
    from segments
    union all
    select
        customer_key,
        valid_to as changed_on,
        {{ number_of(["segment_dimension || '|' || segment"]) }} as segment_code
    from segments
),

changes_of_day as (
    select
        customer_key,
        changed_on,
        bit_xor(segment_code) as change_code
    from changes
    group by customer_key, changed_on
),

dated as (
    select
        customer_key,
        changed_on as valid_from,
        lead(changed_on) over (partition by customer_key order by changed_on) as valid_to,
        bit_xor(change_code) over (
            partition by customer_key order by changed_on rows between unbounded preceding and current row
        ) as profile
    from changes_of_day
),

final as (
    select
        {{ number_of(['customer_key']) }} as customer_number,
        customer_key,
        valid_from,
        valid_to,
        profile
    from dated
    where valid_to is not null
)

select * from final

-- The group whose customers are fitted together: the segment of the declared dimension at the last day known.
with customers as (
    select distinct customer_key from {{ ref('int_purchase_days__valued') }}
),

settings as (
    select * from {{ ref('int_value_settings__derived') }}
),

segments as (
    select * from {{ ref('int_segments__dated') }}
),

final as (
    select
        customers.customer_key,
        case
            when '{{ var("clv_fit_dimension") }}' = 'all' then 'all'
            else coalesce(segments.segment, 'unknown')
        end as fit_group
    from customers
    cross join settings
    left join segments
        on
            customers.customer_key = segments.customer_key
            and segments.segment_dimension = '{{ var("clv_fit_dimension") }}'
            and settings.as_of_date >= segments.valid_from
            and settings.as_of_date < segments.valid_to
)

select * from final

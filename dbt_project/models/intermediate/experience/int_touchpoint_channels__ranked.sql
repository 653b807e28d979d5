-- The channel a touchpoint is met in most, in the window of the journey map, over everybody. Told only where enough people
-- met the touchpoint there, so that a channel few ever used does not tell on them.
with touchpoints as (
    select * from {{ ref('int_touchpoints__sessionized') }}
),

channels as (
    select * from {{ ref('channels') }}
),

run_parameters as (
    select * from {{ source('landing', 'run_parameters') }}
),

met as (
    select
        touchpoints.touchpoint,
        touchpoints.channel,
        count(*) as touch_count,
        count(distinct touchpoints.customer_key) as customer_count
    from touchpoints
    cross join run_parameters
    where
        touchpoints.occurred_on > run_parameters.as_of_date - {{ var('experience_window_days') }}
        and touchpoints.occurred_on <= run_parameters.as_of_date
    group by touchpoints.touchpoint, touchpoints.channel
),

final as (
    select
        met.*,
        channels.label_en,
        channels.label_fr
    from met
    inner join channels on met.channel = channels.channel
    where met.customer_count >= {{ var('suppression_minimum_customers') }}
    qualify row_number() over (partition by met.touchpoint order by met.touch_count desc, met.channel) = 1
)

select * from final

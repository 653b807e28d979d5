-- Five stages by customer, 180 days: what an analyst would write for this funnel alone, with the rules of the product.
with recursive met as (
    select
        customer_key as subject_key, occurred_at, touchpoint, device, traffic_channel,
        case
            when touchpoint in ('home_page', 'content_page', 'category_page', 'promo_page') then 1
            when touchpoint in ('product_page', 'search', 'failed_search', 'comparison', 'review_page', 'guarantee_page', 'wishlist') then 2
            when touchpoint in ('order') then 12
            when touchpoint in ('share', 'referral', 'survey_promoter') then 16
        end as steps
    from touchpoints
    where customer_key is not null and touchpoint in (
        'home_page', 'content_page', 'category_page', 'promo_page', 'product_page', 'search', 'failed_search',
        'comparison', 'review_page', 'guarantee_page', 'wishlist', 'order', 'share', 'referral',
        'survey_promoter'
    )
),
listed as (
    select subject_key, list_transform(
        list_sort(list({
            'occurred_at': occurred_at, 'no_device': device is null, 'touchpoint': touchpoint, 'device': device,
            'traffic_channel': traffic_channel, 'steps': steps
        })),
        lambda touch, place: struct_insert(touch, position := place)
    ) as touches
    from met
    group by subject_key
),
entries as (
    select
        subject_key, 0 as entry_number, 0 as lowest, cast(null as timestamp) as entered_at,
        cast(null as timestamp) as deadline, cast(null as timestamp[]) as reached_at, cast(null as varchar) as device,
        cast(null as varchar) as traffic_channel, touches as touches
    from listed
    union all (
    with opened as (
        select
            subject_key, entry_number + 1 as entry_number, touches,
            list_bit_or(list_transform(
                list_filter(touches, lambda touch: touch.occurred_at <= touches[1].occurred_at + interval 180 day),
                lambda touch: touch.steps
            )) as steps_met
        from entries
        where len(touches) > 0
    ),
    anchored as (
        select
            *, steps_met & -steps_met as lowest,
            list_filter(touches, lambda touch: touch.steps & (steps_met & -steps_met) > 0)[1] as anchor
        from opened
    ),
    step_1 as (
        select
            *, anchor.occurred_at + interval 180 day as deadline, case when lowest = 1 then anchor end as touch_1
        from anchored
    ),
    step_2 as (
        select *, case
            when lowest = 2 then anchor
            when touch_1 is not null then list_filter(list_filter(
                touches, lambda touch: touch.steps & 2 > 0
                and touch.occurred_at >= touch_1.occurred_at and touch.occurred_at <= deadline
            )[1:2], lambda touch: not list_contains([touch_1.position], touch.position))[1]
        end as touch_2 from step_1),
    step_3 as (
        select *, case
            when lowest = 4 then anchor
            when touch_2 is not null then list_filter(list_filter(
                touches, lambda touch: touch.steps & 4 > 0
                and touch.occurred_at >= touch_2.occurred_at and touch.occurred_at <= deadline
            )[1:3], lambda touch: not list_contains([touch_1.position, touch_2.position], touch.position))[1]
        end as touch_3 from step_2),
    step_4 as (
        select *, case
            when lowest = 8 then anchor
            when touch_3 is not null then list_filter(list_filter(
                touches, lambda touch: touch.steps & 8 > 0
                and touch.occurred_at >= touch_3.occurred_at and touch.occurred_at <= deadline
            )[1:4], lambda touch: not list_contains(
                [touch_1.position, touch_2.position, touch_3.position], touch.position
            ))[1]
        end as touch_4 from step_3),
    step_5 as (
        select *, case
            when lowest = 16 then anchor
            when touch_4 is not null then list_filter(list_filter(
                touches, lambda touch: touch.steps & 16 > 0
                and touch.occurred_at >= touch_4.occurred_at and touch.occurred_at <= deadline
            )[1:5], lambda touch: not list_contains(
                [touch_1.position, touch_2.position, touch_3.position, touch_4.position], touch.position
            ))[1]
        end as touch_5 from step_4),
    ended as (
        select
            *, [touch_1.occurred_at, touch_2.occurred_at, touch_3.occurred_at, touch_4.occurred_at, touch_5.occurred_at] as reached_at,
            case
                when touch_5 is not null then list_filter(
                    touches, lambda touch: touch.position
                    > greatest(touch_1.position, touch_2.position, touch_3.position, touch_4.position, touch_5.position)
                )[1].position
                when touches[-1].occurred_at > deadline
                    then list_filter(touches, lambda touch: touch.occurred_at > deadline)[1].position
            end as next_position
        from step_5
    )
    select
        subject_key, entry_number, lowest, touches[1].occurred_at, deadline, reached_at, touches[1].device,
        touches[1].traffic_channel,
        case when next_position is null then [] else touches[next_position - touches[1].position + 1:] end
    from ended
    )
)
select
    'five_stage' as funnel_id, subject_key, entry_number, cast(bit_count(lowest - 1) + 1 as integer) as entry_step, entered_at,
    deadline, reached_at, device, traffic_channel
from entries
where entry_number > 0

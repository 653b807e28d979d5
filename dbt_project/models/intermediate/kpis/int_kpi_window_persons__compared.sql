-- Persons who change a segment or the device in a window, with the segment they keep in each dimension; where they change
-- it there is none. `steady_code` stands for all the segments a person keeps, so that persons who keep the same are added
-- up together.
with divided as (
    select * from {{ ref('int_kpi_clusters__divided') }}
),

profiles as (
    select * from {{ ref('int_segment_profiles__described') }}
    where segment_dimension <> 'device'
),

persons as (
    select distinct
        window_number,
        person_number,
        profile
    from divided
),

compared as (
    select
        persons.window_number,
        persons.person_number,
        profiles.segment_dimension,
        case
            when min(profiles.segment_number) = max(profiles.segment_number) then min(profiles.segment_number)
        end as segment_number
    from persons
    inner join profiles on persons.profile = profiles.profile
    group by all
),

coded as (
    select
        window_number,
        person_number,
        coalesce(bit_xor({{ number_of(['segment_number']) }}) filter (where segment_number is not null), 0) as steady_code
    from compared
    group by all
),

final as (
    select
        compared.*,
        coded.steady_code
    from compared
    inner join coded using (window_number, person_number)
)

select * from final

-- Harm prevented: retained, new and reactivated customers that are not those active at the end turn churn into a guess.
select *
from {{ ref('fct_retention_periods') }}
where
    cast(is_retained as integer) + cast(is_new as integer) + cast(is_reactivated as integer)
    <> cast(is_active_at_end as integer)
    or (is_retained and not is_active_at_start)

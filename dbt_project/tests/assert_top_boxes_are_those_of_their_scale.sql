-- Harm prevented: a top box set one point too low makes everybody satisfied, and no figure says so.
select
    questions.question_id,
    questions.top_box_min,
    scales.top_box_min as usual_top_box_min
from {{ ref('survey_questions') }} as questions
inner join {{ ref('survey_scales') }} as scales
    on questions.scale_min = scales.scale_min and questions.scale_max = scales.scale_max
where questions.measure in ('csat', 'value_for_money') and questions.top_box_min <> scales.top_box_min

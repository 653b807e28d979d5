"""What survey and review tools deliver. The shape on arrival only; scales are data, in the survey question seed."""

from pipeline.contracts.model import Column, ColumnType, Contract, Delivery, PersonalData

_T = ColumnType
_P = PersonalData

SURVEY_RESPONSES = Contract(
    table="survey_responses",
    source="surveys",
    description="One row per invitation and question, answered or not, and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("response_id", "question_id"),
    event_time=("answered_at", "invited_at"),
    scored_by="question_id",
    columns=(
        Column("response_id", _T.IDENTIFIER, "Invitation or questionnaire", is_required=True),
        Column("survey_id", _T.IDENTIFIER, "Survey", is_required=True),
        Column("question_id", _T.IDENTIFIER, "Question, as in the survey question seed", is_required=True),
        Column("customer_id", _T.IDENTIFIER, "Customer, where known", personal_data=_P.PSEUDONYM),
        Column("email", _T.TEXT, "Address the invitation went to", personal_data=_P.EMAIL),
        Column("invited_at", _T.TIMESTAMP, "When the invitation was sent"),
        Column("answered_at", _T.TIMESTAMP, "When it was answered; empty for an unanswered invitation"),
        Column("score", _T.AMOUNT, "Answer on the question's scale"),
        Column("comment", _T.TEXT, "Verbatim", personal_data=_P.FREE_TEXT),
        Column("language", _T.TEXT, "Language of the answer, ISO 639-1"),
        Column("touchpoint", _T.TEXT, "Touchpoint the survey asks about"),
        Column("order_id", _T.IDENTIFIER, "Order the survey asks about"),
    ),
)

FEEDBACK = Contract(
    table="feedback",
    source="surveys",
    description="One row per review, social mention or staff report and extract day on which it was delivered",
    delivery=Delivery.UPSERTS,
    key=("feedback_id",),
    event_time=("published_at",),
    columns=(
        Column("feedback_id", _T.IDENTIFIER, "Review or mention", is_required=True),
        Column("customer_id", _T.IDENTIFIER, "Customer, where known", personal_data=_P.PSEUDONYM),
        Column("published_at", _T.TIMESTAMP, "When it appeared", is_required=True),
        Column("platform", _T.TEXT, "Where it appeared"),
        Column("rating", _T.AMOUNT, "Rating on a scale of 1 to 5", minimum=1, maximum=5),
        Column("body", _T.TEXT, "Text", personal_data=_P.FREE_TEXT),
        Column("language", _T.TEXT, "Language, ISO 639-1"),
        Column("replied_at", _T.TIMESTAMP, "When the company answered"),
        Column("order_id", _T.IDENTIFIER, "Order it is about"),
    ),
)

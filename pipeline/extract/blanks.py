"""SQL for blanks around a text: what a cell is without them, and whether it has any.

Belongs here: white space at the ends of a text. Does not belong here: what the text means.
"""

_BLANK = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8239)"


def bare(text: str) -> str:
    """SQL of a text without blanks around it, NULL if it is empty; few have any, and a look at the ends is cheap."""
    is_candidate = f"{text} < '!' or {text} >= chr(128) or contains({_BLANK}, {text}[-1])"
    return f"case when {is_candidate} then nullif(trim({text}, {_BLANK}), '') else {text} end"


def may_be_padded(text: str, *, is_ascii: bool) -> str:
    """SQL truth: `bare` would change the text; an ASCII one may have a control character there instead."""
    if is_ascii:
        return f"{text} < '!' or {text}[-1] < '!'"
    return f"{text} < '!' or contains({_BLANK}, {text}[1]) or contains({_BLANK}, {text}[-1])"

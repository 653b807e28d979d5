"""SQL for personal data at the door: normalising, hashing, redacting.

Belongs here: what happens to e-mail addresses, phone numbers and free text. Does not belong here: keys.
"""

import duckdb

from pipeline.contracts import Column, PersonalData
from pipeline.warehouse import identifier, literal

_BLOCK = 64
_EMAIL = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_GAP = r"[ .\-/()\x{00A0}\x{202F}]{0,2}"
_PHONE = "|".join(
    (
        rf"(\+|\b00)[1-9]({_GAP}[0-9]){{7,13}}",
        rf"\b0[1-9]({_GAP}[0-9]){{7,10}}\b",
        r"\(?\b[2-9][0-9]{2}\)?[ .\-][0-9]{3}[ .\-][0-9]{4}\b",
    )
)


def set_pads(connection: duckdb.DuckDBPyConnection, key: bytes, *, prefix: str = "") -> None:
    """Give a connection the padded keys of HMAC-SHA256 (RFC 2104), as variables: they are never written into SQL.

    Raises:
        ValueError: the key is longer than a block.
    """
    if len(key) > _BLOCK:
        raise ValueError("the pseudonym key is longer than 64 bytes")
    padded = key.ljust(_BLOCK, b"\x00")
    for name, mask in (("inner_pad", 0x36), ("outer_pad", 0x5C)):
        connection.execute(f"set variable {prefix}{name} = $pad::blob", {"pad": bytes(byte ^ mask for byte in padded)})


def hmac_sql(text: str, *, prefix: str = "") -> str:
    """SQL of the HMAC-SHA256 of a text, in hexadecimal, on a connection that was given its pads (`set_pads`).

    A variable is a constant to the planner; reading the pads from a table made each hash a join to plan. Without pads
    the statement fails: an unset variable is NULL, and would quietly make a NULL of every pseudonym.
    """
    inner, outer = (
        f"coalesce(getvariable('{prefix}{name}_pad'), error('this connection has no pads')::blob)"
        for name in ("inner", "outer")
    )
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"


def normalised_email(text: str) -> str:
    """SQL of an e-mail address as it is compared: trimmed, lower case; NULL for what is no address.

    Placeholders as "none" would make one person of many, so they never become a pseudonym.
    """
    return f"case when regexp_full_match(trim({text}), '[^@ ]+@[^@ ]+') then lower(trim({text})) end"


def normalised_phone(text: str) -> str:
    """SQL of a phone number as it is compared: digits with a leading plus; NULL below six digits."""
    bare = f"regexp_replace(replace(trim({text}), '(0)', ''), '[^0-9+]', '', 'g')"
    plus = f"regexp_replace({bare}, '^00', '+')"
    kept = f"case when starts_with({plus}, '+') then '+' else '' end || replace({plus}, '+', '')"
    return f"case when length(replace({plus}, '+', '')) >= 6 then {kept} end"


def redacted(text: str) -> str:
    """SQL of a text without e-mail addresses and phone numbers; rather too much goes than too little."""
    without_email = f"regexp_replace({text}, {literal(_EMAIL)}, '[email]', 'g')"
    return f"regexp_replace({without_email}, {literal(_PHONE)}, '[phone]', 'g')"


def landed_value(column: Column, *, prefix: str = "") -> str:
    """SQL of a column as it lands, hashed with the key whose pads bear a prefix (`set_pads`)."""
    name = identifier(column.name)
    if column.personal_data is PersonalData.EMAIL:
        return hmac_sql(normalised_email(name), prefix=prefix)
    if column.personal_data is PersonalData.PHONE:
        return hmac_sql(normalised_phone(name), prefix=prefix)
    if column.personal_data is PersonalData.FREE_TEXT:
        return redacted(name)
    if column.personal_data is PersonalData.PSEUDONYM:
        # An identifier made of an e-mail address is the person; hashed, it still joins with itself and the address.
        hashed = hmac_sql(f"lower(trim({name}))", prefix=prefix)
        return f"case when contains({name}, '@') then {hashed} else {name} end"
    if column.personal_data is PersonalData.URL:
        cut = f"regexp_replace({name}, '[?#].*$', '', 's')"
        return f"case when contains({name}, '?') or contains({name}, '#') then {cut} else {name} end"
    return name

"""Telephone numbers: kept as E.164 (+31200000123), shown in groups (020 000 01 23)."""

import re

import phonenumbers

HOME_REGION = "NL"
_TYPED = re.compile(r"[\d\s()+./–-]+")  # the library would also find a number in "0612345678@demo.example"


class NotAPhoneNumber(ValueError):  # noqa: N818 - reads as what it says
    """What was typed cannot be a telephone number; the message does not repeat it."""


def normalise(number: str) -> str:
    """E.164 of what a person typed; Dutch unless it says otherwise. Raises NotAPhoneNumber."""
    try:
        parsed = phonenumbers.parse(number, HOME_REGION)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not _TYPED.fullmatch(number) or not phonenumbers.is_possible_number(parsed):
        raise NotAPhoneNumber("This is not a telephone number.")
    kept = _e164(parsed)
    # With zeros too many, such as 0000000, what is kept would be read as another number.
    if _e164(phonenumbers.parse(kept)) != kept:
        raise NotAPhoneNumber("This is not a telephone number.")
    return kept


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def display(number: str) -> str:
    """In groups, as Dutch people read it aloud: 020 000 01 23, 06 12 34 56 78, +32 2 000 00 00. What is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(normalise(number))
    except NotAPhoneNumber:
        return number
    if phonenumbers.region_code_for_number(parsed) != HOME_REGION:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    area, *rest = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).replace("-", " ").split()
    digits = "".join(rest)
    head = len(digits) % 2 and 3
    return " ".join([area, *filter(None, [digits[:head]]), *(digits[i : i + 2] for i in range(head, len(digits), 2))])

"""French phone numbers: read as people write them, kept as +33240000000."""

import phonenumbers
from flask_babel import gettext as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

# France and its departments overseas, each with a prefix of its own.
HOME = {"FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM", "WF", "PF", "NC"}
PEOPLE = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
}


def normalised(text: str) -> str:
    """The number as +33…; raises ValueError with a sentence that says what is wrong."""
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException as error:
        raise ValueError(_("ce n’est pas un numéro de téléphone")) from error
    region = phonenumbers.region_code_for_number(number)
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_("ce numéro n’existe pas ; il en manque peut-être un chiffre"))
    if region not in HOME:
        raise ValueError(_("numéro étranger : le collectif n’appelle que la France"))
    if phonenumbers.number_type(number) not in PEOPLE:
        raise ValueError(_("numéro de service, pas celui d’une personne"))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def spoken(number: str) -> str:
    """A kept number as it is read aloud: "02 40 00 00 00"."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


def first_in(text: str | None) -> str | None:
    """The first French number in a text, kept as +33…; None where there is none."""
    found = phonenumbers.PhoneNumberMatcher(text or "", "FR")
    return next((phonenumbers.format_number(each.number, PhoneNumberFormat.E164) for each in found), None)

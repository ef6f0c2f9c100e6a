"""How to reach somebody: e-mail addresses, telephone numbers, web addresses, countries."""

import re
from typing import Final
from urllib.parse import urlsplit

import phonenumbers
from stdnum.eu import vat as eu_vat

from orderwright.kernel.errors import Invalid

_EMAIL = re.compile(r"""[^@\s"(),:;<>\[\]\\\x00-\x1f]{1,64}@(?:[\w\-]{1,63}\.)+[\w\-]{2,63}""")
_PHONE = re.compile(r"\+?[0-9 ().\-/]{3,30}(?:\s?(?:x|ext\.?|#)\s?[0-9]{1,6})?", re.IGNORECASE)
_VAT_PREFIXES = {"GR": ("EL", "GR"), "GB": ("GB", "XI")}
_HOST = re.compile(r"(?:[\w\-]{1,63}\.)+[\w\-]{2,63}")

COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()
)


def check_email(value: object, field: str = "email") -> str:
    """An e-mail address, trimmed. Raises Invalid `invalid_email`."""
    address = value.strip() if isinstance(value, str) else ""
    if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
        raise _invalid("invalid_email", "Give an e-mail address, like ada@example.com.", field)
    return address


def check_phone(value: object, field: str = "phone") -> str:
    """A telephone number as people write it, with an extension if they like (domain 1.3).

    Lenient: a number with a country's prefix has to be possible there, any other needs only look
    like one. Raises Invalid `invalid_phone`.
    """
    number = value.strip() if isinstance(value, str) else ""
    if not _PHONE.fullmatch(number) or not 3 <= len(re.sub(r"\D", "", number)) <= 20:
        raise _invalid("invalid_phone", "Give a phone number, like +1 212 555 0100.", field)
    if number.startswith("+") and not _is_possible(number):
        message = "No country has phone numbers like this one. Check the prefix and the digits."
        raise _invalid("invalid_phone", message, field)
    return number


def _is_possible(number: str) -> bool:
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return False


def check_website(value: object, field: str = "website") -> str:
    """A web address; `https://` is added where no scheme is given. Raises Invalid `invalid_url`."""
    typed = value.strip() if isinstance(value, str) else ""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.hostname or "")
    except ValueError:
        sound = None
    if not sound or len(address) > 200 or not address.isprintable() or " " in address:
        raise _invalid("invalid_url", "Give a web address, like https://example.com.", field)
    return address


def check_country(value: object, field: str = "country") -> str:
    """The ISO 3166 alpha-2 code in capitals. Raises Invalid `unknown_country`."""
    code = value.strip().upper() if isinstance(value, str) else ""
    if code not in COUNTRIES:
        message = "Give the two-letter code of a country, like US or DE."
        raise _invalid("unknown_country", message, field)
    return code


def _invalid(code: str, message: str, field: str) -> Invalid:
    return Invalid(code, message, fields={field: message})


def check_tax_number(value: object, field: str = "tax_number") -> str:
    """A tax number in capitals and without spaces: `DE 123 456 788` is `DE123456788`.

    Tax offices number as they like, so only its signs are checked. Raises Invalid
    `invalid_tax_number`.
    """
    number = "".join(value.split()).upper() if isinstance(value, str) else ""
    signs = all(sign.isascii() and (sign.isalnum() or sign in "-/.+") for sign in number)
    if not 2 <= len(number) <= 30 or not signs or not any(sign.isdigit() for sign in number):
        message = "Give the number as the tax office writes it, like DE123456788."
        raise Invalid("invalid_tax_number", message, fields={field: message})
    return number


def is_vat_id(number: str, country: str) -> bool:
    """Whether a tax number is a VAT id: one that starts with its owner's country, or that another
    country of the European Union gave.

    >>> is_vat_id("DE123456788", "DE"), is_vat_id("FR40303265045", "US"), is_vat_id("12-3", "US")
    (True, True, False)
    """
    own = _VAT_PREFIXES.get(country, (country,))
    return bool(country) and (number.startswith(own) or bool(eu_vat.is_valid(number)))

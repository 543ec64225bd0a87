"""The follow-up code of a prescription: the collective's short code, then eight characters that nobody can guess.

It is worked out from the prescription's id under the collective's key, so that a receipt can be shown again and nothing of it is kept.
"""

from uuid import UUID

from tenants.keys import fingerprint

# Without letters and digits that are taken for one another when a code is typed from paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
LONGEST = 40


def code_of(prescription_id: UUID) -> str:
    """Eight characters, 852 billion possibilities: "K7M2-QX4P"."""
    number = int.from_bytes(fingerprint(str(prescription_id), "follow-up code"), "big")
    letters = "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def mark_of(code: str) -> bytes:
    """The keyed hash by which a code is found again."""
    return fingerprint(code, "follow-up mark")


def typed(text: str) -> tuple[str, str]:
    """Short code of the collective and code of the prescription, from what was typed: any case, with or without spaces and dashes."""
    letters = "".join(each for each in text.upper()[:LONGEST] if each.isalnum())
    short_code, code = letters[:-LENGTH], letters[-LENGTH:]
    return short_code, f"{code[:4]}-{code[4:]}"


def written(short_code: str, code: str) -> str:
    """The whole code, as it is read aloud."""
    return f"{short_code}-{code}"

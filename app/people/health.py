"""A gentle look at free text: there are no health fields, and what looks like health is asked about once. Nothing is stored of it."""

import re

from tenants.communes import name_key

# Beginnings of words, without accents. Not a filter: whoever writes may keep the text as it is.
SIGNS = (
    "alzheimer", "antidepress", "avc", "cancer", "chimio", "cirrhose", "dement", "depressi", "diabet", "diagnosti", "epilep", "handicap",
    "hopital psy", "hypertension", "medicament", "maladie", "ordonnance", "parkinson", "psychiatr", "schizo", "seropositi", "suicid",
    "toxicoman", "alcooli", "traitement medic", "vih",
)  # fmt: skip
_SIGN = re.compile(r"\b(?:" + "|".join(SIGNS) + r")\w*")


def health_words(text: str | None) -> list[str]:
    """Words of a text that look like health, as they are recognised: lower case, without accents."""
    return sorted(set(_SIGN.findall(name_key(text or ""))))

"""The regions of France on 1 January 2026, with their departments. Source: INSEE, Code officiel géographique 2026; Licence Ouverte 2.0."""

from tenants.communes import slug_of

REGIONS = {
    "Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74",
    "Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90",
    "Bretagne": "22 29 35 56",
    "Centre-Val de Loire": "18 28 36 37 41 45",
    "Corse": "2A 2B",
    "Grand Est": "08 10 51 52 54 55 57 67 68 88",
    "Hauts-de-France": "02 59 60 62 80",
    "Île-de-France": "75 77 78 91 92 93 94 95",
    "Normandie": "14 27 50 61 76",
    "Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
    "Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "Pays de la Loire": "44 49 53 72 85",
    "Provence-Alpes-Côte d’Azur": "04 05 06 13 83 84",
    "Outre-mer": "971 972 973 974 976 975 977 978 984 986 987 988 989",
}


# How the address of a region calls it: {"pays-de-la-loire": "Pays de la Loire"}.
NAMES = {slug_of(name): name for name in REGIONS}
SLUGS = {name: slug for slug, name in NAMES.items()}
_REGION_OF = {code: name for name, codes in REGIONS.items() for code in codes.split()}


def departments_of(region: str) -> list[str]:
    """The departments of a region; none for a name that is no region."""
    return REGIONS.get(region, "").split()


def region_of(department: str) -> str:
    """The region of a department; nothing for a code that is in none."""
    return _REGION_OF.get(department, "")

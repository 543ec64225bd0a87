"""The directory is typed in, searched by what one needs, and taken out in the words of data·inclusion."""

import csv
import html
import io
import json
import zipfile
from uuid import UUID

import pytest
from data_inclusion.schema import v1

from app.db import db, new_id
from app.referral.resources import Resource, ResourceService
from app.referral.themes import CATEGORY_NAMES, FEE_NAMES, PUBLIC_NAMES, THEME_NAMES
from tests.mails import work_off
from tests.referral.places import as_json, service, structure


@pytest.fixture
def town(saint_mars, desk):
    """Three places at three, eight and sixty kilometres of the middle of the commune, and one that says not where it is."""
    structures = [
        structure(1, nom="Épicerie de l’Étang", latitude=47.3655, longitude=-1.4072),
        structure(2, nom="Café des Possibles", commune="Nort-sur-Erdre", code_insee="44110", latitude=47.4386, longitude=-1.4986),
        structure(3, nom="Maison du Port", commune="Saint-Nazaire", code_insee="44184", latitude=47.2735, longitude=-2.2137),
        structure(4, nom="Ailleurs en Mayenne", commune="Laval", code_insee="53130"),
    ]
    services = [
        service(1, nom="Colis du vendredi", thematiques=["equipement-et-alimentation--alimentation"], publics=["tous-publics"]),
        service(2, of=2, nom="Tricot-papote", publics=["seniors"], frais="payant"),
        service(3, of=3, nom="Ciné-club", publics=["jeunes"]),
        service(4, of=4, nom="Tricot du lundi", publics=["seniors"]),
    ]
    desk.takes_in(("s.json", as_json(structures)), ("v.json", as_json(services)))
    return saint_mars


def shown(crew, **asked):
    page = html.unescape(crew.volunteer.get("referral.index", **asked).text)
    return [name for name in ("Colis du vendredi", "Tricot-papote", "Ciné-club", "Tricot du lundi") if name in page]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"recherche": "epicerie etang"}, ["Colis du vendredi"]),
        ({"recherche": "TRICOT"}, ["Tricot-papote", "Tricot du lundi"]),
        ({"recherche": "tricot possibles"}, ["Tricot-papote"]),
        ({"recherche": "100%"}, []),
        ({"theme": "equipement-et-alimentation--alimentation", "recherche": "colis"}, ["Colis du vendredi"]),
        ({"public": "seniors", "recherche": "lieu"}, []),
        ({"public": "jeunes", "recherche": "cine"}, ["Ciné-club"]),
        ({"public": "jeunes", "recherche": "colis"}, ["Colis du vendredi"]),
        ({"frais": "payant", "recherche": "tricot"}, ["Tricot-papote"]),
        ({"lieu": "commune", "recherche": "colis"}, ["Colis du vendredi"]),
        ({"lieu": "commune", "recherche": "tricot"}, []),
        ({"lieu": "department", "recherche": "tricot"}, ["Tricot-papote"]),
        ({"lieu": "5", "recherche": "colis"}, ["Colis du vendredi"]),
        ({"lieu": "5", "recherche": "tricot"}, []),
        ({"lieu": "20", "recherche": "tricot"}, ["Tricot-papote"]),
    ],
)
def test_search_finds_what_is_needed(town, asked, found):
    assert shown(town, **asked) == found


def test_distances_are_said_and_the_nearest_comes_first(town):
    page = html.unescape(town.volunteer.get("referral.index", recherche="saint-mars cafe").text)
    assert "Tricot-papote" not in page
    page = html.unescape(town.volunteer.get("referral.index", public="seniors", recherche="tricot").text)
    assert page.index("Tricot-papote") < page.index("Tricot du lundi")
    near = page[page.index("Tricot-papote") : page.index("Tricot du lundi")]
    assert " km" in near
    assert 9 < float(near.split(" km")[0].split()[-1]) < 13


def test_without_positions_the_page_says_so(ranzay):
    with ranzay.at_home():
        for each in db.session.query(Resource):
            each.latitude = each.longitude = None
    ranzay.coordinator.post(
        "referral.create_resource",
        {"id": str(new_id()), "name": "Café sans carte", "town": "Nantes", "service_name": "Café", "description": "Un café à partager."},
    )
    page = html.unescape(ranzay.volunteer.get("referral.index").text)
    assert "les distances ne peuvent pas être mesurées" in page
    assert "à 5 km au plus" not in page


def test_a_place_is_typed_in_once_and_put_right(saint_mars, journey):
    resource_id, service_id = journey.resource()
    page = html.unescape(saint_mars.volunteer.get("referral.show_resource", resource_id=resource_id).text)
    for words in ("Le Fil d’Or", "44850 Saint-Mars-du-Désert", "02 61 91 20 40", "Atelier couture", "Lien social", "Gratuit"):
        assert words in page, words
    changed = {"name": "Le Fil d’Argent", "town": "Saint-Mars-du-Désert", "postal_code": "44850", "position": "47.36, -1.40"}
    assert saint_mars.coordinator.post("referral.update_resource", changed, resource_id=resource_id).status_code == 302
    more = {"id": str(new_id()), "service_name": "Retouches", "description": "On recoud ensemble."}
    assert saint_mars.coordinator.post("referral.create_service", more, resource_id=resource_id).status_code == 302
    assert saint_mars.coordinator.post("referral.create_service", more, resource_id=resource_id).status_code == 302
    gone = {"service_name": "Atelier couture", "description": "Une machine pour chacun.", "gone": "y"}
    assert saint_mars.coordinator.post("referral.update_service", gone, resource_id=resource_id, service_id=service_id).status_code == 302
    page = html.unescape(saint_mars.volunteer.get("referral.show_resource", resource_id=resource_id).text)
    assert "Le Fil d’Argent" in page
    assert page.count("Retouches") == 1
    assert "Atelier couture" not in page
    # A second tap does not put it back.
    for _twice in range(2):
        saint_mars.coordinator.post("referral.create_withdrawal", resource_id=resource_id)
    assert "Fil d’Argent" not in saint_mars.volunteer.get("referral.index", recherche="argent").text.split("</form>")[-1]
    for _twice in range(2):
        saint_mars.coordinator.post("referral.create_withdrawal", {"back": "1"}, resource_id=resource_id)
    assert "Fil d’Argent" in html.unescape(saint_mars.volunteer.get("referral.index", recherche="argent").text)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Il manque le nom du lieu"),
        ({"town": "Nulle-Part-sur-Mer"}, "pas sur la liste officielle"),
        ({"postal_code": "75001"}, "pas à ce code postal"),
        ({"email": "accueil@"}, "n’est pas complète"),
        ({"phone": "12"}, "numéro"),
        ({"website": "lefildor"}, "commence par https://"),
        ({"position": "nord"}, "la latitude, puis la longitude"),
        ({"description": ""}, "Décrivez-le"),
        ({"publics": ["tous-publics", "femmes"]}, "se coche seul"),
    ],
)
def test_what_is_missing_of_a_place_is_said_beside_its_field(saint_mars, values, said):
    data = {"id": str(new_id()), "name": "Le Fil d’Or", "town": "Saint-Mars-du-Désert", "service_name": "Couture", "description": "Coudre ensemble."}
    answer = saint_mars.coordinator.post("referral.create_resource", {**data, **values})
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)


def test_what_an_export_brought_is_not_changed_by_hand(town):
    resource_id = next(each.id for each in town.rows(Resource) if each.external_id == "dora--1")
    assert town.coordinator.get("referral.edit_resource", resource_id=resource_id).status_code == 404
    assert town.coordinator.post("referral.create_withdrawal", resource_id=resource_id).status_code == 404


def taken_out(crew, sort):
    answer = crew.coordinator.post("referral.create_export", {"sort": sort})
    assert answer.status_code == 302
    work_off(crew.house, crew.id)
    document_id = UUID(answer.location.rsplit("/", 1)[1])
    assert "Télécharger" in crew.coordinator.get("referral.show_export", export_id=document_id).text
    file = crew.coordinator.get("referral.download_export", export_id=document_id)
    assert file.headers["Content-Type"] == "application/zip"
    return file.data


def read_json(packed, name):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return json.loads(archive.read(f"{name}.json"))


def test_what_is_taken_out_is_of_the_schema_and_comes_back_unchanged(town, journey, desk):
    journey.resource(website="https://lefildor.example.org", position="47.36, -1.40")
    packed = taken_out(town, "json")
    structures, services = read_json(packed, "structures"), read_json(packed, "services")
    assert {each["nom"] for each in structures} >= {"Le Fil d’Or", "Épicerie de l’Étang"}
    for each in structures:
        v1.Structure.model_validate(each)
    for each in services:
        v1.Service.model_validate(each)
        assert each["structure_id"] in {one["id"] for one in structures}
    again = desk.brings(("annuaire.zip", packed))
    assert again.counts["resources"].get("new", 0) == again.counts["resources"].get("changed", 0) == again.counts["resources"]["vanished"] == 0
    own = [each for each in again.faults if each["column"] == "source"]
    assert len(own) == again.counts["faulty"], "Only what was typed in here is left aside: it is changed on its own page."


def test_a_csv_says_the_same_as_the_json(town):
    packed, table = taken_out(town, "json"), taken_out(town, "csv")
    with zipfile.ZipFile(io.BytesIO(table)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("services.csv").decode())))
    assert list(rows[0]) == list(v1.Service.model_fields)
    kept = [{name: json.loads(value) if value.startswith("[") else value for name, value in row.items() if value} for row in rows]
    assert [v1.Service.model_validate(each) for each in kept] == [v1.Service.model_validate(each) for each in read_json(packed, "services")]


def test_another_collective_can_take_it_in(town, ranzay):
    from tests.referral.places import Desk

    import_ = Desk(ranzay).takes_in(("annuaire.zip", taken_out(town, "csv")))
    assert import_.counts["faulty"] == 0
    assert {each.external_id for each in ranzay.rows(ResourceService)} >= {"dora--s1", "dora--s2", "dora--s3", "dora--s4"}


def test_the_words_are_those_of_the_schema():
    for names, enum in ((THEME_NAMES, v1.Thematique), (CATEGORY_NAMES, v1.Categorie), (PUBLIC_NAMES, v1.Public), (FEE_NAMES, v1.Frais)):
        assert list(names) == [each.value for each in enum], (
            f"data·inclusion has new words of {enum.__name__}: write them out in app/referral/themes.py."
        )


def test_search_is_paged(saint_mars, desk):
    desk.takes_in(("s.json", as_json([structure(number) for number in range(60)])))
    first, second = (saint_mars.volunteer.get("referral.index", recherche="numero", page=str(number)).text for number in (1, 2))
    assert first.count("Lieu numéro") == 50
    assert second.count("Lieu numéro") == 10

"""An export of data·inclusion is read line by line, shown before anything is written, and never doubles what is there."""

import gzip
import io
import tracemalloc
import zipfile

import pytest
from sqlalchemy import select

from app.db import db
from app.referral.exchange import entries, parts
from app.referral.imports import DOCUMENT_KIND, ImportState
from app.referral.resources import Resource, ResourceService
from tenants.documents import Document
from tests.referral.places import as_csv, as_json, service, structure


def names(crew, kind=Resource, gone=False):
    return {each.external_id: each.name for each in crew.rows(kind) if each.source == "dora" and (each.gone_at is not None) == gone}


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def test_what_would_change_is_shown_before_anything_is_written(saint_mars, desk):
    import_ = desk.brings(("structures.json", as_json([structure(1), structure(2)])), ("services.csv", as_csv([service(1)])))
    assert import_.state == ImportState.ready
    assert import_.counts["resources"] == {"new": 2, "vanished": 0}
    assert import_.counts["services"] == {"new": 1, "vanished": 0}
    assert names(saint_mars) == {}
    page = saint_mars.coordinator.get("referral.show_import", import_id=import_.id).text
    assert "Voici ce qui changerait" in page
    done = desk.confirms(import_)
    assert done.state == ImportState.done
    assert names(saint_mars) == {"dora--1": "Lieu numéro 1", "dora--2": "Lieu numéro 2"}
    assert names(saint_mars, ResourceService) == {"dora--s1": "Service numéro 1"}
    assert saint_mars.scalar(select(Document.id).where(Document.kind == DOCUMENT_KIND)) is None, "The files are forgotten once they are written."


def test_the_same_export_again_changes_nothing(saint_mars, desk):
    files = ("structures.csv", as_csv([structure(1), structure(2)])), ("services.json", as_json([service(1), service(2, of=2)]))
    desk.takes_in(*files)
    before = {each.external_id: (each.id, each.changed_at) for each in saint_mars.rows(Resource)}
    again = desk.brings(*files)
    assert again.counts["resources"] == {"unchanged": 2, "vanished": 0}
    assert again.changes == 0
    assert "l’annuaire dit déjà la même chose" in saint_mars.coordinator.get("referral.show_import", import_id=again.id).text
    assert {each.external_id: (each.id, each.changed_at) for each in saint_mars.rows(Resource)} == before


def test_a_later_export_changes_hides_and_brings_back(saint_mars, desk):
    desk.takes_in(("s.json", as_json([structure(1), structure(2)])), ("v.json", as_json([service(1), service(2, of=2)])))
    kept = {each.external_id: each.id for each in saint_mars.rows(Resource) if each.source == "dora"}
    later = desk.takes_in(("s.json", as_json([structure(1, nom="Le Fil d’Argent")])), ("v.json", as_json([service(1)])))
    assert later.counts["resources"] == {"changed": 1, "vanished": 1}
    assert names(saint_mars) == {"dora--1": "Le Fil d’Argent"}
    assert names(saint_mars, gone=True) == {"dora--2": "Lieu numéro 2"}
    assert "numéro 2" not in saint_mars.volunteer.get("referral.index", recherche="numéro").text
    gone = saint_mars.volunteer.get("referral.show_resource", resource_id=kept["dora--2"])
    assert "plus dans l’export" in gone.text
    back = desk.takes_in(("s.json", as_json([structure(1, nom="Le Fil d’Argent"), structure(2)])))
    assert back.counts["resources"] == {"unchanged": 1, "changed": 1, "vanished": 0}
    assert {each.external_id: each.id for each in saint_mars.rows(Resource) if each.source == "dora"} == kept


def test_each_faulty_line_is_named_with_its_column(saint_mars, desk):
    rows = [
        structure(1),
        structure(2, nom=None),
        structure(3, date_maj="hier"),
        structure(4, courriel="accueil@"),
        structure(1),
        structure(5, code_postal="4480"),
        structure(6, longitude="nan"),
        structure(7),
    ]
    import_ = desk.brings(("structures.csv", as_csv(rows, ";")))
    said = {(each["line"], each["column"]): each["text"] for each in import_.faults}
    assert said == {
        (3, "nom"): "Il manque une valeur.",
        (4, "date_maj"): "« hier » n’est pas une date comme 2026-03-05.",
        (5, "courriel"): "« accueil@ » n’est pas une adresse mail.",
        (6, "id"): "Cet identifiant est déjà à la ligne 2.",
        (7, "code_postal"): "« 4480 » n’a pas la forme d’un tel code.",
        (8, "longitude"): "Ce n’est pas un nombre.",
    }
    assert import_.counts["faulty"] == 6
    assert import_.counts["resources"]["new"] == 2
    page = saint_mars.coordinator.get("referral.show_import", import_id=import_.id).text
    assert "6 lignes laissées de côté" in page
    assert "« hier » n’est pas une date" in page


def test_a_service_needs_its_place_and_words_of_the_schema(saint_mars, desk):
    rows = [service(1, of=9), service(2, thematiques=["tricot"]), service(3, publics=["tous-publics", "femmes"]), service(4, lien_source="lefildor")]
    import_ = desk.brings(("structures.json", as_json([structure(1)])), ("services.json", as_json(rows)))
    said = {each["column"]: each["text"] for each in import_.faults}
    assert said["structure_id"] == "Ce lieu n’est ni dans l’annuaire ni, sans faute, dans le fichier."
    assert said["thematiques"] == "« tricot » n’est pas un mot de data·inclusion."
    assert "tous-publics" in said["publics"]
    assert said["lien_source"].startswith("« lefildor » n’est pas une adresse de site")


def test_a_faulty_line_has_not_vanished(saint_mars, desk):
    desk.takes_in(("s.json", as_json([structure(1), structure(2)])))
    import_ = desk.takes_in(("s.json", as_json([structure(1), structure(2, nom="x")])))
    assert import_.counts["resources"]["vanished"] == 0
    assert names(saint_mars) == {"dora--1": "Lieu numéro 1", "dora--2": "Lieu numéro 2"}


def test_lines_are_counted_as_they_stand_in_the_file(saint_mars, desk):
    text = as_csv([structure(1, adresse="3 rue\ndes Lilas"), structure(2, nom="x")]).decode()
    import_ = desk.brings(("s.csv", text.encode()))
    assert [each["line"] for each in import_.faults] == [4]
    broken = as_json([structure(1), structure(2, nom="x")]).decode()
    import_ = desk.brings(("s.json", broken.encode()))
    where = next(number for number, line in enumerate(broken.splitlines(), 1) if line.strip() == "{" and number > 2)
    assert [each["line"] for each in import_.faults] == [where]


def test_rows_with_too_few_columns_and_text_that_ends_early_are_told(saint_mars, desk):
    import_ = desk.brings(("s.csv", as_csv([structure(1)]) + b"dora,dora--2\n"))
    assert [each["line"] for each in import_.faults] == [3]
    import_ = desk.brings(("s.json", as_json([structure(1), structure(2)])[:-40]))
    assert import_.counts["resources"]["new"] == 1
    assert "ne peut pas être lue" in import_.faults[0]["text"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("archive.zip", zipped(services_json=as_json([service(1)]), structures_csv=as_csv([structure(1)]))),
        ("structures.json.gz", gzip.compress(as_json([structure(1)]))),
        ("api.json", b'{"items": ' + as_json([structure(1)]) + b', "total": 1}'),
        ("lignes.jsonl", b"\n".join(as_json([structure(1)]).replace(b"\n", b"")[1:-1] for _ in range(1))),
        ("windows.csv", as_csv([structure(1, nom="Lieu numéro 1")], ";").decode().encode("cp1252")),
        ("excel.csv", b"\xef\xbb\xbf" + as_csv([structure(1)], ";")),
    ],
)
def test_files_come_in_many_wrappings(saint_mars, desk, name, content):
    assert desk.takes_in((name, content)).counts["resources"]["new"] == 1
    assert names(saint_mars) == {"dora--1": "Lieu numéro 1"}


@pytest.mark.parametrize(
    "broken",
    [b'{"nom": "\\ud800 tout court", "id": "x", "source": "dora"}', b'{"nom": ' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"nom": "\\u0000"}'],
)
def test_odd_entries_stop_nothing_that_came_before(saint_mars, desk, broken):
    import_ = desk.brings(("s.json", as_json([structure(1)])[:-1] + b"," + broken + b"]"))
    assert import_.counts["resources"]["new"] == 1
    assert import_.counts["faulty"] == 1


def test_bytes_that_no_alphabet_knows_are_read_as_well_as_may_be(saint_mars, desk):
    row = as_csv([structure(1)]).replace("Désert".encode(), b"D\x81sert")
    assert desk.takes_in(("s.csv", row)).counts["resources"]["new"] == 1


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"   \n", "empty"),
        (b"bonjour;tout\n1;2\n", "kind"),
        (b"[1, 2]", "kind"),
        (b"PK\x03\x04abcdef", "broken"),
        (gzip.compress(as_json([structure(1)]))[:-12], "broken"),
        (b'[{"nom": "sans fin', "kind"),
    ],
)
def test_a_file_that_is_none_says_so(saint_mars, desk, content, trouble):
    import_ = desk.brings(("fichier", content))
    assert (import_.state, import_.trouble) == (ImportState.failed, trouble)
    assert "Choisir un autre fichier" in saint_mars.coordinator.get("referral.show_import", import_id=import_.id).text


def test_a_small_archive_that_hides_a_large_file_is_stopped(saint_mars, desk, monkeypatch):
    monkeypatch.setattr("app.referral.exchange.LARGEST_UNPACKED", 50_000)
    import_ = desk.brings(("bombe.json.gz", gzip.compress(b"[" + b" " * 2_000_000)))
    assert import_.trouble == "too large"


def test_what_is_too_large_or_missing_is_refused_beside_the_field(saint_mars, desk):
    coordinator = saint_mars.coordinator
    assert "10 Mo au plus par fichier" in coordinator.get("referral.new_import").text
    answer = coordinator.post("referral.create_import", {"files": [(io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "grand.csv")]})
    assert answer.status_code == 422
    assert "plus de 10 Mo" in answer.text
    assert coordinator.post("referral.create_import", {}).status_code == 422
    assert coordinator.post("referral.create_import", {"files": [(io.BytesIO(b"x"), f"{n}.csv") for n in range(3)]}).status_code == 422


def test_a_file_may_be_left(saint_mars, desk):
    import_ = desk.brings(("s.json", as_json([structure(1)])))
    assert saint_mars.coordinator.post("referral.delete_import", import_id=import_.id).status_code == 302
    assert desk.confirms(desk.import_of(import_.id)).state == ImportState.left
    assert names(saint_mars) == {}


def test_fifty_thousand_lines_pass_one_by_one(saint_mars, desk):
    def lines():
        head = "source,id,nom,date_maj,commune,code_insee,latitude,longitude\n"
        yield head
        for number in range(50_000):
            yield f"dora,dora--{number},Lieu numéro {number},{'2026-03-05' if number % 1000 else 'jamais'},Nantes,44109,47.{number:05d},-1.5\n"

    content = gzip.compress("".join(lines()).encode(), 1)
    import_ = desk.brings(("france.csv.gz", content))
    assert import_.counts["resources"] == {"new": 49_950, "vanished": 0}
    assert import_.counts["faulty"] == 50
    assert [each["line"] for each in import_.faults[:2]] == [2, 1002]
    assert desk.confirms(import_).state == ImportState.done
    with saint_mars.at_home():
        from sqlalchemy import func

        assert db.session.scalar(select(func.count()).select_from(Resource).where(Resource.source == "dora")) == 49_950
    found = saint_mars.volunteer.get("referral.index", recherche="numéro 49999")
    assert "Lieu numéro 49999" in found.text


def test_volunteers_search_and_the_coordination_alone_brings(saint_mars):
    for someone in (saint_mars.volunteer, saint_mars.observer, saint_mars.trainer):
        assert someone.get("referral.new_import").status_code == 404
        assert someone.post("referral.create_import", {}).status_code == 404
    assert saint_mars.volunteer.get("referral.index").status_code == 200
    assert saint_mars.observer.get("referral.index").status_code == 404
    assert saint_mars.trainer.get("referral.index").status_code == 404


def test_an_import_of_the_next_collective_does_not_exist(saint_mars, ranzay, desk):
    import_ = desk.brings(("s.json", as_json([structure(1)])))
    assert ranzay.coordinator.get("referral.show_import", import_id=import_.id).status_code == 404
    assert ranzay.coordinator.post("referral.create_confirmation", import_id=import_.id).status_code == 404
    desk.confirms(import_)
    assert names(ranzay) == {}


def test_reading_holds_one_line_at_a_time():
    rows = as_json([structure(number, description="Une phrase de plus. " * 50) for number in range(10_000)])
    packed = gzip.compress(rows, 1)
    (opening,) = parts(io.BytesIO(packed))
    tracemalloc.start()
    try:
        assert sum(1 for each in entries(opening) if each.values) == 10_000
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(rows) > 10_000_000
    assert peak < 2_000_000, f"{peak} bytes at once for a file of {len(rows)}."

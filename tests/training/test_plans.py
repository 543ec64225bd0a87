"""The head rewrites the plan: written for real, by the network's role, and taken away again."""

import io
import re

import pytest

from app.db import new_id
from app.training.plans import WORDS
from tenants import bootstrap
from tests.cast import Crew, Someone
from tests.training.steps import opened, sessions

TEXTS = {name: f"Texte {name}" for word in WORDS for name in (word, f"{word}_en")}


@pytest.fixture
def afterwards(addresses):
    yield
    with bootstrap.connect(addresses.superuser) as superuser:
        superuser.execute("delete from session_plans where plan_id in (select id from course_plans where version > 1)")
        superuser.execute("delete from course_plans where version > 1")


def last_version(head):
    return max(int(each) for each in re.findall(r"[Vv]ersion (\d+)", head.get("network.index_plans").text))


@pytest.mark.committed
def test_a_change_is_a_new_version_and_sent_twice_is_one(afterwards, house, saint_mars, helene):
    before = saint_mars.coordinator.get("training.index").text
    known = str(new_id())
    for _time in range(2):
        assert helene.post("network.update_session_plan", {"id": known, "minutes": "90", **TEXTS}, position=2).status_code == 302
    page = helene.get("network.index_plans").text
    assert "Texte title" in page
    assert "version 2" in page
    assert "version 3" not in page
    assert "Ce plan est une proposition" not in page
    assert helene.post("network.create_plan", {"id": str(new_id()), "title": "Autre", "title_en": "Other", "needed": "9"}).status_code == 422
    assert "De 30 à 480 minutes" in helene.post("network.update_session_plan", {"id": str(new_id()), "minutes": "5", **TEXTS}, position=2).text
    # A course that has begun keeps its own.
    assert "Texte title" not in before
    link = before.split('<ul class="list mb-4"><li><a href="')[1].split('"')[0]
    assert "version 1" in saint_mars.coordinator.client.get(link).text
    assert "La porte et la rue" in saint_mars.coordinator.client.get(link).text


def adds(helene, content, name="fiche.pdf", **changes):
    data = {"id": str(new_id()), "csrf_token": helene.token, "document": (io.BytesIO(content), name), **changes}
    return helene.client.post(helene.address("network.create_plan_document", position=1), data=data, content_type="multipart/form-data")


@pytest.mark.committed
def test_a_document_of_the_plan_is_read_by_courses_of_its_version(house, addresses):
    crew, helene = Crew(house, "saint-mars-du-desert"), Someone(house, "reseau@demo.essaimage.fr")
    course_before = opened(crew)
    try:
        assert "n’est pas un PDF" in adds(helene, b"PK\x03\x04").text
        assert "dépasse 10" in adds(helene, b"%PDF-" + bytes(10 * 1024 * 1024)).text
        handout = re.search(r"/reseau/parcours/documents/[\w-]+", helene.get("network.edit_session_plan", position=4).text).group(0)
        assert helene.client.get(handout).data.startswith(b"%PDF")
        assert "Choisissez un fichier." in helene.post("network.create_plan_document", {"id": str(new_id())}, position=1).text
        form_id = str(new_id())
        for _twice in range(2):
            assert adds(helene, b"%PDF-1.7 trois histoires", "../Trois « histoires ».PDF", id=form_id).status_code == 302
        page = helene.get("network.edit_session_plan", position=1).text
        assert page.count("Trois « histoires ».pdf") == 2, "The link, and the words of the button beside it."
        # Rewriting a text carries it along.
        helene.post("network.update_session_plan", {"id": str(new_id()), "minutes": "90", **TEXTS}, position=2)
        course_after = opened(crew)
        first = sessions(crew, course_after)[0].id
        link = re.search(r'href="([^"]+/documents/[^"]+)"', crew.trainer.get("training.show_session", session_id=first).text).group(1)
        assert crew.trainer.client.get(link).data == b"%PDF-1.7 trois histoires"
        early = sessions(crew, course_before)[0].id
        assert "Trois" not in crew.trainer.get("training.show_session", session_id=early).text
        assert crew.trainer.get("training.show_plan_document", session_id=early, plan_document_id=form_id).status_code == 302
        assert crew.volunteer.client.get(link).status_code == 404
        latest = last_version(helene)
        for _twice in range(2):
            answer = helene.post("network.delete_plan_document", position=1, plan_document_id=form_id)
            assert answer.location == helene.address("network.edit_session_plan", position=1)
        assert last_version(helene) == latest + 1, "A second tap writes no version."
        assert "Trois" not in helene.get("network.edit_session_plan", position=1).text
        assert crew.trainer.client.get(link).status_code == 200, "A course that began keeps it."
        assert helene.get("network.show_plan_document", plan_document_id=new_id()).status_code == 404
    finally:
        with bootstrap.connect(addresses.superuser) as superuser:
            superuser.execute("delete from courses where place = 'La grange'")
            superuser.execute("delete from session_plans where plan_id in (select id from course_plans where version > 1)")
            superuser.execute("delete from course_plans where version > 1")
            superuser.execute("delete from plan_documents where filename like 'Trois%'")

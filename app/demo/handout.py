"""A handout of the demonstration's plan: what the third of a group of three looks out for while the two others act a meeting."""

from app.db import new_id
from app.network.sign_views import writing
from app.training.plan_documents import PlanDocument, SessionDocument
from app.training.plans import plans
from workers.papers import typeset

LISTENING = 4
WORDS = {
    "lang": "fr",
    "title": "Fiche d’observation",
    "collective": "Manou Partages",
    "course": "Séance 4, écouter sans conseiller",
    "foot": "Essaimage",
    "lead": "Vous êtes trois : l’une accueille, l’autre vient, la troisième regarde et note. On échange les places au bout de dix minutes.",
    "questions": [
        "Qui a parlé, qui a écouté, combien de silences ?",
        "Une phrase qui a ouvert la conversation",
        "Un conseil que l’on a su ne pas donner",
        "Ce que l’on refera la prochaine fois",
    ],
}


def hand_out() -> None:
    """Put it beside its session of the first plan."""
    content = typeset("observation.typ", WORDS)
    with writing() as session:
        plan = session.scalars(plans().limit(1)).one()
        document = PlanDocument(id=new_id(), filename="fiche-d-observation.pdf", size=len(content), content=content)
        session.add(document)
        # The link points at it.
        session.flush()
        session.add(SessionDocument(plan_id=plan.id, position=LISTENING, document_id=document.id))

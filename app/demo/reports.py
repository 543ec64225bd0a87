"""Reports of the demonstration: Saint-Mars and the network have told their year so far. The picture is drawn, the words are made up."""

import io

from sqlalchemy.orm import Session

from app.db import db, new_id, now
from app.reports.drafts import draft_of
from app.reports.models import NetworkReport, ReportPhoto
from app.reports.network_photos import NetworkPhoto
from app.reports.photo_views import RAW
from app.reports.public_pages import PublicPage, announce
from app.transaction import transaction
from tenants.documents import Document
from tenants.models import Collective
from tenants.months import today_in
from workers.network_photos import prepare_network_photo
from workers.reports import prepare_photo, publish_network_report, publish_report

TEXTS = {
    "opening": "Nous avons frappé à des portes que personne n’ouvrait plus. Derrière beaucoup d’entre elles, quelqu’un attendait qu’on demande.",
    "moments": "En juin, le banc devant la poste est revenu : trois voisins l’ont repeint un samedi matin.\n\n"
    "En septembre, le premier parcours de transmission a commencé, salle des Cèdres.",
    "ahead": "Nous cherchons une salle pour les permanences du mardi, et deux chauffeurs pour le marché du jeudi.",
}
PAGE = {
    "phone": "+33261910012",
    "hours": "Le deuxième mardi du mois, de 10 h à midi, à la maison de quartier.",
    "about": "Une vingtaine d’habitants de Saint-Mars, avec la commune et deux associations. On passe, on appelle, on prend le temps. "
    "Personne n’est obligé à rien, et rien ne se sait dans le bourg.",
}
NETWORK_TEXTS = {
    "opening": "Cinq communes et quartiers apprennent ensemble à retrouver celles et ceux que personne ne voit plus.",
    "moments": "Une formatrice va de l’un à l’autre ; les collectifs se prêtent des idées, jamais des noms.",
    "ahead": "À la journée de vie de communauté, chacun dira ce qui a marché chez lui.",
}


def tell_the_year(collective: Collective) -> None:
    """Saint-Mars publishes the present year, with a picture; the others have theirs before them."""
    if collective.slug != "saint-mars-du-desert":
        return
    draft = draft_of(today_in(collective.time_zone).year)
    for name, text in TEXTS.items():
        setattr(draft, name, text)
    document = Document(id=new_id(), kind=RAW, about_id=draft.id, filename="photo", media_type="application/octet-stream")
    db.session.add(document)
    # Pieces and photo point at the document.
    db.session.flush()
    document.fill(_bench())
    db.session.add(ReportPhoto(report_id=draft.id, document_id=document.id, caption="Le banc repeint, devant la poste (dessin)"))
    edition_id = new_id()
    draft.ask(edition_id)
    db.session.flush()
    prepare_photo(str(document.id))
    db.session.add(PublicPage(publisher_id=collective.id, id=collective.id, changed_at=now(), **PAGE))
    # The page is found by what follows.
    db.session.flush()
    announce()
    publish_report(str(draft.id), str(edition_id))


def tell_the_networks_year() -> None:
    """The network publishes what its collectives have counted so far."""
    year, edition_id = today_in("Europe/Paris").year, new_id()
    with Session(db.engines["network"]) as session, session.begin():
        draft = NetworkReport(year=year, **NETWORK_TEXTS)
        draft.ask(edition_id)
        session.add(draft)
        # The photo points at it.
        session.flush()
        photo = NetworkPhoto(id=new_id(), year=year, kind=RAW, caption="Cinq communes autour d’une table (dessin)", content=_table())
        session.add(photo)
        photo_id = str(photo.id)
    with transaction():
        prepare_network_photo(photo_id)
        publish_network_report(str(year), str(edition_id))


def _bench() -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1200, 800), "#cfe3ea")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 560, 1200, 800), fill="#d9cba6")
    draw.rectangle((90, 150, 620, 570), fill="#f3ead4")
    draw.polygon([(60, 160), (355, 30), (650, 160)], fill="#a8553a")
    for left in (150, 300, 450):
        draw.rectangle((left, 230, left + 90, 350), fill="#7fa3b5")
    draw.rectangle((300, 400, 400, 570), fill="#1a553c")
    draw.ellipse((900, 120, 1120, 340), fill="#6f9a5c")
    draw.rectangle((995, 320, 1025, 580), fill="#6b4a2b")
    for top in (520, 555, 620):
        draw.rectangle((640, top, 960, top + 22), fill="#e8a92a")
    for left in (665, 915):
        draw.rectangle((left, 520, left + 20, 730), fill="#3f4e46")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _table() -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1200, 700), "#f3ead4")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((330, 220, 870, 560), fill="#a8553a")
    draw.ellipse((370, 250, 830, 530), fill="#c97a55")
    for left, top, colour in ((540, 60, "#1a553c"), (880, 200, "#e8a92a"), (790, 520, "#7fa3b5"), (290, 520, "#6f9a5c"), (200, 200, "#3f4e46")):
        draw.ellipse((left, top, left + 120, top + 120), fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()

"""Invented partners of Saint-Mars-du-Désert, and a prescription in each state."""

from datetime import date, timedelta

from sqlalchemy import select

from app.db import db, new_id, now
from app.people.models import FoundBy, Person, Stage
from app.referral.partners import Partner, PartnerKind, add_partner
from app.referral.prescription_tasks import ask_again
from app.referral.prescriptions import Decision, InformedHow, Knows, Prescription
from tenants import ledger
from tenants.models import Collective
from tenants.months import today_in
from tenants.scope import place, speak_as

# After so many days the night empties what led to no file.
KEPT_DAYS = 30
# A number that the regulator keeps free for invented stories.
PHONE = "+33261910030"
PARTNERS = (
    ("CCAS de Saint-Mars-du-Désert", PartnerKind.ccas, "Claire Morvan, 02 61 91 00 31"),
    ("Habitat du Pays d’Erdre", PartnerKind.landlord, "Ahmed, gardien de la résidence Bel-Air"),
    ("Cabinet infirmier du Port", PartnerKind.health, "Soizic, 02 61 91 00 32"),
)
CLAIRE, AHMED, SOIZIC = (
    ("Claire Morvan", "claire.morvan@ccas.example.org"),
    ("Ahmed Bouzid", "02 61 91 00 33"),
    ("Soizic Le Gall", "02 61 91 00 32"),
)


def bring_in(collective: Collective) -> None:
    """Partners with their links, and what they wrote; the other collectives have none yet."""
    if collective.slug != "saint-mars-du-desert":
        return
    collective.phone = PHONE
    ccas, landlord, nurses = (add_partner(Partner(name=name, kind=kind, contact=contact)) for name, kind, contact in PARTNERS)
    # Prescriptions point at partners.
    db.session.flush()
    today = today_in(collective.time_zone)
    _wait(today, ccas, landlord, nurses)
    _decided(today, ccas, landlord, nurses)
    ask_again()


def _arrive(partner: Partner, on: date, knows: Knows, whom: str, reached: str, noticed: str, by: tuple[str, str], read: bool = True) -> Prescription:
    texts = {"whom": whom, "reached": reached, "noticed": noticed, "reporter": by[0], "answer_at": by[1]}
    # Whoever has a partner's link is nobody of the house.
    coordinator = place().user_id
    speak_as(None)
    row = Prescription.receive(partner, new_id(), texts, knows, on)
    speak_as(coordinator)
    row.received_at = now() - timedelta(days=max(0, (now().date() - on).days))
    row.first_read_at = row.received_at if read else None
    return row


def _wait(today: date, ccas: Partner, landlord: Partner, nurses: Partner) -> None:
    days = timedelta
    _arrive(
        ccas,
        today - days(1),
        Knows.agrees,
        "Josiane",
        "02 61 91 00 41, plutôt le matin",
        "Elle ne vient plus au repas du jeudi depuis la rentrée. Elle aimerait qu’on passe la voir.",
        CLAIRE,
        read=False,
    )
    _arrive(
        landlord,
        today - days(24),
        Knows.unaware,
        "Monsieur Gaston",
        "Résidence Bel-Air, entrée C, 3e étage",
        "Son courrier déborde et ses volets restent fermés. Il me salue, mais ne descend plus.",
        AHMED,
    )
    _arrive(
        nurses,
        today - days(40),
        Knows.knows,
        "Léontine",
        "Sa voisine du 12, rue du Moulin, peut vous présenter",
        "Elle ne voit que nous de la semaine. Elle dit qu’elle va réfléchir à une visite.",
        SOIZIC,
    )
    told = _arrive(
        ccas,
        today - days(12),
        Knows.unaware,
        "Armand",
        "02 61 91 00 42",
        "Veuf depuis le printemps. Il a cessé de venir au club de belote.",
        CLAIRE,
    )
    told.inform(today - days(3), InformedHow.phone)


def _decided(today: date, ccas: Partner, landlord: Partner, nurses: Partner) -> None:
    days = timedelta
    met, known = _two_people()
    opened = _arrive(ccas, met.found_on, Knows.agrees, met.name or "", met.street or "", "Une dame discrète, qui aime recoudre.", CLAIRE)
    met.found_by = FoundBy.prescription
    opened.decide(Decision.meet, met.found_on, person_id=met.id)
    ledger.mark(met.stage_on)
    twice = _arrive(landlord, today - days(20), Knows.agrees, known.name or "", known.street or "", "Il ne parle à personne dans l’escalier.", AHMED)
    twice.decide(Decision.already_known, today - days(19), person_id=known.id)
    ends = (
        (nurses, 28, "Madame Hortense", Decision.not_reachable, None),
        (landlord, 45, "Le monsieur du 4e", Decision.no_wish, None),
        (ccas, 15, "Noémie", Decision.passed_on, "La mission locale"),
    )
    for partner, ago, whom, decision, passed_to in ends:
        by = {ccas.id: CLAIRE, landlord.id: AHMED}.get(partner.id, SOIZIC)
        row = _arrive(partner, today - days(ago), Knows.agrees, whom, "rue du Moulin", "On ne la voit plus au marché.", by)
        row.decide(decision, today - days(ago - 6), passed_to=passed_to)
        if ago - 6 > KEPT_DAYS:
            row.forget()


def _two_people() -> tuple[Person, Person]:
    query = select(Person).where(Person.stage.in_((Stage.accompanied, Stage.engaged))).order_by(Person.found_on, Person.id).limit(2)
    met, known = db.session.scalars(query).all()
    return met, known

"""What bonds and calls tell of a person, what is printed of them, and the ways from a file into this room."""

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from app.db import db
from app.followup.bonds import BondEnd, BondMoment, HeartBond, bonds_of, moments_of, moments_with
from app.followup.care_words import END_NAMES, MOMENT_NAMES, OUTCOME_TOLD
from app.followup.endings import ending_of
from app.followup.silence import calls_with_names, check_ins_of, rule_of
from app.languages import written_date
from app.people.file import File
from app.people.story import Event, Offer, Rows, Section, offers, prints, tells
from app.wording import first_name
from tenants.together import along

SIDES = (joinedload(HeartBond.person), joinedload(HeartBond.other_person), joinedload(HeartBond.member))


def with_whom(bond: HeartBond, person_id: UUID) -> str:
    """Who is on the other side of a bond, seen from a person."""
    if bond.other_person_id is not None:
        other = bond.other_person if bond.person_id == person_id else bond.person
        return (other.name if other else None) or _("quelqu’un dont la fiche a été effacée")
    if bond.member is not None:
        return bond.member.display_name
    return bond.family or _("quelqu’un dont la fiche a été effacée")


def _end(bond: HeartBond, file: File, other: str) -> Event | None:
    if bond.ended_on is None or bond.ended_because is None:
        return None
    if bond.ended_because == BondEnd.died:
        text = (
            _("Il a accompagné %(name)s jusqu’au bout.", name=file.person.name)
            if file.person.has_died
            else _("%(name)s nous a quittés. Ce lien a compté pour l’un comme pour l’autre.", name=other)
        )
    else:
        text = " ".join(filter(None, (f"{END_NAMES[bond.ended_because]}.", bond.ended_words)))
    return Event(bond.ended_on, _("La fin du lien de cœur avec %(name)s", name=other), text)


@tells(
    lambda person_id: along(bonds_of(person_id), HeartBond.person, HeartBond.other_person, HeartBond.member),
    lambda person_id: along(moments_with(person_id), BondMoment.member),
)
def bound(file: File, bonds: Rows, moments: Rows) -> list[Event]:
    """Bonds from either side: how they began, what was told of them, how they ended."""
    events, names = [], {bond.id: with_whom(bond, file.person.id) for bond, *_sides in bonds}
    for bond, *_sides in bonds:
        where = url_for("workspace.followup.show_bond", person_id=file.person.id, bond_id=bond.id)
        events.append(
            Event(bond.began_on, _("Un lien de cœur avec %(name)s", name=names[bond.id]), bond.how or "", link=(where, _("Ouvrir ce lien")))
        )
        events += filter(None, [_end(bond, file, names[bond.id])])
    for each, member in moments:
        title = _("Le lien avec %(name)s : %(moment)s", name=names[each.bond_id], moment=str(MOMENT_NAMES[each.kind]).lower())
        events.append(Event(each.on, title, each.note or "", first_name(member.display_name) if member else ""))
    return events


@tells(calls_with_names)
def called(_file: File, calls: Rows) -> list[Event]:
    """Calls, with or without an answer."""
    return [Event(each.on, str(OUTCOME_TOLD[each.outcome]), "", first_name(caller.display_name) if caller else "") for each, caller in calls]


def _day(value: object) -> str:
    return written_date(value, "d MMMM y") if value else ""  # type: ignore[arg-type]  # a date wherever there is one


@prints
def bonds_on_paper(file: File) -> list[Section]:
    """Each reads their own side: how it began, what they themselves said, what was told. Not what the other said."""
    rows = []
    for bond in db.session.scalars(bonds_of(file.person.id).options(*SIDES)):
        first = bond.person_id == file.person.id
        own, on = (bond.words, bond.agreed_on) if first else (bond.other_words, bond.other_agreed_on)
        rows.append((_("Avec %(name)s, depuis le %(day)s", name=with_whom(bond, file.person.id), day=_day(bond.began_on)), bond.how or ""))
        rows.append((_("Ce que vous avez dit, le %(day)s", day=_day(on)), own or ""))
        for each in db.session.scalars(moments_of(bond.id)):
            rows.append((f"{MOMENT_NAMES[each.kind]}, {_day(each.on)}", each.note or ""))
        if bond.ended_because is not None:
            rows.append(
                (_("Terminé le %(day)s", day=_day(bond.ended_on)), " ".join(filter(None, (str(END_NAMES[bond.ended_because]), bond.ended_words))))
            )
    return [Section(_("Vos liens de cœur"), [row for row in rows if row[1]])] if rows else []


@prints
def watch_on_paper(file: File) -> list[Section]:
    """Calls, days and pauses, and until when the file is kept for which reason."""
    calls = [(_day(each.on), str(OUTCOME_TOLD[each.outcome])) for each in db.session.scalars(check_ins_of(file.person.id))]
    rule, ending = rule_of(file.person.id), ending_of(file.person.id)
    kept = []
    if rule and rule.days:
        kept.append((_("Nous prenons de vos nouvelles après"), _("%(days)d jours", days=rule.days)))
    if rule and rule.paused_until:
        kept.append((_("En pause jusqu’au %(day)s", day=_day(rule.paused_until)), rule.paused_because or ""))
    if ending and ending.kept_until:
        kept.append((_("Votre fiche est gardée jusqu’au %(day)s", day=_day(ending.kept_until)), ending.kept_because or ""))
    parts = ((_("Nos appels"), calls), (_("Ce que nous avons convenu"), kept))
    return [Section(heading, rows) for heading, rows in parts if rows]


@offers
def care(file: File) -> list[Offer]:
    """A call, a bond, the watch; and how long the file is kept."""
    person_id = file.person.id
    return [
        Offer(url_for("workspace.followup.new_check_in", person_id=person_id), _("J’ai appelé"), "phone"),
        Offer(url_for("workspace.followup.new_bond", person_id=person_id), _("Un lien de cœur"), "heart", aside=True),
        Offer(url_for("workspace.followup.edit_watch", person_id=person_id), _("Quand prendre de ses nouvelles"), "clock", aside=True),
        Offer(
            url_for("workspace.followup.show_ending", person_id=person_id), _("Combien de temps on garde sa fiche"), "shield", aside=True, always=True
        ),
    ]

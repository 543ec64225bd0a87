"""The words of the room: rules as sentences, hours, kinds, states, reasons."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.followup.activities import ActivityKind, Answer
from app.followup.drop_ins import DropIn
from app.followup.gatherings import Because, GatheringState
from app.followup.rules import DropInRule, Nth, OnHolidays
from app.followup.support import Mood, Side
from app.languages import clock, written_date

MONDAY = date(2024, 1, 1)
NTH_NAMES = {
    Nth.first: _l("premier"),
    Nth.second: _l("deuxième"),
    Nth.third: _l("troisième"),
    Nth.fourth: _l("quatrième"),
    Nth.fifth: _l("cinquième (quand il y en a un)"),
    Nth.last: _l("dernier"),
    Nth.first_and_third: _l("premier et troisième"),
    Nth.second_and_fourth: _l("deuxième et quatrième"),
    Nth.every: _l("toutes les semaines"),
}
KIND_NAMES = {
    ActivityKind.meal: _l("Repas partagé"),
    ActivityKind.workshop: _l("Atelier"),
    ActivityKind.outing: _l("Sortie"),
    ActivityKind.cafe: _l("Café"),
    ActivityKind.walk: _l("Balade dans le quartier"),
}
STATE_NAMES = {
    GatheringState.idea: _l("idée"),
    GatheringState.planned: _l("prévue"),
    GatheringState.held: _l("a eu lieu"),
    GatheringState.not_held: _l("n’a pas eu lieu"),
    GatheringState.cancelled: _l("annulée"),
}
BECAUSE_NAMES = {
    Because.nobody_came: _l("personne n’est venu"),
    Because.no_host: _l("personne pour accueillir"),
    Because.place_closed: _l("le lieu était fermé"),
    Because.holiday: _l("jour férié ou congés"),
    Because.weather: _l("le temps qu’il faisait"),
    Because.other: _l("autre chose"),
}
ANSWER_NAMES = {
    Answer.asked: _l("à appeler"),
    Answer.again: _l("à rappeler"),
    Answer.waiting: _l("en attente"),
    Answer.coming: _l("vient"),
    Answer.not_coming: _l("ne vient pas"),
}
HOLIDAY_NAMES = {OnHolidays.keep: _l("On garde ces jours-là"), OnHolidays.skip: _l("On ne fait rien ces jours-là")}
MOOD_NAMES = {
    Mood.well: _l("Ça va bien"),
    Mood.holding: _l("Ça tient"),
    Mood.tired: _l("On fatigue"),
    Mood.hard: _l("C’est dur en ce moment"),
}
SIDE_NAMES = {Side.collective: _l("le collectif"), Side.network: _l("le réseau")}


def weekday_name(number: int) -> str:
    """A day of the week, Monday is 0."""
    return written_date(MONDAY + timedelta(days=number), "EEEE")


def month_name(number: int) -> str:
    """A month by its number."""
    return written_date(date(2024, number, 2), "MMMM")


def hours(begins: time | None, ends: time | None) -> str:
    """From when to when; nothing for an idea, which has no hours."""
    return f"{clock(begins)}\u00a0– {clock(ends)}" if begins and ends else ""


def hosts_words(drop_in: DropIn, names: Mapping[UUID, str]) -> str:
    """Who hosts, and how many are missing. Who has left the team is missing."""
    known = [names[each] for each in drop_in.hosts if each in names]
    if len(known) == 2:
        return _("Accueil : %(one)s et %(other)s", one=known[0], other=known[1])
    if known:
        return _("Accueil : %(name)s, il manque une personne", name=known[0])
    return _("Il manque deux personnes pour accueillir")


def rule_days(rule: DropInRule) -> str:
    """The days of a rule: "le deuxième mardi", "chaque lundi", "le premier et le troisième jeudi"."""
    day = weekday_name(rule.day_of_week)
    return {
        Nth.every: _("chaque %(day)s", day=day),
        Nth.first: _("le premier %(day)s du mois", day=day),
        Nth.second: _("le deuxième %(day)s du mois", day=day),
        Nth.third: _("le troisième %(day)s du mois", day=day),
        Nth.fourth: _("le quatrième %(day)s du mois", day=day),
        Nth.fifth: _("le cinquième %(day)s du mois, quand il y en a un", day=day),
        Nth.last: _("le dernier %(day)s du mois", day=day),
        Nth.first_and_third: _("le premier et le troisième %(day)s du mois", day=day),
        Nth.second_and_fourth: _("le deuxième et le quatrième %(day)s du mois", day=day),
    }[Nth(rule.nth)]


def rule_words(rule: DropInRule, begins_a_sentence: bool = True) -> str:
    """The whole rule as one reads it aloud: "Le deuxième mardi du mois, 10 h – 12 h, à la maison de quartier"."""
    text = f"{rule_days(rule)}, {hours(rule.begins, rule.ends)}, {rule.where}"
    if rule.months_off:
        text += ", " + _("sauf en %(months)s", months=_(" et en ").join(month_name(int(each)) for each in rule.months_off))
    return text[:1].upper() + text[1:] if begins_a_sentence else text

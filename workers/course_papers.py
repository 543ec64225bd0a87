"""Papers of a course for those who have no mail, and for what comes after: letters, the questionnaire, the report."""

from flask_babel import force_locale
from flask_babel import gettext as _

from app.db import db
from app.languages import written_date
from app.training.accompanied import lost
from app.training.after_forms import ANSWER_NAMES, PART_NAMES, QUESTION_NAMES, REMARK, REMARK_HINT, SHORT_NAMES
from app.training.closing import numbers_of
from app.training.models import SessionState, TrainingSession, sessions_of_course
from app.training.participants import Participant, by_name, enrolled
from app.training.plans import sessions_of
from app.training.questionnaire import answers_of, favourable, readable, tallied
from app.training.reports import PARTS, report_on
from tenants.documents import Document
from tenants.models import Collective
from tenants.months import today_in
from tenants.scope import here
from workers.papers import THEIRS, Words, course_words, paper


def without_mail(course_id: object) -> list[Participant]:
    """Those with a place and no mail address, by name; nobody who died."""
    silent = set(db.session.scalars(lost()))
    return by_name([each for each in db.session.scalars(enrolled(course_id)) if not each.mail and each.id not in silent])  # type: ignore[arg-type]  # a course's id


def _address(participant: Participant) -> str:
    # A telephone number is nothing to write to: such a letter is handed over.
    contact = participant.contact or ""
    return contact if any(map(str.isalpha, contact)) else ""


def _letters(words: Words, people: list[Participant]) -> Words:
    today = today_in(db.session.get_one(Collective, here()).time_zone)
    return words | {
        "title": _("Lettres, %(place)s", place=words["place"]),
        "dated": _("%(place)s, le %(day)s", place=words["collective"], day=written_date(today, "d MMMM y")),
        "people": [{"name": each.name, "address": _address(each), "hello": _("Bonjour %(name)s,", name=each.name)} for each in people],
        "columns": [_("n°"), _("séance"), _("quand")],
        "rows": [],
        "after": "",
        "goodbye": _("À bientôt,"),
    }


@paper("letters", "letters.typ")
def letters(document: Document, _language: str) -> Words:
    """A letter with all dates for everyone without mail."""
    with force_locale(THEIRS):
        course, plan, words = course_words(document.about_id, THEIRS)
        titles = {each.position: each.word("title", THEIRS) for each in db.session.scalars(sessions_of(plan.id))}
        held = [each for each in db.session.scalars(sessions_of_course(course.id)) if each.state != SessionState.cancelled]
        # Whoever joins on the way has no use for evenings that are over.
        today = today_in(db.session.get_one(Collective, here()).time_zone)
        sessions = [each for each in held if each.day >= today] or held
        return _letters(words, without_mail(course.id)) | {
            "subject": _("Les dates du parcours « %(title)s »", title=words["course"]),
            "lines": [_("Vous avez une place dans notre parcours. Voici les séances ; gardez cette lettre à portée de main.")],
            "rows": [
                {
                    "number": str(each.position),
                    "title": titles[each.position],
                    "when": f"{written_date(each.day, 'EEEE d MMMM y')}, {each.begins:%H:%M}",
                }
                for each in sessions
            ],
            "after": _("Toutes les séances ont lieu ici : %(place)s.", place=course.place),
        }


@paper("notice_letters", "letters.typ")
def notice_letters(document: Document, _language: str) -> Words:
    """A letter that tells of a session moved or cancelled, for everyone without mail."""
    session = db.session.get_one(TrainingSession, (here(), document.about_id))
    with force_locale(THEIRS):
        course, plan, words = course_words(session.course_id, THEIRS)
        title = next(each.word("title", THEIRS) for each in db.session.scalars(sessions_of(plan.id)) if each.position == session.position)
        day = written_date(session.day, "EEEE d MMMM y")
        cancelled = session.state == SessionState.cancelled
        told = {"number": session.position, "title": title, "day": day}
        if cancelled:
            lines = [_("La séance %(number)d, « %(title)s », du %(day)s est annulée.", **told)]
        else:
            lines = [
                _("La séance %(number)d, « %(title)s », change de date : elle a lieu le %(day)s à %(hour)s.", hour=f"{session.begins:%H:%M}", **told)
            ]
            lines += [_("Elle était prévue le %(day)s.", day=written_date(session.moved_from, "EEEE d MMMM y"))] if session.moved_from else []
            lines += [_("Le lieu ne change pas : %(place)s.", place=course.place)]
        subject = _("La séance %(number)d est annulée", number=session.position) if cancelled else _("La séance %(number)d change de date", number=session.position)  # fmt: skip  # noqa: E501  # two sentences
        return _letters(words, without_mail(course.id)) | {"subject": subject, "lines": lines}


@paper("questionnaire", "questionnaire.typ")
def questionnaire(document: Document, _language: str) -> Words:
    """The questionnaire, one page, to be filled in with a pen."""
    with force_locale(THEIRS):
        _course, _plan, words = course_words(document.about_id, THEIRS)
        return words | {
            "title": _("Votre avis sur le parcours"),
            "lead": _("Cinq questions, sans votre nom. Laissez de côté celles que vous voulez, puis glissez la feuille dans l’enveloppe."),
            "questions": [str(each) for each in QUESTION_NAMES.values()],
            "answers": [str(each) for each in ANSWER_NAMES.values()],
            "remark": str(REMARK),
            "hint": str(REMARK_HINT),
        }


@paper("report", "report.typ")
def report(document: Document, language: str) -> Words:
    """The trainer's report, with the numbers of the course and what the group answered, if that may be read."""
    course, _plan, words = course_words(document.about_id, language)
    sessions = db.session.scalars(sessions_of_course(course.id)).all()
    written = db.session.scalar(report_on(course.id))
    numbers, texts = numbers_of(course, sessions), written.texts() if written else {}
    answers = db.session.scalars(answers_of(course.id)).all()
    better = {name: favourable(counts) for name, counts in tallied(answers).items()} if readable(course, len(answers)) else {}
    held = sum(each.state == SessionState.held for each in sessions)
    return words | {
        "title": _("Bilan du parcours"),
        "when": _("du %(first)s au %(last)s", first=written_date(sessions[0].day, "d MMMM"), last=written_date(sessions[-1].day, "d MMMM y")),
        "columns": [_("ce qui est compté"), _("combien")],
        "numbers": [
            [_("séances tenues"), _("%(part)d sur %(whole)d", part=held, whole=len(sessions))],
            [_("personnes inscrites"), str(numbers["enrolled"])],
            [_("personnes au bout du parcours"), _("%(part)d sur %(whole)d", part=numbers["completed"], whole=numbers["enrolled"])],
            [_("présences"), _("%(part)d sur %(whole)d", part=numbers["presences"], whole=numbers["expected"])],
        ],
        "answered": _("Ce qu’en disent %(number)d personnes", number=len(answers)) if better else "",
        "scores": [[str(SHORT_NAMES[name]), _("%(part)d sur %(whole)d", part=part, whole=whole)] for name, (part, whole) in better.items()],
        "parts": [{"heading": str(PART_NAMES[part]), "text": texts[part]} for part in PARTS if texts.get(part)],
    }

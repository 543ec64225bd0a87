"""Opens the house: settings, extensions, doors, rooms, in that order."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request, session, url_for
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from flask_login import current_user
from flask_mailman import Mail
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import app.accounts.figures
import app.followup.bond_figures
import app.followup.gathering_figures
import app.outreach.figures
import app.outreach.record_figures
import app.people.figures
import app.referral.prescription_figures
import app.referral.referral_figures
import app.training.figures  # noqa: F401  # importing is what registers how a room counts
import workers.accounts
import workers.after_course
import workers.course_papers
import workers.curves
import workers.endings
import workers.figures
import workers.followup
import workers.network_photos
import workers.outreach
import workers.people
import workers.phoning
import workers.prescription
import workers.public_pages
import workers.referral
import workers.reports
import workers.training
import workers.watching  # noqa: F401  # importing is what makes a job known
from app import accounts, cli, desk, errors, followup, health, languages, logs, network, outreach, people, referral, reports, training, wording
from app.accounts import departures, drafts, invitations, profile, removals, resets, second_step, second_step_setup, sign_in, views  # noqa: F401  # views hang themselves on their blueprint
from app.bodies import Body, take_files_whole
from app.cookies import signed_token
from app.db import db
from app.desk import trainer_views  # noqa: F401
from app.desk import views as desk_views  # noqa: F401
from app.followup import (  # noqa: F401
    activity_views,
    attendance_views,
    bond_chapters,
    bond_views,
    care_watch,
    drop_in_views,
    ending_views,
    feed_views,
    gathering_chapters,
    gathering_watch,
    guest_views,
    photo_views,
    rule_views,
    silence_views,
    support_views,
)
from app.followup import views as followup_views  # noqa: F401
from app.headers import harden
from app.house import House
from app.kept import Kept, standing
from app.limits import limit
from app.network import (  # noqa: F401
    catalogue,
    decision_views,
    department_views,
    export_views,
    plan_document_views,
    plan_views,
    removal_views,
    sign_views,
    watch_views,
)
from app.network import support_views as network_support  # noqa: F401
from app.network import views as network_views  # noqa: F401
from app.outreach import (  # noqa: F401
    doors,
    month_views,
    noticed_views,
    paper_views,
    phoning_views,
    project_views,
    ride_views,
    street_views,
    visit_views,
    wish_views,
)
from app.outreach import views as outreach_views  # noqa: F401
from app.people import chapters, file_views, meeting_views, pair_views, path_views, task_views, watch  # noqa: F401
from app.people import views as people_views  # noqa: F401
from app.referral import (  # noqa: F401  # noqa: F401
    answers,
    import_views,
    partner_views,
    prescription_chapters,
    prescription_tasks,
    prescription_views,
    referral_chapters,
    referral_tasks,
    referral_views,
    resource_views,
)
from app.referral import outside as partners_outside
from app.reports import curve_views, network_photo_views, network_withdrawal_views, public_page_views, public_views, withdrawal_views  # noqa: F401
from app.reports import network_views as network_report_views  # noqa: F401
from app.reports import photo_views as year_photo_views  # noqa: F401
from app.reports import views as year_views  # noqa: F401
from app.settings import from_environment
from app.training import (  # noqa: F401
    accompanied_views,
    participant_views,
    presence_views,
    questionnaire_views,
    report_views,
    session_views,
    trace_views,
)
from app.training import paper_views as training_papers  # noqa: F401
from app.training import views as training_views  # noqa: F401
from app.training import watch as training_watch  # noqa: F401
from tenants import workspace
from tenants.unchanged import Unchanged

ROOT = Path(__file__).parent


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. Without settings they come from the environment.

    Raises UnsafeSettings when a secret is missing or default, or when the database lets anyone call set_config().
    """
    house = House("app", root_path=str(ROOT), template_folder="../templates", static_folder="static")
    house.config.from_mapping(settings if settings is not None else from_environment())
    extend(house)
    furnish(house)
    if house.config["MODE"] == "demonstration":
        from app import demo

        demo.open_in(house)
    else:
        logs.speak()
        health.refuse_open_database(house)
        health.warn_of_local_links(house)
    return house


def extend(house: Flask) -> None:
    """Plug the libraries in."""
    house.wsgi_app = ProxyFix(house.wsgi_app, x_for=1, x_proto=1, x_host=1) if house.config.get("BEHIND_PROXY") else house.wsgi_app  # type: ignore[method-assign]
    house.request_class = Body
    # The check of the form's token reads the form already.
    house.before_request(take_files_whole)
    house.jinja_env.undefined = StrictUndefined
    house.jinja_env.trim_blocks = house.jinja_env.lstrip_blocks = True
    house.jinja_env.add_extension(Kept)
    house.jinja_env.add_extension(Unchanged)
    # Jinja chains the globals of each template to those of all, and for every import of a page asks the chain for each of them in Python
    # (0.1 ms a page). All of ours are there before the first template is.
    house.jinja_env.make_globals = lambda own: {**house.jinja_env.globals, **(own or {})}  # type: ignore[method-assign,assignment]
    db.init_app(house)
    if house.config.get("OWNER_DATABASE_URL"):
        # Whoever is not told the owner's address cannot migrate, and spares the ten megabytes of alembic: the web servers.
        from flask_migrate import Migrate

        Migrate(house, db, directory=str(ROOT.parent / "migrations"))
    Bootstrap5(house)
    CSRFProtect(house)
    languages.Languages(house, locale_selector=language)
    Compress(house)
    Mail(house)
    limit(house)
    sign_in.login_manager.init_app(house)


def furnish(house: Flask) -> None:
    """Doors, rooms, errors, commands."""
    for room in (people.bp, people.tasks_bp, outreach.bp, referral.bp, training.bp, followup.bp, reports.bp, accounts.team, desk.bp):
        if room.name not in {each.name for each, _options in workspace.bp._blueprints}:
            workspace.bp.register_blueprint(room)
    outside = (training.public, partners_outside.bp, answers.public, feed_views.public, reports.public, reports.discover)
    for door in (workspace.bp, accounts.bp, desk.trainer, *outside, network.bp, catalogue.bp, health.bp):
        house.register_blueprint(door)
    house.url_defaults(workspace.fill_slug)
    house.after_request(harden)
    errors.register(house)
    cli.register(house)
    wording.register(house)
    # A global, so that macros are imported without context: Jinja keeps such modules instead of running them for every page.
    house.jinja_env.globals.update(asset=asset, signed_token=signed_token)
    languages.speak(house)
    house.context_processor(surroundings)


def language() -> str:
    """The user's own language; before sign-in the one chosen, or the browser's. A worker has neither and says it by itself (`force_locale`)."""
    if not has_request_context():
        return "fr"
    user = current_user._get_current_object()
    if user and user.is_authenticated:
        return str(user.language.value)
    return session.get("language") or request.accept_languages.best_match(["fr", "en"]) or "fr"


_assets: dict[tuple[str, str], str] = {}


def asset(filename: str) -> str:
    """The address of a static file, with a fingerprint of its content. Kept, because a page asks for its icons seventy times."""
    key = (request.script_root, filename)
    if key not in _assets:
        fingerprint = hashlib.sha256((ROOT / "static" / filename).read_bytes()).hexdigest()[:10]
        _assets[key] = url_for("static", filename=filename, v=fingerprint)
    return _assets[key]


def surroundings() -> dict[str, Any]:
    """What every page knows about where it stands."""
    user = current_user._get_current_object()
    user = user if user and user.is_authenticated else None
    # As the messages are: what the user has chosen meanwhile, or is not known to have, is the next page's.
    said = languages.present_locale().language
    return {
        "me": user,
        "theme": user.theme.value if user else "auto",
        "collective": g.get("collective"),
        "membership": g.get("membership"),
        "language": said,
        "kept_at": standing(said),
    }

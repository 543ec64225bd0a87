"""The cast: collectives and their members, who act through HTTP like anybody."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from app.accounts.models import user_by_email
from app.accounts.sign_in import begin_sign_in
from app.db import db
from app.demo.world import DOMAIN, PASSWORD
from app.transaction import transaction
from tenants.models import collective_by_slug
from tenants.scope import inside

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Someone:
    """A browser, and whoever sits before it. Endpoints are named as `url_for` names them, inside the workspace if there is one."""

    def __init__(self, house: Flask, email: str | None = None, slug: str | None = None) -> None:
        self.house, self.email, self.slug = house, email, slug
        self.client: FlaskClient = house.test_client()
        self.token: str
        if email:
            self.comes_in(email)
        else:
            self.token = TOKEN.search(self.client.get("/connexion").text).group(1)  # type: ignore[union-attr]

    def comes_in(self, email: str) -> None:
        """Signed in as the house does it after the password; through the door itself go tests/accounts and the browser."""
        with self.house.test_request_context():
            with transaction():
                user = user_by_email(email)
                assert user is not None, email
                assert user.second_step_since is None, f"{email} has a second step: a password alone lets nobody in."
                begin_sign_in(user)
            self.token, carried = generate_csrf(), dict(session)
        with self.client.session_transaction() as kept:
            kept.update(carried)

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        answer = self.client.post("/connexion", data={"email": email, "password": password, "csrf_token": self.token})
        if answer.status_code == 302:
            self.takes_token()
        return answer

    def takes_token(self) -> None:
        """The form token of the present session, as any page carries it."""
        self.token = TOKEN.search(self.client.get("/compte").text).group(1)  # type: ignore[union-attr]

    def address(self, endpoint: str, **values: Any) -> str:
        if self.slug and not endpoint.startswith(
            (
                "accounts.",
                "network.",
                "trainer.",
                "health.",
                "mailbox.",
                "parts.",
                "enrolment.",
                "partner_link.",
                "referral_answer.",
                "editions.",
                "discover.",
                "feeds.",
            )
        ):
            endpoint, values = f"workspace.{endpoint}", {"collective": self.slug, **values}
        with self.house.test_request_context():
            from flask import url_for

            return url_for(endpoint, **values)

    def get(self, endpoint: str, **values: Any) -> TestResponse:
        return self.client.get(self.address(endpoint, **values))

    def post(self, endpoint: str, data: dict[str, Any] | None = None, **values: Any) -> TestResponse:
        return self.client.post(self.address(endpoint, **values), data={"csrf_token": self.token, **(data or {})})

    @property
    def user_id(self) -> UUID:
        with self.client.session_transaction() as session:
            return UUID(session["_user_id"].split(".")[0])

    @property
    def sign_in_id(self) -> UUID:
        with self.client.session_transaction() as session:
            return UUID(session["_user_id"].split(".")[1])


class Crew:
    """A collective with its people."""

    def __init__(self, house: Flask, slug: str) -> None:
        self.house, self.slug = house, slug
        with house.app_context():
            self.id: UUID = collective_by_slug(slug).id  # type: ignore[union-attr]
        self._people: dict[str, Someone] = {}

    def __getattr__(self, role: str) -> Someone:
        emails = {
            "coordinator": f"coordination.{self.slug}",
            "volunteer": f"benevole.{self.slug}",
            "second": f"benevole2.{self.slug}",
            "third": f"benevole3.{self.slug}",
            "observer": f"elu.{self.slug}",
            "trainer": "formatrice",
        }
        if role not in emails:
            raise AttributeError(role)
        if role not in self._people:
            self._people[role] = Someone(self.house, f"{emails[role]}@{DOMAIN}", self.slug)
        return self._people[role]

    @contextlib.contextmanager
    def at_home(self) -> Iterator[None]:
        """Inside this collective, as the application's role, in one transaction."""
        with self.house.app_context(), transaction(), inside(self.id):
            yield

    def scalar(self, statement: Any) -> Any:
        """One value read at home."""
        with self.at_home():
            return db.session.scalar(statement)

    def rows(self, kind: Any) -> list[Any]:
        """All rows of a kind that the collective has."""
        from sqlalchemy import select

        with self.at_home():
            return list(db.session.scalars(select(kind)).all())

    def members(self) -> dict[str, UUID]:
        """Ids of memberships by name."""
        from tenants.models import Membership

        return {each.display_name: each.id for each in self.rows(Membership)}

    def plans(self, area: str = "Rue des Lilas", days: int = 0, by: str = "coordinator", kind: str = "door_to_door") -> UUID:
        """A round of its volunteer and its second; returns its id."""
        from datetime import timedelta

        from app.db import new_id
        from tenants.months import today_in

        people = self.members()
        with self.house.app_context():
            pass
        round_id = new_id()
        team = [people[name] for name in self.names("volunteer", "second")]
        day = today_in("Europe/Paris") + timedelta(days=days)
        data = {"id": str(round_id), "area": area, "day": day.isoformat(), "team": [str(each) for each in team], "companions": "0", "kind": kind}
        answer = getattr(self, by).post("outreach.create", data)
        assert answer.status_code == 302, answer.text
        return round_id

    def closes(self, round_id: UUID, days_ago: int = 0) -> None:
        """Its coordinator closes a round; then so many days pass."""
        answer = self.coordinator.post("outreach.create_closure", {"minutes": "60"}, round_id=round_id)
        assert answer.status_code == 302, answer.text
        self.passes(round_id, days_ago)

    def passes(self, round_id: UUID, days: int) -> None:
        """So many days pass for a round: what was begun and closed lies further back."""
        from datetime import timedelta

        from app.outreach.models import Round

        with self.at_home():
            round_ = db.session.get_one(Round, (self.id, round_id))
            past = timedelta(days=days)
            round_.started_at, round_.closed_at = round_.started_at and round_.started_at - past, round_.closed_at and round_.closed_at - past

    def names(self, *roles: str) -> list[str]:
        from app.demo.world import PLOTS

        plot = next(each for each in PLOTS if each.slug == self.slug)
        known = {"coordinator": plot.coordinator, "volunteer": plot.volunteers[0], "second": plot.volunteers[1], "third": plot.volunteers[2]}
        return [known[role] for role in roles]

    def adds_building(self, round_id: UUID, **shape: Any) -> UUID:
        """A building of four floors with four doors each and two below, unless said otherwise; returns its id."""
        from app.db import new_id

        building_id = new_id()
        data = {"id": str(building_id), "label": "Entrée B", "shape": "floors", "floors": "4", "per_floor": "4", "ground": "2", "step": "1", **shape}
        answer = self.volunteer.post("outreach.create_building", data, round_id=round_id)
        assert answer.status_code == 302, answer.text
        return building_id

"""Commands of an operator. Each is one transaction."""

import os
import secrets
import sys
import time
from uuid import UUID

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app.accounts.departures import count_coordinators
from app.accounts.invitations import open_invitation
from app.accounts.models import Invitation, User, user_by_email, waiting_invitations
from app.db import db, new_id
from app.key_commands import keys
from app.transaction import transaction
from tenants import bootstrap
from tenants.communes import UnknownCommune
from tenants.founding import AlreadyFounded, BadQpvCode, BadSlug, found_collective
from tenants.keys import KEYS
from tenants.models import Collective, Role, collective_by_slug
from tenants.recounting import recount_everything
from tenants.rows import found
from tenants.scope import inside
from workers import recounting
from workers.sums import fold_stale

database = AppGroup("database", help="The database: its roles and its guard.")
collective = AppGroup("collective", help="Collectives.")
ledger = AppGroup("ledger", help="The ledger of figures.")
network = AppGroup("network", help="The network's staff.")


def address(context: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    """An e-mail address, or a sentence that says what is wrong with it."""
    try:
        return validate_email(text, check_deliverability=False).normalized if text else None
    except EmailNotValidError as error:
        raise click.BadParameter(f"{text}: {error}") from error


def role_passwords() -> dict[str, str]:
    """The password of each role whose address is configured."""
    binds = current_app.config["SQLALCHEMY_BINDS"]
    urls = [current_app.config["SQLALCHEMY_DATABASE_URI"], binds["network"]["url"], binds["clerk"]["url"], current_app.config["OWNER_DATABASE_URL"]]
    urls.append(os.environ.get("BACKUP_DATABASE_URL"))
    parsed = [make_url(url) for url in urls if url]
    return {url.username: url.password for url in parsed if url.username and url.password}


@database.command("bootstrap")
@click.option("--superuser-url", envvar="SUPERUSER_DATABASE_URL", required=True, help="postgresql://… of a superuser")
def bootstrap_command(superuser_url: str) -> None:
    """Make the roles and the database, and revoke set_config() in it."""
    name = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).database
    passwords = role_passwords()
    bootstrap.bootstrap(superuser_url, name or "essaimage", passwords)
    for role, variable in ((bootstrap.OWNER, "OWNER_DATABASE_URL"), (bootstrap.BACKUP, "BACKUP_DATABASE_URL")):
        if role not in passwords:
            click.echo(f"{variable} is not set: {role} keeps the password that it has, or has none and cannot sign in.", err=True)
    click.echo(f"Roles and database {name} are ready. Next: flask db upgrade.")


@collective.command("create")
@click.argument("insee_code")
@click.option("--neighbourhood", help="name of a neighbourhood, if not the whole commune")
@click.option("--qpv", help="code of a quartier prioritaire, such as QN04412M")
@click.option("--slug", help="address of the workspace; made from the name if not given")
@click.option("--coordinator", callback=address, help="e-mail address to invite as coordination")
def create_command(insee_code: str, neighbourhood: str | None, qpv: str | None, slug: str | None, coordinator: str | None) -> None:
    """Found a collective of the commune INSEE_CODE and invite its coordination."""
    try:
        with transaction():
            founded = found_collective(insee_code, neighbourhood, qpv, slug)
            if coordinator:
                with inside(founded.id):
                    open_invitation(new_id(), coordinator, Role.coordinator, None)
    except (UnknownCommune, BadQpvCode, BadSlug, AlreadyFounded) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{founded.name} ({founded.department}, {founded.population} inhabitants) is at /c/{founded.slug}/.")
    if coordinator:
        click.echo(f"The invitation for {coordinator} leaves with the next mail.")


@collective.command("invite")
@click.argument("slug")
@click.argument("email", callback=address)
def invite_command(slug: str, email: str) -> None:
    """Invite another address as the first coordination of SLUG: what went to a mistyped one is taken back."""
    with transaction():
        founded = collective_by_slug(slug)
        if founded is None:
            raise click.ClickException(f"There is no collective at {slug}.")
        with inside(founded.id):
            if not KEYS.ask():
                raise click.ClickException(f"The key of {founded.name} is destroyed: it has ended. Found another, with --slug.")
            if count_coordinators():
                raise click.ClickException(f"{founded.name} has a coordination: it invites whom it wants.")
            for each in waiting_invitations():
                if each.role == Role.coordinator and each.email != email.lower():
                    found(Invitation, each.id).withdraw()
            open_invitation(new_id(), email, Role.coordinator, None)
    click.echo(f"The invitation for {email} leaves with the next mail.")


@network.command("add")
@click.argument("email", callback=address)
@click.argument("name")
def add_command(email: str, name: str) -> None:
    """Give someone a place at the head of the network. A new account sets its password by "forgotten password"."""
    with transaction():
        user = user_by_email(email)
        if user is None:
            user = User(id=new_id(), email=email, name=name, password=secrets.token_urlsafe(32))
            db.session.add(user)
        user.is_network = True
    click.echo(f"{email} sees the network.")


@ledger.command("recount")
@click.option("--all", "everybody", is_flag=True, help="every collective")
@click.option("--collective", "slug", help="one collective, by its address")
@click.option("--anew", is_flag=True, help="begin with the first collective, even if an earlier run was stopped")
@click.option("--check", is_flag=True, help="say what differs and change nothing")
@click.option("--pause", type=click.FloatRange(0, 100), default=0.3, show_default=True, help="rest for so many times as long as was worked")
def recount_command(everybody: bool, slug: str | None, anew: bool, check: bool, pause: float) -> None:
    """Count everything again from the rows, and say which figures differed.

    One transaction for each collective, and a rest after it, so that pages go on being answered; a run that was stopped goes on where it was.
    """
    if everybody == bool(slug):
        raise click.UsageError("Say --all, or --collective and an address.")
    query = select(Collective.id, Collective.name).order_by(Collective.id)
    query = query.where(Collective.slug == slug) if slug else query
    with transaction():
        every = db.session.execute(query).all()
    if slug and not every:
        raise click.ClickException(f"There is no collective at {slug}.")
    after = recounting.stopped_after(check) if everybody and not anew else None
    left = [each for each in every if after is None or each.id > after]
    if after:
        click.echo(f"Going on where an earlier run stopped: {len(every) - len(left)} of {len(every)} collectives are done.")
    differing = 0
    with click.progressbar(left, label="Collectives", file=sys.stderr, show_pos=True) as bar:
        for collective_id, name in bar:
            begun = time.monotonic()
            differing += _recount(collective_id, name, check)
            if everybody:
                recounting.remember(check, collective_id)
                time.sleep(pause * (time.monotonic() - begun))
    if everybody:
        recounting.forget(check)
    if not check:
        fold_stale(everything=True)
    click.echo(f"{len(left)} collectives, {differing} figures {'differ' if check else 'corrected'}.")


def _recount(collective_id: UUID, name: str, check: bool) -> int:
    with transaction(), inside(collective_id):
        found = recount_everything(write=not check)
    for each in found:
        click.echo(f"{name}: {each.indicator}, {each.period}: {each.before} -> {each.after}")
    return len(found)


def register(house: Flask) -> None:
    """Hang the commands on the application."""
    for command in (database, collective, keys, ledger, network):
        house.cli.add_command(command)

"""Commands of an operator about keys: whether they open, under another master key, renewed, destroyed. No name and no key is ever said."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Invitation, waiting_invitations
from app.accounts.resealing import reseal_generators, reseal_recovery_codes
from app.db import db, now
from app.reports.network_photos import NetworkPhoto
from app.reports.public_pages import own_page
from app.transaction import transaction
from tenants import journal
from tenants.keys import KEYS, destroy_keys, make_key, rewrap_keys
from tenants.masters import Tally, former_master
from tenants.models import Collective, collective_by_slug, members
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import inside
from tenants.sealed_rows import count_sealed

keys = AppGroup("keys", help="The keys of collectives, and the master key.")
log = logging.getLogger("essaimage.keys")
Step = Callable[..., tuple[Tally, UUID | None]]
COLLECTIVES = "keys of collectives"
LATELY = timedelta(days=1)


@dataclass
class Walk:
    """What was found under the master key, and done about it.

    With `write` what is under the former key is put under the present one: each collective and each handful of rows in a transaction of its own.
    Wherever it is stopped, what is done is done, and the next walk does the rest.
    """

    write: bool
    tallies: dict[str, Tally] = field(default_factory=dict)
    # The addresses of all collectives; of those whose keys do not open; of those that have none any more.
    every: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    def go(self) -> "Walk":
        """Collectives first: without their keys nobody can work."""
        with transaction():
            every = db.session.execute(select(Collective.id, Collective.slug).order_by(Collective.slug)).all()
        for collective_id, slug in every:
            self._look_into(collective_id, slug)
        self._all("applications of accounts", reseal_generators)
        self._all("recovery codes", reseal_recovery_codes)
        self._photos()
        return self

    def _count(self, name: str, tally: Tally) -> None:
        self.tallies[name] = self.tallies.get(name, Tally()).plus(tally)

    def _look_into(self, collective_id: UUID, slug: str) -> None:
        with transaction(), inside(collective_id):
            tally = rewrap_keys(write=self.write)
        self._count(COLLECTIVES, tally)
        self.every.append(slug)
        if tally == Tally():
            self.without.append(slug)
        elif tally.closed:
            self.closed.append(slug)

    def _all(self, name: str, step: Step) -> None:
        after, more = None, True
        while more:
            with transaction():
                tally, after = step(after, write=self.write)
            self._count(name, tally)
            more = after is not None

    def _photos(self) -> None:
        with Session(db.engines["network"]) as session, session.begin():
            ids = session.scalars(select(NetworkPhoto.id).order_by(NetworkPhoto.id)).all()
        for photo_id in ids:
            with Session(db.engines["network"]) as session, session.begin():
                if photo := session.get(NetworkPhoto, photo_id, with_for_update=self.write or None):
                    self._count("captions and pictures of the network", photo.reseal(write=self.write))

    def needing_former(self) -> list[str]:
        """How many of what depend on the former key, in words; nothing where none does."""
        return [f"{tally.former} {name}" for name, tally in self.tallies.items() if tally.former]

    def end(self) -> None:
        """Say what no key opens, and end with a failure if there is anything."""
        which = "MASTER_KEY does not open" if former_master() is None else "Neither MASTER_KEY nor FORMER_MASTER_KEY opens"
        if self.without:
            click.echo(f"{len(self.without)} collectives have no key, what they had sealed is erased: {', '.join(self.without[:10])}.", err=True)
        if self.closed:
            raise click.ClickException(f"{which} the keys of {len(self.closed)} of {len(self.every)} collectives: {', '.join(self.closed[:10])}.")
        if others := [f"{tally.closed} {name}" for name, tally in self.tallies.items() if tally.closed]:
            raise click.ClickException(f"{which} {', '.join(others)}.")


@keys.command("check")
def check_command() -> None:
    """Say whether MASTER_KEY opens the keys of every collective and what accounts keep, and whether FORMER_MASTER_KEY is still needed.

    After a restore, before anybody signs in.
    """
    walk = Walk(write=False).go()
    walk.end()
    click.echo(f"MASTER_KEY opens the keys of {len(walk.every) - len(walk.without)} of {len(walk.every)} collectives.")
    if former_master() is None:
        return
    if needing := walk.needing_former():
        click.echo(f"FORMER_MASTER_KEY is still needed for {', '.join(needing)}. Next: flask keys rewrap.")
    else:
        click.echo("Nothing needs FORMER_MASTER_KEY any more: take it out, and restart everything.")


@keys.command("rewrap")
def rewrap_command() -> None:
    """Put under MASTER_KEY what is still under FORMER_MASTER_KEY. May be stopped at any moment, and run again.

    No name, text or picture of a collective is touched: what sealed them stays, wrapped by another key.
    """
    if former_master() is None:
        raise click.ClickException("FORMER_MASTER_KEY is not set: set it to the key that MASTER_KEY takes the place of.")
    walk = Walk(write=True).go()
    for name, tally in walk.tallies.items():
        click.echo(f"{name}: {tally.former} put under MASTER_KEY, {tally.present} already were, {tally.closed} open with neither.")
    log.warning("rewrapped: %s", ", ".join(walk.needing_former()) or "nothing was left to do")
    walk.end()
    click.echo("Next: flask keys check.")


@keys.command("renew")
@click.argument("slug", required=False)
@click.option("--all", "everybody", is_flag=True, help="every collective")
def renew_command(slug: str | None, everybody: bool) -> None:
    """Seal what the collective at SLUG, or every collective, writes from now on with a new key.

    The former ones stay and still open what they sealed: this is for whoever may have them, and not yet what comes. May be stopped, and run again:
    whoever got a new key within a day keeps that.
    """
    if everybody == bool(slug):
        raise click.UsageError("Say --all, or an address.")
    query = select(Collective.id).order_by(Collective.id)
    with transaction():
        ids = db.session.scalars(query.where(Collective.slug == slug) if slug else query).all()
    if slug and not ids:
        raise click.ClickException(f"There is no collective at {slug}.")
    renewed = 0
    for collective_id in ids:
        with transaction(), inside(collective_id):
            known = KEYS.ask()
            # A collective without a key has ended, and gets none.
            if known and max(each.made_at for each in known) < now() - LATELY:
                make_key()
                renewed += 1
    log.warning("renewed: %d keys", renewed)
    click.echo(f"{renewed} of {len(ids)} collectives seal with a new key; {len(ids) - renewed} had one since yesterday, or have none any more.")


@keys.command("destroy")
@click.argument("slug")
@click.option("--yes-destroy", "again", metavar="SLUG", help="the same address again, instead of being asked for it")
def destroy_command(slug: str, again: str | None) -> None:
    """Destroy the key of the collective at SLUG, which has ended: whatever it sealed can never be read again.

    Nobody may be a member any more, and its public page is taken down. Waiting invitations are withdrawn.
    """
    with transaction():
        ended = _ended(slug)
        with inside(ended.id):
            if not KEYS.ask():
                click.echo(f"{ended.name} has no key any more: there is nothing to destroy.")
                return
            counts = count_sealed()
    click.echo(f"Of {ended.name} these rows become unreadable for ever, and its wishes (“ne plus passer”) and follow-up codes are known no more:")
    click.echo("\n".join(f"  {name}: {number}" for name, number in counts.items()) or "  none")
    again = again if again is not None else click.prompt(f"To destroy its key, type its address ({slug}) again", default="", show_default=False)
    if again != slug:
        raise click.ClickException("That is another address: nothing was destroyed.")
    with transaction():
        ended = _ended(slug)
        with inside(ended.id):
            for each in waiting_invitations():
                found(Invitation, each.id).withdraw()
            number = destroy_keys()
            ended.ended_on = today_in(ended.time_zone)
            journal.note("destroyed", "keys", ended.id)
    log.warning("destroyed: %d keys of %s", number, slug)
    click.echo(f"The key of {ended.name} is destroyed. In backups it ends with the last dump of keys that was made before now.")


def _ended(slug: str) -> Collective:
    """The collective of an address, if nothing shows that it is alive; raises ClickException."""
    collective = collective_by_slug(slug)
    if collective is None:
        raise click.ClickException(f"There is no collective at {slug}.")
    with inside(collective.id):
        if present := len(db.session.scalars(members()).all()):
            raise click.ClickException(f"{collective.name} has {present} members: a key is destroyed when the last of them has left.")
        if own_page() is not None:
            raise click.ClickException(f"{collective.name} has a public page: it is to be taken down first.")
    return collective

"""`flask demo prepare`: tables, then the demonstration network, each only if it is not there yet."""

import click
from flask.cli import AppGroup
from flask_migrate import upgrade

from app.demo import world

demo = AppGroup("demo", help="The demonstration.")


@demo.command("prepare")
def prepare_command() -> None:
    """Migrate, and load the demonstration network once."""
    click.echo("· tables")
    upgrade()
    click.echo("· demonstration network" + (" (loaded)" if world.load() else " (already there)"))

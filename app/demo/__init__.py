"""The demonstration: an embedded PostgreSQL and Redis, an invented network of five collectives, its mailbox page.

Never loaded in production: `open_in` refuses.
"""

from flask import Flask

BANNER = "demonstration"


def open_in(house: Flask) -> None:
    """Add the rooms of the demonstration to an application in that mode."""
    if house.config["MODE"] != "demonstration":
        raise RuntimeError("The demonstration is never loaded in production.")
    from app.demo import commands, mailbox, parts

    house.register_blueprint(mailbox.bp)
    house.register_blueprint(parts.bp)
    house.cli.add_command(commands.demo)

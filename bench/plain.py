"""The house with the names and streets of people in plain columns: what sealing is measured beside. No part of the house."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

import app.factory
from app.people.models import Person

COLUMNS = "alter table persons add column plain_name text, add column plain_street text"


def create_app() -> Flask:
    """The whole house, except that it reads the plain columns where it would open the sealed ones."""
    house = app.factory.create_app()
    plain: Any = Person
    for name in ("name", "street"):
        setattr(plain, f"plain_{name}", sa.Column(f"plain_{name}", sa.Text))
        setattr(plain, name, property(lambda row, column=f"plain_{name}": getattr(row, column)))
    return house

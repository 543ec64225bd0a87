"""Desks: what each of us finds first. Gathered from the rooms; nothing of its own is kept here."""

from flask import Blueprint

bp = Blueprint("desk", __name__)
trainer = Blueprint("trainer", __name__, url_prefix="/formation")

"""Accounts: who signs in. They belong to no collective; a membership does.

A sign-in is a row that can be seen and ended. An invitation brings someone into a collective with a role, by a
link that opens a page with a button, because the mail filters of town halls click on links.
"""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
team = Blueprint("team", __name__, url_prefix="/equipe")

"""People: a person as one collective knows them, and what waits to be done for them.

A file begins with a first name and an agreement. It records a path, two companions, circles of contact and a story; every reading is
written to the journal, and the person may read all of it.
"""

from flask import Blueprint

bp = Blueprint("people", __name__, url_prefix="/personnes")
tasks_bp = Blueprint("tasks", __name__, url_prefix="/a-faire")

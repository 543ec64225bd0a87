"""Follow-up: the monthly permanence, what is done together, and nobody who falls silent unnoticed. Step 4 of the method.

A permanence follows from a rule that one can read aloud; an activity may be carried by someone who is accompanied; the network meets
each team once a month over a note that names no inhabitant.
"""

from flask import Blueprint

bp = Blueprint("followup", __name__, url_prefix="/suivi")

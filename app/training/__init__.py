"""Step 3, the training course: eight sessions, one group, one calendar.

The head writes the plan; a collective runs a course from it, and each of its trainers finds the sessions in an agenda of their own. Who
attends as many sessions as the plan asks for leaves with a certificate.
"""

from flask import Blueprint

bp = Blueprint("training", __name__, url_prefix="/parcours")
public = Blueprint("enrolment", __name__)

"""Outreach: going towards people whom nobody sees any more. Step 1 of the method.

A round is one outing of one team: planned, run, closed. What it notes is an outcome per door, never a name;
thirty days after the round the doors are forgotten and only the numbers stay.
"""

from flask import Blueprint

bp = Blueprint("outreach", __name__, url_prefix="/aller-vers")

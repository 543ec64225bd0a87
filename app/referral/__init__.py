"""Referral: what partners bring in, and where people are taken along. Step 2 of the method.

A prescription comes in through a partner's own signed link and becomes a meeting, or not; a referral goes out to a resource, which
answers from a link without an account. Both tell outsiders no more than the person agreed to.
"""

from flask import Blueprint

bp = Blueprint("referral", __name__, url_prefix="/orientation")

"""Yearly reports: what a collective, or the network, says of its year to everybody.

A draft holds chosen words and photos. Publishing counts the year once, protects what counts people, attacks the result as a stranger would,
and freezes it as an edition with its checksum: it is never computed again. A correction is another edition beside it.
"""

from flask import Blueprint

bp = Blueprint("reports", __name__, url_prefix="/rapports")
# Public: they hang on no door.
discover = Blueprint("discover", __name__, url_prefix="/decouvrir")
public = Blueprint("editions", __name__, url_prefix="/rapports")

"""The words of referrals: how they stand, how they are asked, what became of them."""

from flask_babel import lazy_gettext as _l

from app.referral.imports import ImportState
from app.referral.referrals import Outcome, ReferralState, Way

STATE_NAMES = {
    ReferralState.draft: _l("à envoyer"),
    ReferralState.sent: _l("attend une réponse"),
    ReferralState.accepted: _l("acceptée"),
    ReferralState.refused: _l("refusée"),
    ReferralState.cancelled: _l("annulée"),
    ReferralState.expired: _l("sans réponse"),
    ReferralState.stopped: _l("arrêtée"),
}
STATE_COLOURS = {ReferralState.draft: "honey", ReferralState.sent: "honey", ReferralState.accepted: "green"}
WAY_NAMES = {Way.mail: _l("Par mail, avec un lien pour répondre"), Way.phone: _l("Par téléphone : vous appelez et notez la réponse")}
OUTCOME_NAMES = {
    Outcome.went: _l("La personne y est allée seule"),
    Outcome.accompanied: _l("La personne y est allée, accompagnée"),
    Outcome.did_not_go: _l("La personne n’y est pas allée"),
}
IMPORT_NAMES = {
    ImportState.reading: _l("lecture en cours"),
    ImportState.ready: _l("à confirmer"),
    ImportState.writing: _l("enregistrement en cours"),
    ImportState.done: _l("enregistré"),
    ImportState.failed: _l("illisible"),
    ImportState.left: _l("laissé"),
}

"""Two who write to one draft of a referral: the second sees what the first wrote, and nothing of either is lost."""

from datetime import timedelta

from tests.referral.conftest import TODAY


def test_a_draft_is_not_written_over(saint_mars, journey):
    referral_id = journey.drafts()
    opened = journey.opened(referral_id)
    later = (TODAY + timedelta(days=3)).isoformat()
    first = journey.rewrites(referral_id, "second", opened, reason="Elle voudrait surtout de la compagnie.", goes_on=later, way="phone")
    assert first.status_code == 302
    second = journey.rewrites(referral_id, "volunteer", opened, reason="Elle cherche un atelier.", reached="par Maëlle")
    assert second.status_code == 409
    told = second.text.split('<dl class="mb-0">')[1].split("</dl>")[0]
    for text in ("Elle voudrait surtout de la compagnie.", "Par téléphone", "Quel jour ?"):
        assert text in told, text
    for text in (saint_mars.names("second")[0] + " a enregistré", "Elle cherche un atelier.", "par Maëlle"):
        assert text in second.text, text
    assert "Elle voudrait surtout de la compagnie." in saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text
    again = journey.rewrites(referral_id, "volunteer", journey.opened(referral_id), reason="Elle cherche un atelier.")
    assert again.status_code == 302
    assert "Elle cherche un atelier." in saint_mars.second.get("referral.show_referral", referral_id=referral_id).text


def test_the_same_change_sent_twice_is_no_quarrel(journey):
    referral_id = journey.drafts()
    opened = journey.opened(referral_id)
    for _time in range(2):
        assert journey.rewrites(referral_id, "second", opened, reason="Elle cherche un atelier.").status_code == 302


def test_who_writes_to_a_draft_that_was_sent_meanwhile_keeps_their_words(saint_mars, journey):
    referral_id = journey.drafts()
    opened = journey.opened(referral_id)
    journey.sends(referral_id)
    answer = journey.rewrites(referral_id, "second", opened, reason="Elle cherche un atelier.")
    assert answer.status_code == 409
    assert "elle ne change plus" in answer.text
    assert "Elle cherche un atelier." in answer.text
    assert "Relire avant d’envoyer" not in answer.text
    assert "Elle coud depuis toujours" in saint_mars.volunteer.get("referral.show_referral", referral_id=referral_id).text

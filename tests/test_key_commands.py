"""Keys as an operator handles them: under another master key without losing a name."""

import base64
import hmac
import logging
from datetime import timedelta

import pytest
from pyotp import random_base32
from pyotp.totp import TOTP
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import key_commands
from app.accounts.factors import CodeGenerator, RecoveryCode, add_generator, make_recovery_codes, takes_code
from app.accounts.models import user_by_email
from app.db import db, now
from app.demo.world import DOMAIN
from app.people.models import Person
from app.reports.network_photos import NetworkPhoto
from app.transaction import transaction
from tenants.keys import KEYS, CollectiveKey, destroy_keys, make_key, seal, unseal
from tenants.models import Collective
from tenants.scope import inside
from tests.servers import MASTER

OLD, NEW = base64.b64decode(MASTER), bytes(range(32, 64))
SLUG = "saint-mars-du-desert"
LUCE = f"elu.{SLUG}@{DOMAIN}"


@pytest.fixture
def network(house):
    """What the network's role writes is taken back as well; yields its connection."""
    engines = db._app_engines[house]
    own = engines["network"]
    with own.connect() as connection:
        outer = connection.begin()
        engines["network"] = connection
        yield connection
        engines["network"] = own
        outer.rollback()


@pytest.fixture
def masters(house, network, monkeypatch):
    """Start anew with these two master keys."""

    def restart(present, former=None):
        monkeypatch.setitem(house.config, "MASTER_KEY", present)
        monkeypatch.setitem(house.config, "FORMER_MASTER_KEY", former)

    return restart


def names(crew):
    """Everyone whom a collective knows: each name is sealed."""
    with crew.at_home():
        return sorted(each.name for each in db.session.scalars(select(Person)))


def captions(house, network):
    with house.app_context(), Session(network) as session:
        return [each.caption for each in session.scalars(select(NetworkPhoto))]


def every_row(house):
    """All that is wrapped or sealed under a master key."""
    rows = []
    with house.app_context():
        for collective_id in db.session.scalars(select(Collective.id)).all():
            with inside(collective_id):
                rows += db.session.scalars(select(CollectiveKey.wrapped)).all()
        return [*rows, *db.session.scalars(select(CodeGenerator.secret_sealed)), *db.session.scalars(select(RecoveryCode.code_hash))]


def figures(output, name):
    """What a run did about something: put under the present key, already there, not openable."""
    (line,) = [each for each in output.splitlines() if each.startswith(f"{name}: ")]
    return tuple(int(word) for word in line.split() if word.isdigit())


@pytest.fixture
def luce(house):
    """An account with an application and ten codes on paper; returns the secret and the codes."""
    secret = random_base32()
    with house.app_context(), transaction():
        user = user_by_email(LUCE)
        assert add_generator(user, secret, TOTP(secret).now())
        db.session.flush()
        return secret, make_recovery_codes(user)


def lets_in(house, code):
    with house.app_context(), transaction():
        return takes_code(user_by_email(LUCE), code)


def secret_of(house):
    with house.app_context():
        return db.session.get_one(CodeGenerator, user_by_email(LUCE).id).secret


def test_a_master_key_that_opens_nothing_is_said(run, saint_mars, masters):
    answer = run("keys", "check")
    assert answer.exit_code == 0, answer.output
    assert "MASTER_KEY opens the keys of" in answer.output
    assert "FORMER_MASTER_KEY" not in answer.output
    with saint_mars.at_home():
        db.session.execute(delete(CollectiveKey))
        db.session.commit()
    assert f"1 collectives have no key, what they had sealed is erased: {SLUG}." in run("keys", "check").output
    masters(NEW)
    answer = run("keys", "check")
    assert answer.exit_code == 1
    assert "MASTER_KEY does not open the keys of" in answer.output


def test_under_another_master_key_no_name_is_lost(house, run, saint_mars, ranzay, network, masters, luce):
    before, drawn, (secret, codes) = {crew: names(crew) for crew in (saint_mars, ranzay)}, captions(house, network), luce
    kept = every_row(house)
    assert all(before.values())
    assert drawn
    masters(NEW, OLD)
    # Nobody is shut out meanwhile.
    assert {crew: names(crew) for crew in before} == before
    assert captions(house, network) == drawn
    assert secret_of(house) == secret
    assert lets_in(house, codes[0])
    answer = run("keys", "check")
    assert answer.exit_code == 0, answer.output
    assert "FORMER_MASTER_KEY is still needed for" in answer.output
    assert "1 applications of accounts" in answer.output
    assert "9 recovery codes" in answer.output
    assert set(every_row(house)) == set(kept)
    answer = run("keys", "rewrap")
    assert answer.exit_code == 0, answer.output
    done, already, closed = figures(answer.output, "keys of collectives")
    assert (done > 1, already, closed) == (True, 0, 0)
    assert figures(answer.output, "recovery codes") == (9, 0, 0)
    # A used code stays as it is: it opens nothing with any key.
    assert len(set(every_row(house)) & set(kept)) == 1
    once = every_row(house)
    answer = run("keys", "rewrap")
    assert figures(answer.output, "keys of collectives") == (0, done, 0)
    assert every_row(house) == once
    assert "Nothing needs FORMER_MASTER_KEY any more" in run("keys", "check").output
    masters(NEW)
    assert run("keys", "check").exit_code == 0
    assert {crew: names(crew) for crew in before} == before
    assert captions(house, network) == drawn
    assert secret_of(house) == secret
    assert not lets_in(house, codes[0])
    assert lets_in(house, codes[1].lower())
    masters(OLD)
    assert run("keys", "check").exit_code == 1


def test_what_is_written_meanwhile_is_under_the_present_key(house, run, masters, luce):
    masters(NEW, OLD)
    assert run("collective", "create", "23096").exit_code == 0
    with house.app_context(), transaction():
        fresh = make_recovery_codes(user_by_email(LUCE))
    answer = run("keys", "rewrap")
    assert figures(answer.output, "keys of collectives")[1] == 1
    assert figures(answer.output, "recovery codes") == (0, 10, 0)
    masters(NEW)
    assert lets_in(house, fresh[0])
    assert not lets_in(house, luce[1][1])


def test_cut_in_the_middle_it_is_taken_up_again(run, saint_mars, ranzay, masters, monkeypatch):
    before, done = [names(saint_mars), names(ranzay)], []

    def cut(**how):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(real(**how))
        return done[-1]

    real = key_commands.rewrap_keys
    masters(NEW, OLD)
    with monkeypatch.context() as power:
        power.setattr(key_commands, "rewrap_keys", cut)
        assert run("keys", "rewrap").exit_code != 0
    assert [names(saint_mars), names(ranzay)] == before
    answer = run("keys", "rewrap")
    assert answer.exit_code == 0, answer.output
    assert figures(answer.output, "keys of collectives")[1] == sum(each.former for each in done) == 2
    masters(NEW)
    assert [names(saint_mars), names(ranzay)] == before


def test_a_collective_with_several_keys_keeps_all_of_them(run, saint_mars, masters):
    with saint_mars.at_home():
        first = seal("avant", "drafts.fields/1")
        make_key()
        db.session.flush()
        second = seal("après", "drafts.fields/1")
    masters(NEW, OLD)
    assert run("keys", "rewrap").exit_code == 0
    masters(NEW)
    with saint_mars.at_home():
        assert [unseal(each, "drafts.fields/1") for each in (first, second)] == ["avant", "après"]


def test_a_key_that_opens_with_neither_is_named_and_stops_nobody(run, saint_mars, ranzay, masters):
    before = names(ranzay)
    with saint_mars.at_home():
        db.session.execute(update(CollectiveKey).values(wrapped=bytes(60)))
        db.session.commit()
    masters(NEW, OLD)
    answer = run("keys", "rewrap")
    assert answer.exit_code == 1
    assert figures(answer.output, "keys of collectives")[2] == 1
    assert "Neither MASTER_KEY nor FORMER_MASTER_KEY opens the keys of 1 of" in answer.output
    assert SLUG in answer.output
    masters(NEW)
    assert names(ranzay) == before


def test_recovery_codes_as_they_were_kept_before_go_along(house, run, masters, luce):
    _secret, codes = luce
    with house.app_context(), transaction():
        user_id = user_by_email(LUCE).id
        rows = db.session.scalars(select(RecoveryCode).order_by(RecoveryCode.id)).all()
        for row, code in zip(rows, codes, strict=True):
            row.code_hash = former_hash(user_id, code)
    assert lets_in(house, codes[0])
    assert run("keys", "check").exit_code == 0
    masters(NEW, OLD)
    assert lets_in(house, codes[1])
    assert figures(run("keys", "rewrap").output, "recovery codes") == (8, 0, 0)
    masters(NEW)
    assert lets_in(house, codes[2])
    assert not lets_in(house, codes[1])
    assert not lets_in(house, "22222-22222")


def former_hash(user_id, code):
    """As recovery codes were hashed until November 2026."""
    key = hmac.digest(OLD, b"essaimage/accounts/hash", "sha256")
    return hmac.digest(key, f"{user_id}/{code.replace('-', '')}".encode(), "sha256")


def test_nothing_is_said_of_names_and_keys(house, run, saint_mars, masters, caplog, luce):
    caplog.set_level(logging.DEBUG)
    masters(NEW, OLD)
    said = run("keys", "rewrap").output + run("keys", "check").output + caplog.text
    with saint_mars.at_home():
        secrets = [NEW, OLD, *db.session.scalars(select(CollectiveKey.wrapped))]
    assert "rewrapped: " in said
    assert not [name for name in names(saint_mars) if name in said]
    assert not [key for key in secrets if key.hex() in said or base64.b64encode(key).decode() in said or repr(key) in said]
    assert LUCE not in said


def test_without_a_former_key_there_is_nothing_to_rewrap(run):
    answer = run("keys", "rewrap")
    assert answer.exit_code == 1
    assert "FORMER_MASTER_KEY is not set" in answer.output


@pytest.fixture
def last_week(saint_mars, ranzay):
    """Two collectives have their keys for a week."""
    for crew in (saint_mars, ranzay):
        with crew.at_home():
            db.session.execute(update(CollectiveKey).values(made_at=now() - timedelta(days=7)))


def test_what_is_written_from_now_on_has_another_key(run, saint_mars, ranzay, last_week):
    before = names(saint_mars)
    answer = run("keys", "renew", "--all")
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("2 of ")
    for crew in (saint_mars, ranzay):
        with crew.at_home():
            assert sorted(each.number for each in KEYS.ask()) == [1, 2]
            assert seal("après", "drafts.fields/1")[1:5] == (2).to_bytes(4, "big")
    assert names(saint_mars) == before
    # Run again, nobody gets a third.
    assert run("keys", "renew", "--all").output.startswith("0 of ")
    assert run("keys", "check").exit_code == 0


def test_one_collective_alone_gets_a_new_key_and_one_without_gets_none(run, saint_mars, ranzay, last_week):
    assert run("keys", "renew", SLUG).output.startswith("1 of 1 ")
    with ranzay.at_home():
        assert len(KEYS.ask()) == 1
        destroy_keys()
    assert run("keys", "renew", ranzay.slug).output.startswith("0 of 1 ")
    with ranzay.at_home():
        assert KEYS.ask() == []
    assert "There is no collective at nulle-part." in run("keys", "renew", "nulle-part").output
    assert run("keys", "renew").exit_code == run("keys", "renew", SLUG, "--all").exit_code == 2

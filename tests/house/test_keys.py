"""What is under the master key can be put under another, and what is under a collective's key is known by its name."""

import ast
import re

import pytest
import sqlalchemy as sa

import app.factory  # noqa: F401  # importing the house declares all tables
from app.db import Model
from tests.house.test_source import PYTHON, ROOT, relative

SEALING = ("seal_in_house", "seal_for", "hashed_for", "derived")
# Where something is closed by the master key, and what puts it under another one.
PUT_UNDER_ANOTHER = {
    "app/accounts/factors.py": "app/accounts/resealing.py",
    "app/accounts/seals.py": "app/accounts/resealing.py",
    "app/reports/network_photos.py": "NetworkPhoto.reseal",
    # The secret of a form that is open: the form is asked for again.
    "app/accounts/second_step_setup.py": "",
    "tenants/house_keys.py": "",
}
# Bytes of a collective that are no sealed text: keyed hashes of the collective's key, and that key, wrapped.
MARKS = {"collective_keys.wrapped", "wishes.mark", "phone_numbers.mark", "prescriptions.mark"}


def calls(text, names):
    """Which of these functions a source calls."""
    called = {node.func.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return called & set(names)


def test_the_linter_catches_what_it_is_for():
    assert calls("x = seal_for(user_id, 'about', text)", SEALING)
    assert not calls("from app.accounts.seals import seal_for\nunseal_for(x)", SEALING)


@pytest.mark.parametrize("path", [path for name in ("app", "tenants", "workers") for path in PYTHON[name]], ids=relative)
def test_what_the_master_key_closes_can_be_put_under_another(path):
    text = path.read_text()
    assert relative(path) in PUT_UNDER_ANOTHER or not calls(text, SEALING), (
        f"{relative(path)} closes something with the master key: `flask keys rewrap` has to put it under another one (app/key_commands.py), "
        "or it is lost when the key changes. Say here what does."
    )
    known = ("tenants/masters.py", "app/settings.py", "app/demo/serve.py")
    assert relative(path) in known or not re.search(r"""\[["'](FORMER_)?MASTER_KEY""", text), (
        f"{relative(path)} reads the master key: tenants/masters.py does, which knows of the former one as well."
    )


def test_each_way_under_another_key_is_walked():
    commands = (ROOT / "app/key_commands.py").read_text()
    assert all(name in commands for name in ("rewrap_keys(", "reseal_generators", "reseal_recovery_codes", ".reseal("))


def test_bytes_of_a_collective_are_sealed_by_name():
    tables = [table for table in Model.metadata.sorted_tables if "collective_id" in table.c]
    bytes_ = {f"{table.name}.{column.name}" for table in tables for column in table.c if isinstance(column.type, sa.LargeBinary)}
    stray = {name for name in bytes_ if not name.endswith("_sealed")} - MARKS
    assert len(bytes_) > 60
    assert not stray, f"{sorted(stray)} end in no `_sealed`: `flask keys destroy` would not say that they become unreadable (tenants/sealed_rows.py)."

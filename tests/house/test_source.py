"""Rules of the source, as linters: each with lines that it catches and lines that it leaves alone."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 250
PYTHON = {name: sorted((ROOT / name).rglob("*.py")) for name in ("app", "tenants", "workers", "migrations")}
OURS = [path for name in ("app", "tenants", "workers") for path in PYTHON[name]]


def keywords(text, wanted):
    """Lines where a call passes this keyword, or a dict literal names it."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg == wanted:
            found.append(node.value.lineno)
        if isinstance(node, ast.Dict):
            found += [key.lineno for key in node.keys if isinstance(key, ast.Constant) and key.value == wanted]
    return found


def commits(text):
    return [node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute) and node.attr == "commit"]


def imports(text):
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def machine_paths(text):
    return re.findall(r"(?<![\w./])/(?:home|root|Users|mnt|opt|srv|work|workspace)/[\w.]+", text)


def relative(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (lambda text: keywords(text, "collective_id"), ["Round(collective_id=x)", "insert({'collective_id': x})"], ["Round.collective_id == x"]),
        (commits, ["db.session.commit()", "run = session.commit"], ["'commit('", "# commit()", "committed()"]),
        (imports, ["import app", "from tenants.rows import x"], ["'import app'"]),
        (machine_paths, ["x = '/home/me/x'", "see /root/x"], ["/c/<slug>/", "https://x.org/home/x", "app/home/x", "'/var/lib'"]),
    ],
    ids=["collective_id", "commit", "imports", "paths"],
)
def test_the_linters_catch_what_they_are_for(rule, bad, good):
    assert all(rule(line) for line in bad)
    assert not any(rule(line) for line in good)


def test_the_collective_is_named_in_tenants_alone():
    # An address of the network names the collective it shows; that is no row.
    addresses = {
        "app/network/views.py": 'url_for("network.show", collective_id=',
        "app/network/support_views.py": 'url_for(f"network.{name}", collective_id=',
    }
    for path in [*PYTHON["app"], *PYTHON["workers"]]:
        lines = path.read_text().splitlines()
        for number in keywords(path.read_text(), "collective_id"):
            excused = addresses.get(relative(path), "\0") in lines[number - 1]
            assert excused, f"{relative(path)}:{number} names the collective: take it from the place (tenants/rows.py does)."


def test_one_place_commits():
    places = [f"{relative(path)}:{line}" for path in OURS for line in commits(path.read_text())]
    assert [place.split(":")[0] for place in places] == ["app/transaction.py"], (
        f"Commits at {places}: a request, a job, a command is one transaction (app/transaction.py); raise to roll back."
    )


@pytest.mark.parametrize("path", PYTHON["migrations"], ids=relative)
def test_migrations_never_import_the_application(path):
    # env.py is how migrations are run, and needs the models to compare with.
    if path.name == "env.py":
        assert "versions" not in path.parts
        return
    known = imports(path.read_text()) & {"app", "tenants", "workers"}
    assert not known, f"{relative(path)} imports {sorted(known)}, which will have changed when it runs again: write out what it needs."


def test_files_stay_small():
    files = [*OURS, *PYTHON["migrations"], *(ROOT / "templates").rglob("*.*")]
    long = {
        relative(path): lines
        for path in files
        # A migration says everything once and is never changed.
        if "versions" not in path.parts and (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long, f"Over {LONGEST} lines: {long}. A file that outgrows its room hides a noun that wants its own file."


def test_every_room_says_what_it_is():
    for path in [*PYTHON["app"], *PYTHON["tenants"], *PYTHON["workers"]]:
        assert ast.get_docstring(ast.parse(path.read_text())), f"{relative(path)} opens without a word: say in a sentence what it is."


def test_no_file_names_a_path_of_some_machine():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    files = [ROOT / name for name in tracked if name] or [path for path in ROOT.glob("*/**/*") if ".venv" not in path.parts]
    for path in files:
        if path == Path(__file__) or not path.is_file() or path.suffix in (".gz", ".png", ".woff2", ".mo", ".pdf"):
            continue
        found = machine_paths(path.read_text(errors="replace"))
        assert not found, f"{relative(path)} names {found[0]}: a clone lies elsewhere; start from the file's own place."

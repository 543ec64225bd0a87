"""Reads the SQL of all migrations with squawk, which knows what locks a live table: `python -m tests.migrations_check`."""

import contextlib
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

ROOT = Path(__file__).parent.parent
# Lengths are told to the user where they are typed; a text column with a check would say it twice. Small integers are small by nature.
LEFT_OUT = "prefer-text-field,prefer-bigint-over-int,prefer-bigint-over-smallint,prefer-robust-stmts,require-timeout-settings"


def sql() -> str:
    """The statements of all migrations, as they would be sent."""
    from alembic.runtime.environment import EnvironmentContext

    from app.db import Model

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    written = io.StringIO()
    head = scripts.get_current_head()

    def upgrade(revision: object, context: object) -> list[object]:
        return scripts._upgrade_revs(head, revision)

    with EnvironmentContext(config, scripts, fn=upgrade, as_sql=True, destination_rev=head) as environment:
        environment.configure(dialect_name="postgresql", target_metadata=Model.metadata, literal_binds=True, output_buffer=written)
        with environment.begin_transaction(), contextlib.redirect_stdout(written):
            environment.run_migrations()
    return written.getvalue()


def main() -> int:
    """Squawk's own exit code."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(sql())
        file.flush()
        squawk = Path(sys.executable).parent / "squawk"
        return subprocess.run([squawk, "--exclude", LEFT_OUT, file.name]).returncode


if __name__ == "__main__":
    sys.exit(main())

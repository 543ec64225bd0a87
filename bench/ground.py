"""The ground of one bench: its own PostgreSQL and Redis in a temporary folder, and web servers on ports that are free."""

import base64
import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.demo import servers
from app.demo.serve import passwords
from bench.browser import Browser
from tenants.bootstrap import bootstrap

# As many threads as writers at once; the same for the reference and for the house.
THREADS = 16


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the servers stand, and the secrets that all programs of this bench share."""

    folder: Path
    superuser: str
    redis: str
    app_password: str
    secret_key: str
    master_key: str

    def database(self, name: str) -> dict[str, str]:
        """Make a database with its roles and its guard. Returns the environment of a program that uses it in production."""
        addresses = servers.roles_of(self.superuser, name, self.app_password, self.redis)
        bootstrap(self.superuser, name, passwords(addresses))
        return addresses.environment() | {
            "SUPERUSER_DATABASE_URL": addresses.superuser,
            "ESSAIMAGE_MODE": "production",
            "SECRET_KEY": self.secret_key,
            "MASTER_KEY": self.master_key,
            "DATABASE_POOL": str(THREADS),
            "HELP_PHONE": "02 61 91 00 12",
            "BENCH_LOG": str(self.folder / f"{name}.log"),
        }


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Start PostgreSQL and Redis; on leaving they stop and their folder is gone."""
    with tempfile.TemporaryDirectory(prefix="essaimage-bench-", ignore_cleanup_errors=True) as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        with servers.redis_server(Path(folder) / "redis") as redis, servers.postgres(Path(folder) / "postgres") as superuser:
            master_key = base64.b64encode(secrets.token_bytes(32)).decode()
            yield Ground(Path(folder), superuser, redis, secrets.token_hex(24), secrets.token_urlsafe(48), master_key)


@dataclass(frozen=True, slots=True)
class Web:
    """A running web server: one master, one worker, `THREADS` threads."""

    port: int
    master: int

    def worker(self) -> int:
        """The process that answers."""
        return int(Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()[0])

    def resident(self) -> int:
        """Its resident memory, in bytes."""
        lines = Path(f"/proc/{self.worker()}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serving(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a web server as docs/operating.md says it: few heaps, and only the addresses that it uses."""
    unused = {"OWNER_DATABASE_URL", "SUPERUSER_DATABASE_URL", "BACKUP_DATABASE_URL"}
    return {name: value for name, value in environment.items() if name not in unused} | {"MALLOC_ARENA_MAX": "2"}


@contextlib.contextmanager
def web(program: str, environment: Mapping[str, str]) -> Iterator[Web]:
    """Run a program under gunicorn until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", program, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    command += ["--workers", "1", "--threads", str(THREADS), "--keep-alive", "600", "--log-level", "error", "--no-control-socket"]
    with Path(environment["BENCH_LOG"]).open("w") as log:
        process = subprocess.Popen(command, env=serving({**os.environ, **environment}), start_new_session=True, stderr=log)
    try:
        if not _answers(port, process):
            raise SystemExit(f"{program} did not start:\n{Path(environment['BENCH_LOG']).read_text()}")
        yield Web(port, process.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    """Wait until it answers, whatever it answers; False if it ended, or said nothing for a minute."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            Browser(port).ask("GET", "/enter")
            return True
        time.sleep(0.1)
    return False

"""`make run`: everything on one machine, from nothing to an address to open. Ctrl-C stops all of it."""

import base64
import contextlib
import fcntl
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from sqlalchemy.engine import make_url

from app.demo import servers
from tenants import bootstrap

VAR = Path("var").resolve()
DATABASE = "essaimage"


def say(text: str) -> None:
    """Tell whoever watches the terminal what is being done."""
    print(f"· {text}", flush=True)


def kept_secrets() -> dict[str, str]:
    """The demonstration's own secrets, made once and kept under var/, readable by their owner alone."""
    file = VAR / "demo.secrets"
    if not file.exists():
        file.touch(mode=0o600)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "APP_PASSWORD": secrets.token_hex(24),
        }
        file.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def passwords(addresses: servers.Addresses) -> dict[str, str]:
    """The password of each role."""
    urls = [make_url(each) for each in (addresses.owner, addresses.app, addresses.network, addresses.clerk, addresses.backup)]
    return {url.username: url.password for url in urls if url.username and url.password}


@contextlib.contextmanager
def surroundings() -> Iterator[dict[str, str]]:
    """Database and queue, embedded or given; yields the environment of the program."""
    own = kept_secrets()
    environment = {
        "ESSAIMAGE_MODE": "demonstration",
        "MAILBOX": str(VAR / "mails"),
        "MAIL_BACKEND": "app.demo.mailbox",
        "HELP_PHONE": "02 61 91 00 12",
        "SECRET_KEY": own["SECRET_KEY"],
        "MASTER_KEY": own["MASTER_KEY"],
    }
    with contextlib.ExitStack() as stack:
        if "REDIS_URL" not in os.environ:
            say("Redis")
            environment["REDIS_URL"] = stack.enter_context(servers.redis_server(VAR / "redis"))
        if "DATABASE_URL" not in os.environ:
            say("PostgreSQL")
            superuser = stack.enter_context(servers.postgres(VAR / "postgres"))
            addresses = servers.roles_of(superuser, DATABASE, own["APP_PASSWORD"], environment.get("REDIS_URL", os.environ.get("REDIS_URL", "")))
            bootstrap.bootstrap(superuser, DATABASE, passwords(addresses))
            environment |= {name: value for name, value in addresses.environment().items() if value}
        yield environment | dict(os.environ)


def prepare() -> None:
    """Migrate, load the demonstration network once, write down the addresses in use."""
    subprocess.run([sys.executable, "-m", "flask", "--app", "app.factory", "demo", "prepare"], check=True)
    names = ("DATABASE_URL", "OWNER_DATABASE_URL", "NETWORK_DATABASE_URL", "REDIS_URL")
    file = VAR / "demo.env"
    # The addresses carry passwords: the file is its owner's alone.
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text("".join(f"{name}={os.environ[name]}\n" for name in names if name in os.environ))


def commands(port: int) -> dict[str, list[str]]:
    """The processes of the program."""
    python = sys.executable
    web = [python, "-m", "gunicorn", "app.factory:create_app()", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    return {
        "web": [*web, "--workers", os.environ.get("WEB_WORKERS", "1"), "--log-level", "warning", "--no-control-socket"],
        "worker": [python, "-m", "workers.run", "worker"],
        "scheduler": [python, "-m", "workers.run", "scheduler"],
    }


def serving() -> dict[str, str]:
    """The environment of what serves: it need not know the owner of the tables, and sixteen threads with a heap each keep twenty megabytes more."""
    return {name: value for name, value in os.environ.items() if name != "OWNER_DATABASE_URL"} | {"MALLOC_ARENA_MAX": "2"}


def run(port: int) -> int:
    """Start the processes and watch over them until one ends or we are told to stop. Returns the exit code."""
    processes = {name: subprocess.Popen(command, start_new_session=True, env=serving()) for name, command in commands(port).items()}
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        told.append(number)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    welcome(port)
    while not told and all(process.poll() is None for process in processes.values()):
        time.sleep(0.2)
    for name, process in processes.items():
        if process.poll() is not None and not told:
            say(f"{name} stopped by itself ({process.returncode}); stopping everything.")
    for process in processes.values():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return 0 if told else 1


def welcome(port: int) -> None:
    """The address and the accounts."""
    from app.demo.world import DOMAIN, PASSWORD, PLOTS

    print(f"\n  Essaimage: http://127.0.0.1:{port}/   password of every account: {PASSWORD}\n")
    print(f"  network      reseau@{DOMAIN}\n  trainer      formatrice@{DOMAIN}")
    for plot in PLOTS:
        print(f"  {plot.slug:<22} coordination.{plot.slug}@  benevole.{plot.slug}@  elu.{plot.slug}@{DOMAIN}")
    print("\n  Ctrl-C stops everything.\n", flush=True)


def main() -> int:
    """Run the demonstration."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Essaimage is already running here. Ctrl-C in its terminal stops it.")
            return 1
        # Ctrl-C while still preparing must pass through the servers' doors too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            with surroundings() as environment:
                os.environ.update(environment)
                prepare()
                return run(int(os.environ.get("PORT", "8000")))
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())

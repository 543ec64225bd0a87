"""Finds a Chromium for the browser tests, or installs one: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The shell first: the same engine without the windows of a browser around it, for two thirds of the work.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update")


def find() -> str | None:
    """The path of a Chromium: the system's, else Playwright's own."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """As root on a Debian the package, elsewhere Playwright's."""
    print("· Chromium (first time)", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        for package in (SHELL, "chromium"):
            if subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package, "fonts-dejavu-core"], **quiet).returncode == 0:
                break
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    """Zero unless there is no browser and CI would then skip in silence."""
    if find() is None:
        install()
    if find() is not None:
        return 0
    print("No Chromium: the browser tests are skipped. Install the package `chromium`.", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())

"""The outgoing mails of the demonstration: written to a folder, shown on a page."""

import email
import email.policy
from email.message import EmailMessage as Message
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue
from flask_mailman.backends.base import BaseEmailBackend

from app.db import new_id
from app.pages import page

bp = Blueprint("mailbox", __name__, url_prefix="/demo")
MOST = 50


def folder() -> Path:
    """Where the mails are."""
    return Path(current_app.config["MAILBOX"] or abort(404))


class EmailBackend(BaseEmailBackend):
    """Writes each mail to a file instead of sending it."""

    def send_messages(self, email_messages: list[Any]) -> int:
        """Write them; returns how many."""
        place = folder()
        place.mkdir(parents=True, exist_ok=True)
        for each in email_messages:
            (place / f"{new_id()}.eml").write_bytes(each.message().as_bytes())
        return len(email_messages)


def read(file: Path) -> Message:
    """A mail, parsed."""
    with file.open("rb") as content:
        return email.message_from_binary_file(content, policy=email.policy.default)


@bp.get("/mails")
def index() -> ResponseReturnValue:
    """The latest mails first."""
    files = sorted(folder().glob("*.eml"), reverse=True)[:MOST] if folder().exists() else []
    mails = []
    for file in files:
        mail = read(file)
        body = mail.get_body()
        mails.append({"to": mail["To"], "subject": mail["Subject"], "date": mail["Date"], "body": body.get_content() if body else ""})
    return page("demo/mails.html", mails=mails)

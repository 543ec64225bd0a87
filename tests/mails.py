"""Mails as they arrive, and the jobs that send them, performed where they stand."""

import re
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app.db import db
from app.demo import mailbox
from app.transaction import transaction
from tenants.scope import inside
from workers import perform
from workers.models import Job

LINK = re.compile(r"http://localhost(\S+)")


def work_off(house: Flask, collective_id: UUID | None = None) -> int:
    """Perform every job that waits in a collective, or in none. Returns how many."""
    with house.app_context(), transaction():
        if collective_id is None:
            waiting = db.session.scalars(select(Job.id)).all()
        else:
            with inside(collective_id):
                waiting = db.session.scalars(select(Job.id)).all()
    perform.serve(lambda: house)
    for job_id in waiting:
        perform.perform(str(job_id), collective_id and str(collective_id))
    return len(waiting)


def mails_to(house: Flask, email: str) -> list[str]:
    """The texts of the mails sent to an address, the oldest first."""
    with house.app_context():
        files = sorted(mailbox.folder().glob("*.eml"))
    mails = [mailbox.read(file) for file in files]
    return [f"{mail['Subject']}\n{mail.get_body().get_content()}" for mail in mails if mail["To"] == email]


def link_for(house: Flask, email: str) -> str:
    """The path of the link in the latest mail to an address."""
    return LINK.search(mails_to(house, email)[-1]).group(1)

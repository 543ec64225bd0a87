"""A report of a crawled collective, with a photo, both of which carry its secret."""

from uuid import UUID

from app.db import db
from app.reports.drafts import draft_of
from app.reports.models import TEXTS, ReportPhoto
from app.reports.photo_views import CLEAN
from tenants.documents import Document
from tenants.months import today_in


def write_report(secret: str) -> dict[str, UUID]:
    """Returns what addresses name."""
    report = draft_of(today_in("Europe/Paris").year)
    for name in (*TEXTS, "correction"):
        setattr(report, name, f"{name} {secret}")
    document = Document(kind=CLEAN, about_id=report.id, filename="photo.jpg", media_type="image/jpeg")
    db.session.add(document)
    # The photo and its pieces point at it.
    db.session.flush()
    document.fill(f"{secret} image".encode())
    photo = ReportPhoto(report_id=report.id, document_id=document.id, caption=f"Un banc {secret}")
    db.session.add(photo)
    return {"report_photo_id": photo.id}

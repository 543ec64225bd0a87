"""When a collective was last seen in any room, to sort by; and the photos of the network's report, sealed."""

import hmac
import os
from uuid import UUID

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def sealed(content: bytes, part: str, photo_id: UUID) -> bytes:
    """As the house seals it from now on: version, nonce, ciphertext."""
    key, nonce, head = hmac.digest(current_app.config["MASTER_KEY"], b"essaimage/network/seal", "sha256"), os.urandom(12), bytes([1])
    return head + nonce + AESGCM(key).encrypt(nonce, content, head + f"network_photos.{part}/{photo_id}".encode())


def photos() -> None:
    """Drafts hold six photos a year at most: each is sealed where it stands."""
    for name in ("caption_sealed", "content_sealed"):
        op.add_column("network_photos", sa.Column(name, sa.LargeBinary()))
    if not context.is_offline_mode():
        connection = op.get_bind()
        for photo_id, caption, content in connection.execute(sa.text("select id, caption, content from network_photos")).all():
            told = {
                "id": photo_id,
                "caption": sealed(caption.encode(), "caption", photo_id),
                "content": sealed(bytes(content), "content", photo_id),
            }
            connection.execute(sa.text("update network_photos set caption_sealed = :caption, content_sealed = :content where id = :id"), told)
    # A few rows that the head alone reads and writes: nobody waits while they are looked through.
    for name in ("caption", "content"):
        op.execute(f"-- squawk-ignore adding-not-nullable-field\nALTER TABLE network_photos ALTER COLUMN {name}_sealed SET NOT NULL")
        op.execute(f"-- squawk-ignore ban-drop-column\nALTER TABLE network_photos DROP COLUMN {name}")


def upgrade() -> None:
    # The next look, within the hour, fills it in.
    op.add_column("watches", sa.Column("seen_on", sa.Date()))
    photos()

"""The rows that wait for a worker."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Instant, Model, new_id
from tenants.rows import Global


class Job(Global, Model):
    """A verb and the ids it needs, waiting. Done means deleted.

    Global with a policy of its own: one stages and sees jobs only for where one is (`for_collective`, or nowhere for NULL);
    the clerk sees that they wait.
    """

    __tablename__ = "jobs"
    own_policy: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    for_collective: Mapped[UUID | None] = mapped_column(sa.ForeignKey("collectives.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(sa.String(60))
    ids: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    staged_at: Mapped[Instant]
    # Not before this instant; at once where there is none.
    due_at: Mapped[datetime | None]

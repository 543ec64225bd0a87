"""Comparing the entries of an export with the directory, and writing what differs. The same walk for both; workers alone do it."""

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db, new_id, now
from app.referral.exchange import Entry, Unreadable, entries, is_of_services, parts
from app.referral.faults import Fault, checked
from app.referral.imports import KEPT_FAULTS, KINDS, ResourceImport, files_of
from app.referral.resources import Resource, ResourceService, own_source, resource_columns, service_columns
from tenants.rows import replace_rows

BATCH = 500
Key = tuple[str, str]
Report = Callable[[int, int], None]


@dataclass(slots=True)
class Known:
    """What the directory holds of one kind, by source and id: the row's id, its digest, whether it is gone; and what the file showed of it."""

    rows: dict[Key, tuple[UUID, str, bool]]
    seen: dict[Key, int] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    batch: list[dict[str, Any]] = field(default_factory=list)

    def vanished(self) -> list[UUID]:
        """Rows of the sources in the file that it shows no more."""
        return [row[0] for key, row in self.rows.items() if key[0] in self.sources and key not in self.seen and not row[2]]


def _known(kind: type[Resource] | type[ResourceService]) -> Known:
    query = select(kind.source, kind.external_id, kind.id, kind.digest, kind.gone_at.is_not(None))
    rows = db.session.execute(query.execution_options(yield_per=2000))
    return Known({(source, external_id): (row_id, digest, gone) for source, external_id, row_id, digest, gone in rows})


@dataclass(frozen=True, slots=True)
class Part:
    """One file: its name, how to open it, what it is of, and the packed bytes, by which one sees how far its reading has come."""

    name: str
    opening: Callable[[], IO[bytes]]
    of_services: bool
    packed: io.BytesIO
    size: int


class Walk:
    """One passage through the files of an import. Without `write` nothing changes but what it counts."""

    def __init__(self, import_: ResourceImport, write: bool, report: Report) -> None:
        self.import_, self.write, self.report = import_, write, report
        self.resources, self.services = _known(Resource), _known(ResourceService)
        # A service names its structure by id alone; ids carry their producer, so that two never share one.
        self.homes = {key[1]: row[0] for key, row in self.resources.rows.items()}
        self.faults: list[Fault] = []
        self.faulty = self.done = 0

    def through(self) -> None:
        """Walk, then say on the import what was found. Raises Unreadable."""
        if self.write:
            # The first import of a small directory plans its foreign-key checks while the table is empty, and would read it
            # through for each of 25,000 services: three minutes instead of some seconds.
            db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            # And plans that this connection has kept from before are made anew.
            db.session.execute(sa.text("DISCARD PLANS"))
        for part in self._files():
            for entry in entries(part.opening):
                self.done += 1
                self._take(part.name, entry, part.of_services)
                if self.done % BATCH == 0:
                    self.report(part.packed.tell(), part.size)
        self._write_out(self.resources, Resource)
        self._write_out(self.services, ResourceService)
        for known, kind in ((self.resources, Resource), (self.services, ResourceService)):
            self._leave_out(known, kind)
        self.import_.counts = {name: dict(known.counts) for name, known in zip(KINDS, (self.resources, self.services), strict=True)}
        self.import_.counts |= {"lines": self.done, "faulty": self.faulty, "faults": len(self.faults)}
        self.import_.faults = [each.kept() for each in self.faults[:KEPT_FAULTS]]

    def _files(self) -> list[Part]:
        """Each file within what was brought, those of structures first: a service names its structure."""
        found = []
        for document in db.session.scalars(files_of(self.import_.id)).all():
            content = document.read()
            packed = io.BytesIO(content)
            for opening in parts(packed):
                first = next((each.values for each in entries(opening) if each.values is not None), None)
                if first is None or not {"id", "nom"} & first.keys():
                    raise Unreadable("kind")
                found.append(Part(document.filename, opening, is_of_services(first), packed, len(content)))
        return sorted(found, key=lambda each: each.of_services)

    def _fault(self, file: str, entry: Entry, wrong: list[tuple[str, str]]) -> None:
        self.faulty += 1
        name = str((entry.values or {}).get("nom") or (entry.values or {}).get("id") or "")[:80]
        if len(self.faults) < KEPT_FAULTS:
            self.faults += [Fault(file, entry.line, name, column, text) for column, text in wrong]

    def _take(self, file: str, entry: Entry, of_services: bool) -> None:
        known = self.services if of_services else self.resources
        if entry.values is None:
            self._fault(file, entry, [("", _("Cette ligne ne peut pas être lue : il y manque une colonne, une accolade ou un guillemet."))])
            return
        key = (str(entry.values.get("source") or ""), str(entry.values.get("id") or ""))
        record, wrong = checked(entry.values, of_services)
        if not wrong:
            wrong = self._misplaced(key, entry, known, of_services)
        if all(key) and key[0] != own_source():
            # A faulty line has not vanished: what stands in the directory stays as it is.
            known.seen.setdefault(key, entry.line)
            known.sources.add(key[0])
        if wrong or record is None:
            self._fault(file, entry, wrong)
            return
        columns = service_columns(record) | {"resource_id": self.homes[record["structure_id"]]} if of_services else resource_columns(record)
        row = known.rows.get(key)
        state = "new" if row is None else "changed" if row[1] != columns["digest"] or row[2] else "unchanged"
        known.counts[state] += 1
        row_id = row[0] if row else new_id()
        if not of_services:
            self.homes.setdefault(key[1], row_id)
        if state != "unchanged" and self.write:
            known.batch.append({"id": row_id, **columns})
            if len(known.batch) >= BATCH:
                self._write_out(known, ResourceService if of_services else Resource)

    def _misplaced(self, key: Key, entry: Entry, known: Known, of_services: bool) -> list[tuple[str, str]]:
        if key in known.seen:
            return [("id", _("Cet identifiant est déjà à la ligne %(line)d.", line=known.seen[key]))]
        if key[0] == own_source():
            return [("source", _("Ce lieu a été saisi ici : il se modifie sur sa page, pas par un fichier."))]
        if max(map(len, key)) > 120:
            return [("id", _("Trop long : %(most)d caractères au plus.", most=120))]
        if of_services and (entry.values or {}).get("structure_id") not in self.homes:
            return [("structure_id", _("Ce lieu n’est ni dans l’annuaire ni, sans faute, dans le fichier."))]
        return []

    def _write_out(self, known: Known, kind: type[Resource] | type[ResourceService]) -> None:
        # Services point at resources that may still wait in their batch.
        if kind is ResourceService and self.resources.batch:
            self._write_out(self.resources, Resource)
        replace_rows(kind, known.batch)
        known.batch.clear()

    def _leave_out(self, known: Known, kind: type[Resource] | type[ResourceService]) -> None:
        """What the export shows no more is marked and hidden; referrals still point at it."""
        gone = known.vanished()
        known.counts["vanished"] = len(gone)
        for start in range(0, len(gone) if self.write else 0, BATCH):
            some = sa.update(kind).where(kind.id.in_(gone[start : start + BATCH])).values(gone_at=now())
            db.session.execute(some.execution_options(synchronize_session=False))

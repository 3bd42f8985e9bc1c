"""Where a version stands, and the rows that say how it got there."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import select

from addons.edi.errors import DocumentNotFoundError
from addons.edi.models import Artifact, Document, Step, Version
from addons.edi.rules import Situation, StepTaken
from addons.edi.signers import Signer, signer_for
from core.i18n import _

if TYPE_CHECKING:
    from core.tenancy import TenantSession


@dataclass(frozen=True, slots=True)
class Standing:
    """A version with its situation, as read at one moment."""

    document_id: UUID
    version_id: UUID
    n: int
    format: str
    environment: str
    code: str
    snapshot: str
    builder_version: int
    situation: Situation
    #: Empty while it is not signed.
    signed_sha256: str
    file_name: str

    def signer(self, session: TenantSession) -> Signer:
        """Find who signs it now, with the key opened: in the worker only."""
        return signer_for(session, self.format, self.environment)


def stand(session: TenantSession, version_id: UUID) -> Standing:
    """Read where a version stands."""
    found = session.execute(
        select(Version, Document)
        .join(
            Document,
            (Document.id == Version.document_id) & (Document.tenant_id == Version.tenant_id),
        )
        .where(Version.id == version_id)
    ).one_or_none()
    if found is None:
        raise DocumentNotFoundError(_("This document does not exist."))
    version, document = found
    signed = _signed(session, version_id)
    return Standing(
        document_id=document.id,
        version_id=version.id,
        n=version.n,
        format=document.format,
        environment=document.environment,
        code=version.code,
        snapshot=version.snapshot,
        builder_version=version.builder_version,
        situation=_situation(session, document, version.n, version_id, signed),
        signed_sha256=signed.sha256 if signed else "",
        file_name=signed.file_name if signed else "",
    )


def hold_document(session: TenantSession, document_id: UUID) -> Document:
    """Lock a document until the unit of work ends, and read it as it is now."""
    held = (
        select(Document)
        .where(Document.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(held).one_or_none()
    if found is None:
        raise DocumentNotFoundError(_("This document does not exist."))
    return found


def situation_of(session: TenantSession, document: Document, standing: Standing) -> Situation:
    """Tell the situation of a version now, ``document`` being held."""
    signed = _signed(session, standing.version_id)
    return _situation(session, document, standing.n, standing.version_id, signed)


def _situation(
    session: TenantSession, document: Document, n: int, version_id: UUID, signed: Artifact | None
) -> Situation:
    query = select(Step).where(Step.version_id == version_id).order_by(Step.taken_at, Step.id)
    return Situation(
        state=document.state,
        newest=n == document.version,
        signed=signed is not None,
        steps=tuple(
            StepTaken(row.step, row.outcome, row.taken_at, row.details.get("key", ""))
            for row in session.scalars(query)
        ),
    )


def add_step(
    session: TenantSession,
    version_id: UUID,
    step: str,
    outcome: str,
    details: dict[str, Any] | None = None,
) -> None:
    """Write down one step; it is never changed."""
    session.add(
        Step(
            version_id=version_id,
            step=step,
            outcome=outcome,
            details=details or {},
            taken_at=session.clock.now(),
        )
    )


def keep_artifact(
    session: TenantSession,
    version_id: UUID,
    kind: Literal["signed", "answer"],
    content: bytes,
    file_name: str,
) -> None:
    """Name a file that was kept before; a second one of a kind is refused by its key."""
    session.add(
        Artifact(
            version_id=version_id,
            kind=kind,
            sha256=sha256(content).hexdigest(),
            file_name=file_name,
            made_at=session.clock.now(),
        )
    )


def _signed(session: TenantSession, version_id: UUID) -> Artifact | None:
    query = select(Artifact).where(Artifact.version_id == version_id, Artifact.kind == "signed")
    return session.scalars(query).one_or_none()

"""Originals, byte for byte: always a download, never shown as a page of ours."""

from __future__ import annotations

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import undefer

from governance.accounts.permissions import Permission
from governance.adoption.models import InForce
from governance.db import db
from governance.errors import NotFound
from governance.policies.models import PolicyVersion, VersionDocument
from governance.storage.models import Document
from governance.tenancy import Scope
from governance.tenancy import in_school as one_of
from governance.web.access import allowed, in_school, needs, scope
from governance.web.downloads import download

screen = in_school("documents", "register")


def visible_version(version: str) -> PolicyVersion:
    """A version of this school that the person may see: one that was in force, or any for those who see drafts."""
    found: PolicyVersion = one_of(db.session(), PolicyVersion, scope(), version)
    if not allowed(Permission.SEE_DRAFTS):
        ever = select(InForce.id).where(InForce.version_id == found.id).limit(1)
        if db.session().scalar(ever) is None:
            raise NotFound(version)
    return found


@screen.get("/versions/<version>/files/<document>", needs(Permission.SEE_REGISTER))
def original(version: str, document: str) -> Response:
    """A file of a version as it came in."""
    return file_of(scope(), visible_version(version), document)


def file_of(whose: Scope, version: PolicyVersion, document: str) -> Response:
    """A file of a version, to be saved.

    Raises:
        NotFound: when the version has no such file, or its bytes are no longer kept.
    """
    row = (
        db.session()
        .execute(
            select(Document, VersionDocument.filename)
            .join(VersionDocument, VersionDocument.document_id == Document.id)
            .where(
                Document.organisation_id == whose.organisation_id,
                Document.public_id == document,
                VersionDocument.version_id == version.id,
            )
            .options(undefer(Document.bytes))
            .limit(1)
        )
        .first()
    )
    if row is None or row[0].bytes is None:
        raise NotFound(document)
    return download(row[0].bytes, row[0].media_type, row[1])

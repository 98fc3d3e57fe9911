"""A human act makes a receipt, bound to what was shown; a mistake is withdrawn and stays on the record."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.errors import NotFound, Refusal
from governance.journal.verify import verify
from governance.policies.models import PolicyVersion
from governance.reading.acknowledging import Act, Shown, acknowledge, receipt_referenced, shown_now, withdraw
from governance.reading.models import Acknowledgement
from governance.reading.receipt_forms import HOW
from governance.reading.receipts import METHODS
from governance.reports.gathering import read as reports
from governance.tenancy import Scope
from tests.hillcrest import MAYA, NOW, TODAY, a_policy, a_school, a_version, latest, put_in_force, someone

SIGNED = Act(acknowledged_on=TODAY, method="signed_in", assurance="password", typed_name="Tess Marlow", given_at=NOW)
ON_PAPER = Act(acknowledged_on=TODAY, method="paper", assurance="paper_witnessed", witness="Maya Lund")


@pytest.fixture
def scope(session: Session) -> Scope:
    return a_school(session)


@pytest.fixture
def version(session: Session, scope: Scope) -> PolicyVersion:
    version = latest(session, a_policy(session, scope))
    put_in_force(session, scope, version, dt.date(2026, 9, 24), TODAY)
    return version


def receipts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Acknowledgement)) or 0


def test_a_receipt_names_the_bytes_the_text_and_the_wording(
    session: Session, scope: Scope, version: PolicyVersion
) -> None:
    tess = someone(session, scope)
    receipt = acknowledge(session, scope, MAYA, tess, version, shown_now(session, scope, version), SIGNED, NOW)
    assert receipt.documents_sha256 == version.documents_sha256
    assert receipt.text_sha256 is not None
    assert receipt.wording == "I have read and understood"
    assert receipt.typed_name == "Tess Marlow"
    assert receipt_referenced(session, scope, receipt.reference) is receipt
    assert verify(session, scope).fault is None


def test_a_double_click_gives_the_first_receipt_again(session: Session, scope: Scope, version: PolicyVersion) -> None:
    tess, shown = someone(session, scope), shown_now(session, scope, version)
    first = acknowledge(session, scope, MAYA, tess, version, shown, SIGNED, NOW)
    again = acknowledge(session, scope, MAYA, tess, version, shown, SIGNED, NOW + dt.timedelta(seconds=2))
    assert again.reference == first.reference
    assert receipts(session) == 1


@pytest.mark.parametrize("change", ["documents_sha256", "text_sha256", "wording"])
def test_what_was_shown_must_be_what_is_served(
    session: Session, scope: Scope, version: PolicyVersion, change: str
) -> None:
    shown = replace(shown_now(session, scope, version), **{change: "something else"})
    with pytest.raises(Refusal, match="changed while you had it open"):
        acknowledge(session, scope, MAYA, someone(session, scope), version, shown, SIGNED, NOW)
    assert receipts(session) == 0


def test_a_post_without_the_human_field_makes_no_receipt(
    session: Session, scope: Scope, version: PolicyVersion
) -> None:
    shown = shown_now(session, scope, version)
    with pytest.raises(Refusal, match="Type your name, or tick"):
        acknowledge(
            session, scope, MAYA, someone(session, scope), version, shown, replace(SIGNED, typed_name="  "), NOW
        )
    assert receipts(session) == 0


def test_paper_needs_a_witness(session: Session, scope: Scope, version: PolicyVersion) -> None:
    shown = shown_now(session, scope, version)
    with pytest.raises(Refusal, match="who saw the paper signed"):
        acknowledge(session, scope, MAYA, someone(session, scope), version, shown, replace(ON_PAPER, witness=" "), NOW)


def test_row_66_a_replaced_version_is_refused_with_the_day_it_was_replaced(
    session: Session, scope: Scope, version: PolicyVersion
) -> None:
    policy = a_policy(session, scope, "Mobile Phone Policy", "# Old")
    old = latest(session, policy)
    put_in_force(session, scope, old, dt.date(2025, 9, 1))
    put_in_force(session, scope, a_version(session, scope, policy, "# New"), dt.date(2026, 9, 1))
    with pytest.raises(Refusal, match="replaced on 1 September 2026"):
        acknowledge(session, scope, MAYA, someone(session, scope), old, shown_now(session, scope, old), SIGNED, NOW)
    paper = acknowledge(
        session, scope, MAYA, someone(session, scope, "Viv Ash"), old, shown_now(session, scope, old), ON_PAPER, NOW
    )
    assert paper.witness == "Maya Lund"


def test_the_coming_years_edition_may_be_read_before_it_is_in_force(
    session: Session, scope: Scope, version: PolicyVersion
) -> None:
    policy = a_policy(session, scope, "Keeping Children Safe in Education", "# 2027")
    edition = latest(session, policy)
    put_in_force(session, scope, edition, dt.date(2027, 9, 1))
    assert acknowledge(
        session, scope, MAYA, someone(session, scope), edition, shown_now(session, scope, edition), SIGNED, NOW
    ).reference.startswith("R-")


def test_a_version_nobody_adopted_cannot_be_acknowledged(session: Session, scope: Scope) -> None:
    draft = latest(session, a_policy(session, scope, "Draft Policy"))
    with pytest.raises(Refusal, match="not been adopted"):
        acknowledge(session, scope, MAYA, someone(session, scope), draft, shown_now(session, scope, draft), SIGNED, NOW)


def test_a_withdrawn_receipt_stays_and_a_new_one_may_be_given_the_same_day(
    session: Session, scope: Scope, version: PolicyVersion
) -> None:
    tess, shown = someone(session, scope), shown_now(session, scope, version)
    first = acknowledge(session, scope, MAYA, tess, version, shown, ON_PAPER, NOW)
    with pytest.raises(Refusal, match="Say why"):
        withdraw(session, scope, MAYA, first, " ", NOW)
    withdraw(session, scope, MAYA, first, "Ticked the row above by mistake", NOW)
    with pytest.raises(Refusal, match="already withdrawn"):
        withdraw(session, scope, MAYA, first, "again", NOW)
    second = acknowledge(session, scope, MAYA, tess, version, shown, SIGNED, NOW)
    assert second.reference != first.reference
    assert receipts(session) == 2


def test_another_schools_receipt_is_not_found(session: Session, scope: Scope, version: PolicyVersion) -> None:
    receipt = acknowledge(
        session, scope, MAYA, someone(session, scope), version, shown_now(session, scope, version), SIGNED, NOW
    )
    zeds = a_school(session, "Northside School", "northside")
    with pytest.raises(NotFound):
        receipt_referenced(session, zeds, receipt.reference)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM acknowledgement", "UPDATE acknowledgement SET acknowledged_on = '2020-01-01'"]
)
def test_a_receipt_cannot_be_changed_or_deleted_even_by_hand(
    session: Session, scope: Scope, version: PolicyVersion, statement: str
) -> None:
    shown: Shown = shown_now(session, scope, version)
    acknowledge(session, scope, MAYA, someone(session, scope), version, shown, SIGNED, NOW)
    with pytest.raises(DBAPIError, match="correct it by a new record"):
        session.connection().exec_driver_sql(statement)


def test_every_way_to_acknowledge_has_its_words_on_screen_on_paper_and_in_reports() -> None:
    assert set(METHODS) == set(HOW) == set(reports.METHODS)

"""A policy's copy for the website: what its front page says, its text printed, or the original's own pages after it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Stream
from pypdf import PdfReader
from sqlalchemy.orm import Session

from governance.adoption.actions import decide
from governance.adoption.entered import Decide
from governance.adoption.kinds import Kind, MakerKind
from governance.child import ChildFailed
from governance.errors import NotFound
from governance.extract.dates import exactly, not_recorded, parse_stated
from governance.packs.website import NOT_RECORDED, Act, Website, filename
from governance.packs.website_facts import Offered, offered, original_pdf, website_copy
from governance.packs.website_pages import bound_before, printed
from governance.policies.actions import File, NewVersion, record_version
from governance.policies.models import Policy, PolicyVersion
from governance.storage.actions import Bytes
from tests import hillcrest
from tests.hillcrest import MAYA
from tests.packs.little_school import MADE, NOW, TODAY, Little, little_school
from tests.packs.oakfield import social_media
from tests.render.pdf_checks import bookmarks_of, failures, text_of

ADOPTED = Act(Kind.ADOPTED, "Full Governing Body", exactly(dt.date(2026, 9, 24)), "2026/31")


def copy(**changed: object) -> Website:
    whole = Website(
        school="Hillcrest Primary School",
        title="Behaviour Policy",
        reference="BEH-01",
        version="4",
        in_force_from=exactly(dt.date(2026, 9, 24)),
        adopted=ADOPTED,
        next_review=parse_stated("September 2027"),
        made_at=dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC),
        clauses=social_media().clauses,
    )
    return replace(whole, **changed)  # type: ignore[arg-type]


@cache
def with_text() -> bytes:
    return printed(copy())


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (ADOPTED, "Adopted by Full Governing Body on 24 September 2026 (minute 2026/31)"),
        (replace(ADOPTED, on=parse_stated("September 2022"), minute=""), "Adopted by Full Governing Body in September 2022"),
        (replace(ADOPTED, on=not_recorded()), "Adopted by Full Governing Body, on a day that is not recorded (minute 2026/31)"),
        (Act(Kind.ADOPTED, "", not_recorded()), NOT_RECORDED),
        (
            Act(Kind.APPROVED, "the headteacher", exactly(dt.date(2026, 9, 1))),
            "Approved under a delegated power by the headteacher on 1 September 2026",
        ),
        (Act(Kind.ISSUED, "the headteacher", exactly(dt.date(2026, 9, 1))), "Issued by the headteacher on 1 September 2026"),
    ],
)  # fmt: skip
def test_an_adoption_says_what_is_recorded_and_no_more(act: Act, words: str) -> None:
    assert act.in_words == words


def test_the_front_page_gives_the_facts_by_the_schools_own_day() -> None:
    assert copy().facts == (
        ("Reference", "BEH-01"),
        ("Version", "4"),
        ("Adoption", "Adopted by Full Governing Body on 24 September 2026 (minute 2026/31)"),
        ("In force from", "24 September 2026"),
        ("Next review", "by September 2027"),
        ("This copy made on", "25 October 2026"),
    )
    assert ("Adoption", NOT_RECORDED) in copy(adopted=None).facts
    assert ("Ratification", "In force, awaiting ratification") in copy(awaits_ratification=True).facts
    assert ("Ratification", "Ratified by Board on 24 September 2026") in copy(
        ratified=Act(Kind.RATIFIED, "Board", exactly(dt.date(2026, 9, 24)))
    ).facts


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Behaviour Policy", "behaviour-policy-2026-09-24.pdf"),
        ("Children’s  “Wellbeing” & Health/Safety", "children-s-wellbeing-health-safety-2026-09-24.pdf"),
        ("../..", "beh-01-2026-09-24.pdf"),
    ],
)
def test_the_file_is_called_by_title_and_day(title: str, name: str) -> None:
    assert filename(copy(title=title)) == name


def test_the_copy_passes_the_checker_and_its_text_follows_the_front_page() -> None:
    assert failures(with_text()) == []
    front, text = text_of(with_text())
    assert "Behaviour Policy" in front and "This copy made on 25 October 2026" in front and "Page 1" not in front
    assert "Everything shared on a social networking site" in text and "Page 2 of 2" in text
    assert bookmarks_of(with_text())[0] == "Behaviour Policy"
    assert printed(copy()) == with_text()


def test_hostile_words_are_words_and_an_awaited_text_is_told() -> None:
    wild = "<script>x</script>\x00 {{ 7*7 }} ﷽ & “Policy”"
    made = printed(copy(title=wild, clauses=(), text_awaited=True, colour="red;} body{display:none"))
    assert failures(made) == []
    (front,) = text_of(made)
    assert "<script>x</script>" in front and "{{ 7*7 }}" in front and "from before the amendments" in front


def untagged(change: Callable[[Pdf], None] = lambda pdf: None, **saved: object) -> bytes:
    """A PDF as a scanner or an old printer driver makes it: two pages, no tags."""
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in (1, 2):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = Stream(pdf, b"BT /F1 20 Tf 72 720 Td (Original sheet %d) Tj ET" % number)
    pdf.docinfo = pdf.make_indirect(Dictionary(Author="Tess Marlow", Title="Untitled 3"))
    change(pdf)
    written = io.BytesIO()
    pdf.save(written, **saved)  # type: ignore[arg-type]
    return written.getvalue()


def test_a_front_page_is_bound_before_the_originals_pages() -> None:
    original = untagged()
    made = bound_before(copy(clauses=()), original)
    sheets = text_of(made)
    assert "Behaviour Policy" in sheets[0] and sheets[1:] == ["Original sheet 1", "Original sheet 2"]
    told = PdfReader(io.BytesIO(made)).metadata
    assert told is not None and told.title == "Behaviour Policy, Hillcrest Primary School" and told.author is None
    assert b"Tess Marlow" not in made
    assert bound_before(copy(clauses=()), original) == made


def test_the_tags_of_front_page_and_original_hang_together() -> None:
    """All that the checker misses is the claim, which we cannot make for pages that we did not print."""
    made = bound_before(copy(clauses=()), with_text())
    assert len(text_of(made)) == 3
    assert {found.partition(":")[0] for found in failures(made)} == {
        "PDFUA1-ID-PART-001",
        "PDFUA1-ID-SCHEMA-001",
        "PDFUA1-METADATA-STRUCTURE-001",
        "PDFUA1-METADATA-TITLE-001",
    }


def test_nothing_of_the_original_runs_by_itself() -> None:
    def busy(pdf: Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["x", Dictionary(S=Name.JavaScript, JS="x")])))

    with Pdf.open(io.BytesIO(bound_before(copy(clauses=()), untagged(busy)))) as made:
        assert "/OpenAction" not in made.Root and "/JavaScript" not in made.Root.Names


def _signed(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(SigFlags=3, Fields=Array())


@pytest.mark.parametrize(
    "original",
    [untagged(_signed), untagged(encryption=Encryption(user="secret", owner="secret")), b"%PDF-1.7 not really", b""],
    ids=["signed", "locked", "broken", "empty"],
)
def test_an_original_that_cannot_be_bound_is_refused(original: bytes) -> None:
    with pytest.raises(ChildFailed):
        bound_before(copy(clauses=()), original)


FIRST = "Adopted by Full Governing Body on 12 September 2025 (minute 22/41)"


@pytest.fixture
def little(session: Session) -> Little:
    return little_school(session)


def policy(session: Session, little: Little, name: str) -> Policy:
    return session.get_one(Policy, little.policies[name])


def of(session: Session, little: Little, name: str) -> Website:
    return website_copy(session, little.scope, policy(session, little, name), TODAY, NOW)


def decided(session: Session, little: Little, version: PolicyVersion, kind: Kind, on: dt.date, **facts: object) -> None:
    made = {"body": hillcrest.body(session, little.scope)} | facts
    decide(session, little.scope, MAYA, Decide(version, exactly(on), kind, **made), NOW)  # type: ignore[arg-type]


def test_what_is_in_force_is_gathered_with_who_adopted_it(session: Session, little: Little) -> None:
    found = of(session, little, "Social Media")
    assert found.adopted is not None and found.adopted.in_words == FIRST
    assert (found.school, found.version, len(found.clauses) > 1) == ("Hillcrest Primary School", "1", True)
    with pytest.raises(NotFound):
        of(session, little, "Redundancy")


def test_an_approval_names_the_office_and_then_who_ratified_it(session: Session, little: Little) -> None:
    okafor = hillcrest.someone(session, little.scope, "Ike Okafor", ("headteacher",))
    version = hillcrest.latest(session, policy(session, little, "Redundancy"))
    by = {"body": None, "person": okafor, "office": MakerKind.HEADTEACHER, "reason": "Urgent"}
    decided(session, little, version, Kind.APPROVED, dt.date(2026, 9, 3), subject_to_ratification=True, **by)
    found = of(session, little, "Redundancy")
    assert found.awaits_ratification and found.adopted is not None
    assert found.adopted.in_words == "Approved under a delegated power by the headteacher on 3 September 2026"
    assert "Okafor" not in str(found)
    decided(session, little, version, Kind.RATIFIED, dt.date(2026, 9, 24), minute="2026/31")
    found = of(session, little, "Redundancy")
    assert not found.awaits_ratification and found.ratified is not None
    assert found.ratified.in_words == "Ratified by Full Governing Body on 24 September 2026 (minute 2026/31)"


def test_what_was_put_back_names_its_own_adoption(session: Session, little: Little) -> None:
    ours = policy(session, little, "Social Media")
    version = hillcrest.a_version(session, little.scope, ours, "# Two")
    okafor = hillcrest.someone(session, little.scope, "Ike Okafor", ("headteacher",))
    by = {"body": None, "person": okafor, "office": MakerKind.HEADTEACHER, "reason": "Urgent"}
    decided(session, little, version, Kind.APPROVED, dt.date(2026, 9, 3), subject_to_ratification=True, **by)
    decided(session, little, version, Kind.NOT_RATIFIED, dt.date(2026, 9, 24))
    found = of(session, little, "Social Media")
    assert found.adopted is not None and found.adopted.in_words == FIRST
    assert ("In force from", "12 September 2025") in found.facts and found.ratified is None


def test_a_history_without_an_adoption_invents_none(session: Session, little: Little) -> None:
    version = hillcrest.latest(session, policy(session, little, "Redundancy"))
    facts = Decide(version, not_recorded(), in_force_on=dt.date(2024, 9, 1))
    decide(session, little.scope, MAYA, facts, NOW)
    found = of(session, little, "Redundancy")
    assert dict(found.facts)["Adoption"] == NOT_RECORDED
    assert dict(found.facts)["Next review"] == "no date is set"


def test_the_original_is_bound_only_where_it_is_a_pdf_without_text_and_its_bytes_stay(
    session: Session, little: Little
) -> None:
    uniform = policy(session, little, "Uniform")
    assert offered(session, little.scope, hillcrest.latest(session, uniform).id) == Offered(whole=False, alone=True)
    assert original_pdf(session, little.scope, uniform, TODAY) is None, "a Word file"
    content = untagged()
    wanted = NewVersion(files=(File("uniform.pdf", Bytes(content, "application/pdf")),))
    version = record_version(session, little.scope, MAYA, uniform, wanted, MADE)
    decided(session, little, version, Kind.ADOPTED, dt.date(2026, 9, 24))
    assert offered(session, little.scope, version.id) == Offered(whole=True, alone=True)
    original = original_pdf(session, little.scope, uniform, TODAY)
    assert original is not None
    bound_before(of(session, little, "Uniform"), original)
    kept = original_pdf(session, little.scope, uniform, TODAY)
    assert kept is not None and hashlib.sha256(kept).digest() == hashlib.sha256(content).digest()
    social = hillcrest.latest(session, policy(session, little, "Social Media"))
    assert offered(session, little.scope, social.id) == Offered(whole=True, alone=False)


def test_another_schools_body_and_file_are_not_ours(session: Session, little: Little) -> None:
    zeds = hillcrest.a_school(session, "Zed's Academy", "zeds")
    with pytest.raises(NotFound):
        website_copy(session, zeds, policy(session, little, "Social Media"), TODAY, NOW)
    assert original_pdf(session, zeds, policy(session, little, "Uniform"), TODAY) is None

"""A believable pack of a fictional school, made by hand: what packs are tested with and looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from governance.extract.clauses import Clause, ClauseKind, Segment
from governance.extract.stated_dates import Precision, StatedDate, exactly, month_of
from governance.packs.appendix import Appendix, DueIn, LateReview, PolicyRead
from governance.packs.readers import Counts, Group
from governance.packs.reviewed import last_reviewed
from governance.packs.values import Decided, Original, Pack, PackItem, Related, Version

MEETING_ON = dt.date(2026, 10, 15)
BODY = "Full Governing Body"


def clause(kind: str, text: str, number: str | None = None, level: int = 0, anchor: str = "a") -> Clause:
    return Clause(ClauseKind(kind), number, level, (Segment(text),), anchor, 1)


SOCIAL_MEDIA_TEXT = (
    clause("heading", "Social Media Policy", level=1),
    clause("heading", "Introduction", "1", 2),
    clause(
        "clause",
        "Everything shared on a social networking site could potentially end up in the worldwide public domain and be "
        "seen or used by someone you did not intend, even if it appears to be private or is on a closed profile or group.",
        "1.1",
        2,
    ),
    clause("clause", "The policy has been jointly agreed through consultation with the trades unions.", "1.2", 2),
    clause("heading", "Responsibilities", "7", 2),
    clause(
        "clause", "The Headteacher has overall responsibility for the effective operation of this policy.", "7.1", 2
    ),
    clause("clause", "As an employee you must:", "7.8", 2),
    clause("list_item", "choose online friends carefully", level=1),
    clause("list_item", "ensure that privacy settings remain unchanged", level=2),
    clause("list_item", "not share confidential information obtained through your employment", level=1),
    Clause(
        ClauseKind.PARAGRAPH,
        None,
        0,
        (
            Segment("Guidance: "),
            Segment(
                "Teachers’ Standards", strong=True, href="https://www.gov.uk/government/publications/teachers-standards"
            ),
            Segment(", which every teacher must have regard to."),
        ),
        "p1",
        40,
    ),
    Clause(
        ClauseKind.TABLE,
        None,
        0,
        (),
        "t1",
        50,
        (("Role", "Contact"), ("Designated safeguarding lead", "School office"), ("HR provider", "School office")),
    ),
)

TEACHERS = Group("teachers", 14, Counts(24, 19, 5, 2))
SUPPORT = Group("support staff", 14, Counts(21, 15, 6, 1, away=2))
GOVERNORS = Group("governors", 28, Counts(9, 9, 0, 0, excused=1))
HEADTEACHER = Group("headteacher", 14, Counts(1, 1, 0, 0))
AGENCY = Group("agency staff", 7, Counts(3, 1, 2, 1))


def social_media() -> PackItem:
    adopted = Decided("adopted", BODY, exactly(dt.date(2022, 9, 12)), "22/41")
    return PackItem(
        reference="HR-07",
        title="Social Media Policy",
        kind="policy",
        why_due="Review late: it was due in September 2025.",
        asks_for="Adopt version 2026, in force from 1 November 2026.",
        owner="Business manager",
        version_label="September 2022",
        in_force_since=dt.date(2022, 9, 12),
        decided=adopted,
        next_review=month_of(2025, 9, "September 2025"),
        last_review=last_reviewed(adopted, dt.date(2026, 10, 1), is_first=False),
        overdue="12 months",
        what_changed="Section 7 adds messaging platforms; contacts are brought up to date.",
        versions=(
            Version("2026", None, None, "Adds messaging platforms to section 7."),
            Version("September 2022", dt.date(2022, 9, 12), adopted, "First version after the partnership’s model."),
            Version(
                "2019", dt.date(2019, 10, 3), Decided("approved", "Headteacher", month_of(2019, 10, "October 2019"))
            ),
        ),
        groups=(TEACHERS, SUPPORT, GOVERNORS, HEADTEACHER, AGENCY),
        everyone=Counts(52, 41, 11, 4, away=2, excused=1),
        related=(
            Related("Disciplinary Procedure", "In force since 3 May 2024"),
            Related("Whistleblowing Procedure", "In force since 14 March 2025; review due 30 November 2026"),
            Related("Assaults on School Staff Policy", "not in this school’s register", is_missing=True),
        ),
        clauses=SOCIAL_MEDIA_TEXT,
    )


def child_protection() -> PackItem:
    return PackItem(
        reference="SG-01",
        title="Child Protection and Safeguarding Policy",
        kind="policy",
        why_due="Reviewed every year: due 31 October 2026.",
        asks_for="Adopt version 2026/27, in force from 16 October 2026.",
        owner="Headteacher",
        version_label="2025/26",
        in_force_since=dt.date(2025, 10, 9),
        decided=Decided("adopted with amendments", BODY, exactly(dt.date(2025, 10, 9)), "25/12"),
        next_review=exactly(dt.date(2026, 10, 31)),
        groups=(TEACHERS, SUPPORT, GOVERNORS),
        everyone=Counts(58, 55, 3, 0),
        originals=(Original("Child protection 2026-27.docx", "Word document", "5f" * 32, 184_220),),
    )


def outside_guidance() -> PackItem:
    return PackItem(
        reference="KCSIE",
        title="Keeping Children Safe in Education",
        kind="outside guidance",
        why_due="Issued by the headteacher since the last meeting; reported for information.",
        asks_for="",
        version_label="September 2026",
        in_force_since=dt.date(2026, 9, 1),
        decided=Decided("issued", "the headteacher", StatedDate(None, None, Precision.NOT_RECORDED, "")),
        groups=(HEADTEACHER,),
        everyone=HEADTEACHER.counts,
    )


def appendix() -> Appendix:
    """Two late reviews, of which one is before no meeting, and a policy about safeguarding that is not in the pack."""
    media, pay = social_media(), "Teachers’ Pay Policy"
    return Appendix(
        as_of=dt.date(2026, 10, 1),
        in_force=31,
        undated=2,
        late=(
            LateReview(
                media.title,
                media.reference,
                BODY,
                "12 Sep 2022",
                month_of(2025, 9, "September 2025"),
                "12 months",
                "This meeting",
            ),
            LateReview(
                pay, "PAY-01", "Pay Committee", "adopted 3 Nov 2023", exactly(dt.date(2026, 9, 30)), "1 day", ""
            ),
        ),
        due=(
            DueIn("Before Autumn 1 2026", late=1),
            DueIn("Autumn 1 2026", late=1, placed=2, unplaced=1),
            DueIn("Autumn 2 2026", placed=3),
            DueIn("Spring 1 2027"),
            DueIn("Spring 2 2027", unplaced=4),
            DueIn("Summer 1 2027", unplaced=1),
            DueIn("Summer 2 2027", placed=1),
        ),
        read=(
            PolicyRead(
                "Child Protection and Safeguarding Policy", "SG-01", child_protection().everyone, safeguarding=True
            ),
            PolicyRead(media.title, media.reference, media.everyone),
            PolicyRead("Keeping Children Safe in Education", "KCSIE", HEADTEACHER.counts, safeguarding=True),
            PolicyRead(
                "Staff Code of Conduct", "SG-02", Counts(54, 50, 3, 1, 2, 0, 1), in_pack=False, safeguarding=True
            ),
        ),
    )


def pack(**changes: object) -> Pack:
    made = Pack(
        school="Oakfield Primary School",
        body=BODY,
        meeting_on=MEETING_ON,
        as_of=dt.date(2026, 10, 1),
        made_at=dt.datetime(2026, 10, 1, 8, 12, tzinfo=dt.UTC),
        items=(child_protection(), social_media(), outside_guidance()),
        journal_seq=1_482,
        journal_head="9c1185a5c5e9fc54612808977ee8f548b2258d31cd7b1f4a8a3a5c6f0f6a2b77",
        place="School library, 18:00",
        appendix=appendix(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]

"""One field at a time: the many ways in which schools write the same fact."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.extract.guesses import Guesses, as_json, from_stored, guess, to_stored


def said(text: str) -> Guesses:
    return guess(f"Uniform Policy\n\n{text}\n\nTies may be borrowed.".split("\n"))


@pytest.mark.parametrize(
    "text, day, body",
    [
        ("Adopted by the Governing Board on 5th May 2023", "2023-05-05", "Governing Board"),
        ("Date approved by Governing Body: September 2021", "2021-09", "Governing Body"),
        ("Governing Body approval date: 3.2.2023", "2023-02-03", "Governing Body"),
        ("Approved: FGB 21/03/2023 Minute 12.4", "2023-03-21", "FGB"),
        (
            "Policy approved by: Finance and Premises Committee\nDate: 1 May 2024",
            "2024-05-01",
            "Finance and Premises Committee",
        ),
        ("Approved by\nFull Governing Body\nApproved on\n12 June 2024", "2024-06-12", "Full Governing Body"),
        (
            "This policy was approved by the Headteacher on 4 September 2023 and ratified by the Governing Body on 19 September 2023.",
            "2023-09-19",
            "Governing Body",
        ),
        (
            "The Governing Body of Elm Park School adopted this policy on 1 October 2022.",
            "2022-10-01",
            "Governing Body",
        ),
        (
            "Approved by: Mrs J. Patel (Chair of Governors) 03/07/2023",
            "2023-07-03",
            "Mrs J. Patel (Chair of Governors)",
        ),
        (
            "Date of approval: 12/10/2023   Approved by: Local Academy Committee",
            "2023-10-12",
            "Local Academy Committee",
        ),
        ("| Date adopted | 12 March 2024 |\n| Adopted by | Board of Trustees |", "2024-03-12", "Board of Trustees"),
        ("This policy has been adopted by the trustees of Highfield MAT in March 2022.", "2022-03", "trustees"),
        ("**Approved by:** Governing Body **Date:** 12 September 2022", "2022-09-12", "Governing Body"),
        (
            "Approved by the Resources Committee on behalf of the Governing Body: 14 March 2023",
            "2023-03-14",
            "Resources Committee",
        ),
        ("Ratified: 11 Nov 2024 (FGB)", "2024-11-11", "FGB"),
        ("Adoption date: 01/09/2024", "2024-09-01", None),
        (
            "Policy reviewed and approved by the Full Governing Body on 6th March 2017",
            "2017-03-06",
            "Full Governing Body",
        ),
        ("Approved by: BoG 4 May 2020", "2020-05-04", "BoG"),
        ("Date policy was formally adopted | 4 May 2020", "2020-05-04", None),
        ("Ratified by the Trustee Board 17th March 2018", "2018-03-17", "Trustee Board"),
        ("Approved by trade union colleagues 04.02.09", None, None),
        ("Agreed with the recognised unions on 4 May 2020", None, None),
        ("Agreed by parents: June 2023\nAgreed by governors: May 2023", "2023-05", "governors"),
        ("Date ratified by Governors: ....................", None, None),
        ("Policy to be adopted on 5 May 2025", None, None),
        ("The pay award was agreed nationally in July 2023.", None, None),
    ],
)
def test_an_adoption_is_found_however_it_is_written(text: str, day: str | None, body: str | None) -> None:
    published = as_json(said(text))
    assert (published["adopted_on"], published["adopted_by"]) == (day, body)


@pytest.mark.parametrize(
    "text, updated, following, months",
    [
        ("Review Date: September 2025", [], "September 2025", None),
        ("To be reviewed: Autumn 2025", [], "autumn term 2025", None),
        ("This policy will be reviewed in September 2025.", [], "September 2025", None),
        ("Reviewed: January 2023\nNext review: January 2025", ["January 2023"], "January 2025", None),
        (
            "Last updated on 3 May 2022\nReviewed 4 May 2023\nReviewed 2 May 2024",
            ["3 May 2022", "4 May 2023", "2 May 2024"],
            None,
            None,
        ),
        (
            "Date written: May 2020\nDate last reviewed: May 2023\nDate of next review: May 2026",
            ["May 2023"],
            "May 2026",
            None,
        ),
        (
            "The policy was last reviewed by the Governing Body on 12 October 2022. It is due for review in October 2024.",
            ["12 October 2022"],
            "October 2024",
            None,
        ),
        ("Reviewed: March 2021, March 2023. Next review: March 2025", ["March 2021", "March 2023"], "March 2025", None),
        ("Review: Annually", [], None, 12),
        ("Review frequency: 3 years", [], None, 36),
        ("The governors review this policy every two years.", [], None, 24),
        ("This policy is reviewed on a three-year cycle", [], None, 36),
        ("Review cycle: biennial", [], None, 24),
        ("Reviewed annually. Last review: October 2023", ["October 2023"], None, 12),
        ("This policy will be reviewed every 2-3 years", [], None, None),
        ("A bi-annual review takes place", [], None, None),
        ("Risk assessments are reviewed every six months.", [], None, None),
        ("Review period: 10 years", [], None, None),
    ],
)
def test_reviews_past_and_to_come_are_told_apart(
    text: str, updated: list[str], following: str | None, months: int | None
) -> None:
    guesses = said(text)
    assert [one.value.in_words() for one in guesses.updated_on] == updated
    assert (guesses.next_review_on.value.in_words() if guesses.next_review_on else None) == following
    assert (guesses.review_frequency_months.value if guesses.review_frequency_months else None) == months


@pytest.mark.parametrize(
    "text, titles",
    [
        (
            "This policy should be read in conjunction with our Safeguarding Policy, Behaviour Policy and Staff Code of Conduct.",
            ["Safeguarding Policy", "Behaviour Policy", "Staff Code of Conduct"],
        ),
        (
            (
                "## Links with other policies\n\nThis policy is linked to the following:\n\n"
                "- Child Protection Policy\n- SEND Policy\n\n## Monitoring\n\n- We look"
            ),
            ["Child Protection Policy", "SEND Policy"],
        ),
        ("**Related policies:** Behaviour Policy; Attendance Policy", ["Behaviour Policy", "Attendance Policy"]),
        (
            "Related documents\n\n| Document | Where |\n|---|---|\n| Data Protection Policy | website |\n| Records Policy | office |",
            ["Data Protection Policy", "Records Policy"],
        ),
        (
            "This policy links to:\nAnti-Bullying Policy\nAttendance Policy\n\nThe day starts at 8.40.",
            ["Anti-Bullying Policy", "Attendance Policy"],
        ),
        ("See also: Whistleblowing Policy", ["Whistleblowing Policy"]),
        (
            "This policy complements our Equality Policy and Accessibility Plan.",
            ["Equality Policy", "Accessibility Plan"],
        ),
        (
            "It should be considered alongside the Safeguarding, Behaviour and Attendance policies.",
            ["Safeguarding Policy", "Behaviour Policy", "Attendance Policy"],
        ),
        (
            "Associated policies and documents:\n- Behaviour Policy\n- Keeping Children Safe in Education\n- Equality Act 2010",
            ["Behaviour Policy", "Keeping Children Safe in Education"],
        ),
        ("Staff should refer to the Assaults on Staff Policy.", []),
        ("Parents should see the office if a child is ill.", []),
    ],
)
def test_related_policies_are_those_the_document_says_it_belongs_with(text: str, titles: list[str]) -> None:
    assert [one.value for one in said(text).related_policies] == titles


@pytest.mark.parametrize(
    "text, groups",
    [
        ("This policy applies to all staff, governors and volunteers.", ["governors", "volunteers", "all_staff"]),
        (
            "Scope: all employees of the trust, including agency staff and contractors",
            ["agency", "contractors", "all_staff"],
        ),
        ("Audience: All staff, governors", ["governors", "all_staff"]),
        ("This policy is for parents and carers.", ["parents"]),
        (
            "This policy applies to:\n- teachers\n- teaching assistants\n- office staff\n- supply teachers",
            ["teachers", "support_staff", "administrators", "agency"],
        ),
        ("The policy covers all employees except casual workers.", ["all_staff"]),
        ("This policy does not apply to pupils.", []),
        ("This procedure applies to all staff, including newly qualified teachers.", ["all_staff"]),
        ("This policy relates to the following legislation:\n- Children and Learning Act 2009\n- Pupils Act 2010", []),
        (
            "This procedure applies to all teachers, including the headteacher. It does not apply to support staff.",
            ["headteacher", "teachers"],
        ),
        ("All staff must read and comply with this policy.", ["all_staff"]),
        ("The policy applies to all use of school tablets by pupils.", []),
        ("The policy is applicable to all on and off-site activities undertaken by pupils.", []),
        ("It applies to all staff working with pupils.", ["all_staff"]),
        (
            "This policy applies to teaching and support staff and to deputy headteachers.",
            ["leadership", "teachers", "support_staff"],
        ),
    ],
)
def test_the_audience_is_whom_the_document_covers(text: str, groups: list[str]) -> None:
    assert [one.value for one in said(text).audience] == groups


@pytest.mark.parametrize(
    "cover, title, version",
    [
        ("# Oakfield Primary School Behaviour Policy", "Behaviour Policy", None),
        ("Oakfield Primary School\n\nBEHAVIOUR POLICY 2023-24", "Behaviour Policy", None),
        ("SEND POLICY", "SEND Policy", None),
        ("Policy Title: Charging and Remissions", "Charging and Remissions", None),
        ("Anti-Bullying Policy (September 2023)", "Anti-Bullying Policy", None),
        ("Whole School Food Policy", "Whole School Food Policy", None),
        (
            "St Mary's C of E Primary\nRelationships and Sex Education\nPolicy",
            "Relationships and Sex Education Policy",
            None,
        ),
        ("School Uniform Policy v1.2", "School Uniform Policy", "1.2"),
        ("# Policy 005\n\nVersion 2", "Policy 005", "2"),
        ("Accessibility Plan 2022 - 2025\nIssue 4", "Accessibility Plan", "4"),
        ("Pay Policy\nVersion: Draft 3", "Pay Policy", "Draft 3"),
    ],
)
def test_title_and_version_are_read_from_the_cover(cover: str, title: str, version: str | None) -> None:
    published = as_json(
        guess(f"{cover}\n\nThe school is a happy place and everybody in it is looked after.".split("\n"))
    )
    assert (published["title"], published["version_label"]) == (title, version)


@pytest.mark.parametrize(
    "text, owner",
    [
        ("Policy Owner: Mrs T. Shah, SENCO", "Mrs T. Shah, SENCO"),
        ("Person responsible for this policy: Deputy Head", "Deputy Head"),
        ("Document owner | Head of HR", "Head of HR"),
        ("This policy is owned by the Data Protection Officer.", "Data Protection Officer"),
        ("The Headteacher has overall responsibility for the effective operation of this policy.", None),
        ("Policy owner: ____________", None),
    ],
)
def test_an_owner_is_named_only_where_the_document_names_one(text: str, owner: str | None) -> None:
    assert as_json(said(text))["owner"] == owner


@pytest.mark.parametrize(
    "text, laws",
    [
        (
            "Under the Equality Act 2010 and the Children and Families Act 2014 schools must",
            ["Equality Act 2010", "Children and Families Act 2014"],
        ),
        ("Pupils have a right to it (Education Reform (NI) Order 1989)", ["Education Reform (NI) Order 1989"]),
        (
            "Freedom of Information Act 2000, Data Protection Act 2018, UK GDPR",
            ["Freedom of Information Act 2000", "Data Protection Act 2018", "UK GDPR"],
        ),
        ("The Children Acts 1989 and 2004", ["Children Act 1989", "Children Act 2004"]),
        (
            "Apprenticeships, Skills, Children and Learning Act 2009",
            ["Apprenticeships, Skills, Children and Learning Act 2009"],
        ),
        ("Safeguarding Policy, Equality Act 2010; Equality Act 2010", ["Equality Act 2010"]),
        (
            "Health and Safety (First-Aid) Regulations 1981; Workplace (Health, Safety and Welfare) Regulations 1992",
            [
                "Health and Safety (First-Aid) Regulations 1981",
                "Workplace (Health, Safety and Welfare) Regulations 1992",
            ],
        ),
        ("Act 2002. We act 2010 times.", []),
    ],
)
def test_laws_are_listed_once_with_their_year(text: str, laws: list[str]) -> None:
    assert [one.value for one in said(text).legislation] == laws


JUMBLE = "Approved by:,Date,policy,Next review,12/09/2022,\t,|,- ,and,Act 2010,(,\n,applies to,teachers,A B Policy / C".split(
    ","
)


@given(st.lists(st.sampled_from(JUMBLE), max_size=60))
@settings(deadline=None)
def test_any_jumble_of_a_cover_gives_guesses_that_can_be_stored(words: list[str]) -> None:
    guesses = guess(" ".join(words).split("\n"))
    assert from_stored(json.loads(json.dumps(to_stored(guesses)))) == guesses

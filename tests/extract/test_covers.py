"""The title on a cover that also names a school, and over several lines; the edition; whose document it is."""

from __future__ import annotations

import pytest

from governance.extract.guesses import Guesses, guess


def on_cover(cover: str) -> Guesses:
    return guess(f"{cover}\n\nEvery child here has a peg with a name on it.".split("\n"))


def said(text: str) -> Guesses:
    return on_cover(f"Uniform Policy\n\n{text}")


@pytest.mark.parametrize(
    "cover, title",
    [
        ("Ysgol Bryn Teg Complaints Policy", "Complaints Policy"),
        ("YSGOL GYNRADD BRYN TEG\n\nATTENDANCE POLICY", "Attendance Policy"),
        (
            "Ysgol y Felin Supporting Learners with Healthcare Needs Policy",
            "Supporting Learners with Healthcare Needs Policy",
        ),
        ("Ysgol y Felin: Lettings Policy", "Lettings Policy"),
        ("Coleg y Felin - Data Protection Policy", "Data Protection Policy"),
        ("Behaviour Policy - Ysgol Bryn Teg", "Behaviour Policy"),
        ("Behaviour Policy Ysgol Bryn Teg", "Behaviour Policy"),
        ("Attendance Policy – Larch Hill Primary School", "Attendance Policy"),
        ("Larch Hill School: Lettings Policy", "Lettings Policy"),
        ("Whole School Food Policy", "Whole School Food Policy"),
        ("SCHOOL - DRESS CODE POLICY", "Dress Code Policy"),
        ("LEARNING AND\n\nTEACHING\n\nPOLICY", "Learning and Teaching Policy"),
        ("Pupil Dress and\nPersonal Appearance\nPolicy", "Pupil Dress and Personal Appearance Policy"),
        ("Policy for\nLooked After Children", "Policy for Looked After Children"),
        ("Early Years\nSleep Procedure", "Early Years Sleep Procedure"),
        ("Data Protection/\nInformation Security\nPolicy", "Data Protection/ Information Security Policy"),
        (
            "| Responsible Body | Title of Policy |\n| Governors of Larch Hill | Sun Safety Policy |",
            "Sun Safety Policy",
        ),
    ],
)
def test_a_title_is_read_without_the_school_and_over_all_its_lines(cover: str, title: str) -> None:
    found = on_cover(cover).title
    assert found is not None and found.value == title


@pytest.mark.parametrize("cover", ["Ysgol Bryn Teg Nut Policy", "Early Birds\nNut Procedure"])
def test_a_title_that_may_hold_a_name_or_a_motto_is_doubted(cover: str) -> None:
    found = on_cover(cover).title
    assert found is not None and found.confidence < 0.9


@pytest.mark.parametrize(
    "text, version",
    [
        ("Issue 7, revised March 2023", "7"),
        ("Larch Hill School | Issue 7, revised March 2023", "7"),
        ("Page 2 of 15 Version 1.9 Created January 2009", "1.9"),
        ("Ref HR/12 Version 3 Page 1 of 9", "3"),
        ("(Issue 3: May 2020)", "3"),
        ("Uniform policy - Issue No. 5 - June 2021", "5"),
        ("v1: 10/09/2015\nv2: 30/11/2016", "2"),
        ("| Version Control | 1 |", "1"),
        ("Issue: 8 June 2017", None),
        ("Read the new version 2 of the form before you start.", None),
        ("Year 6 wrote Version 2 of the song in 2019.", None),
    ],
)
def test_an_edition_is_read_in_running_heads_and_never_from_a_date(text: str, version: str | None) -> None:
    found = said(text).version_label
    assert (found.value if found else None) == version


def test_an_issue_before_a_date_may_be_either() -> None:
    found = said("Issue 8 June 2017 Larch Hill School").version_label
    assert found is not None and found.confidence < 0.9


@pytest.mark.parametrize(
    "text, owner",
    [
        ("The Site Manager is responsible for this policy and its review.", "Site Manager"),
        ("The person responsible for this policy is Mrs A. Bell.", "Mrs A. Bell"),
        ("Responsibility for this policy lies with the Deputy Headteacher.", "Deputy Headteacher"),
        ("This policy is the responsibility of the Finance Director.", "Finance Director"),
        ("The Head of Sixth Form is responsible for maintaining this policy.", "Head of Sixth Form"),
        ("The Governing Body is responsible for this policy.", None),
        ("The headteacher is responsible for implementing this policy.", None),
        ("Designated Safeguarding Lead: Mrs Quill", None),
        ("Designated person responsible: Mrs Quill", None),
        ("Health and Safety responsible person: Mrs Quill", None),
        ("| Safeguarding lead | Mrs Quill |\n| Deputy lead | Mr Thorn |", None),
    ],
)
def test_who_looks_after_a_policy_is_told_from_who_leads_on_its_subject(text: str, owner: str | None) -> None:
    found = said(text).owner
    assert (found.value if found else None) == owner


@pytest.mark.parametrize(
    "text",
    [
        "Lead: Mrs Quill (DSL)",
        "Named person: Mrs Quill",
        "Document owner: Larch Hill School",
        "Policy owner: Trust Board",
    ],
)
def test_a_lead_on_the_subject_and_a_board_or_school_are_doubted_as_owners(text: str) -> None:
    found = said(text).owner
    assert found is not None and found.confidence < 0.9

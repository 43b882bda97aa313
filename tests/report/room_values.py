"""Rooms made of responses, without a store: as many collaborations and raters as wanted, always the same ones."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from assessor import bank
from assessor.core.raters import Rating, RatingTally, concordances, most_common_responses, tally_ratings
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration
from assessor.core.scoring import assess
from assessor.core.sides import compare_responses, mirrored_responses, shared_gains, win_win
from assessor.core.workshop import AgreedStep, Workshop
from assessor.core.workshop_findings import AgreedAssessment, Findings, Note, OtherSide, PlacedCase, Subject
from assessor.presentation.workshop_report import WorkshopReport

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
DOKK1 = bank.open_bank("dokk1").instrument
SIDES = bank.open_bank("dokk1").sides
NAMES = (
    "Byalaget",
    "Ungdomsgården",
    "Musikskolan",
    "Friluftsmuseet i Norra hamnen",
    "Kodskolan",
    "Hälsocentralen",
    "Föreningen Läsglädje på landsbygden",
    "Teatern",
    "Fängelset",
    "Sjöfartsmuseet",
    "Trädgårdsklubben",
    "Medborgarinstitutet",
)
UNDERTAKINGS = ("Sommarbiblioteket", "Poddstudion", "Kulturveckan", "Lokalhistorisk kväll", "Robotklubben", "")


@cache
def responses_of() -> dict[str, Mapping[str, str]]:
    return {case.id: case.responses for case in bank.open_bank("dokk1").cases}


def a_collaboration(number: int) -> Collaboration:
    return Collaboration(
        id=f"c{number}",
        library="Exempelbiblioteket",
        party=NAMES[number % 12],
        undertaking=UNDERTAKINGS[number % 6],
    )


def ratings(number: int, raters: int, *, chance: random.Random | None = None) -> list[Rating]:
    """What a room gives: most alike, some otherwise, some don't know."""
    draw = chance or random.Random(number)
    known = sorted(case for case in responses_of() if not case.startswith("v"))
    mine = responses_of()[known[(number * 5) % len(known)]]
    given = []
    for at in range(raters):
        said = dict(mine)
        for item in draw.sample(sorted(said), draw.choice([0, 0, 1, 2, 3])):
            said[item] = draw.choice([*DOKK1.by_id[item].options, DONT_KNOW])
        gut = draw.choice([*DOKK1.placements[:3], DOKK1.placements[3], DONT_KNOW])
        given.append(Rating(rater=f"r{at}", responses=said, gut=gut))
    return given


def agreed_on(
    collaboration: Collaboration, responses: Mapping[str, str], wanted: str | None = None
) -> AgreedAssessment:
    assessment = Assessment(
        id="a",
        collaboration=collaboration,
        instrument=DOKK1.id,
        version=DOKK1.version,
        digest=DOKK1.digest,
        responses=responses,
        notes={"agreement": "Avtalet ligger hos chefen."},
        gains=("groups", "ideas"),
        wanted=wanted,
        started=AT,
        changed=AT,
    )
    return AgreedAssessment(assessment=assessment, verdict=assess(DOKK1, responses, wanted))


def the_other_side(ours: Mapping[str, str], theirs: Mapping[str, str], *, agreed: bool) -> OtherSide:
    from_here = mirrored_responses(SIDES, theirs)
    return OtherSide(
        responses=from_here,
        compared=compare_responses(DOKK1, SIDES, ours, theirs),
        win_win=win_win(DOKK1, SIDES, ours, theirs),
        gains=shared_gains(DOKK1, ("groups", "ideas") if agreed else (), ("ideas", "resources")),
        verdict=assess(DOKK1, from_here),
        agreed=agreed,
    )


def a_subject(number: int, raters: int, at_least: int = 5, **more) -> Subject:
    """One collaboration: every other agreed on, some with dissent, steps, notes and the party's side."""
    collaboration = a_collaboration(number)
    told = tally_ratings(DOKK1, ratings(number, raters))
    enough = told if told.raters >= at_least else None
    ours = {item: given for item, given in most_common_responses(told).items() if given != DONT_KNOW}
    agreed = agreed_on(collaboration, ours, "service") if number % 2 == 0 and raters else None
    party = {**ours, "benefit": "them", "vision": "no", "payment": "none"}
    found = {
        "collaboration": collaboration,
        "begun": raters,
        "tally": enough,
        "agreed": agreed,
        "dissents": ("Jag tror inte att de ser det så, för de frågade aldrig oss.",) if number % 4 == 0 else (),
        "steps": (
            AgreedStep(
                id="s",
                collaboration=collaboration.id,
                what="Ring dem och boka en timme",
                who="Filialchefen",
                when="före jul",
            ),
        )
        if number % 3 == 0
        else (),
        "notes": (Note(item="vision", text="Det har vi aldrig talat om."), Note(item="", text="Åk dit och fråga."))
        if enough and number % 3 == 1
        else (),
        "other": the_other_side(ours, party, agreed=agreed is not None) if number % 4 == 2 else None,
    }
    return Subject(**{**found, **more})


def a_workshop(name: str = "Höstdagen i Exempelstad", at_least: int = 5, **more) -> Workshop:
    facts = {"id": "w", "library": "Exempelbiblioteket", "code": "ABC2345", "opened": AT, "closed": AT, "locked": False}
    return Workshop(
        **{**facts, "name": name, "stage": "closed", "subject": "", "listed": (), "at_least": at_least, **more}
    )


def with_concordance(subjects: Sequence[Subject], at_least: int) -> tuple[Subject, ...]:
    placed = {each.collaboration.id: each.tally.placements for each in subjects if each.tally}
    found = concordances(placed, len(DOKK1.placements), at_least)
    return tuple(replace(each, concordance=found.get(each.collaboration.id)) for each in subjects)


def a_report(
    subjects: Sequence[Subject], *, language: str = "en", raters: int = 8, at_least: int = 5, **more
) -> WorkshopReport:
    cases = bank.open_bank("dokk1").calibration_cases(language)
    placed = (
        PlacedCase(
            id=case.id,
            placement=case.placement,
            tally=RatingTally(raters=raters, placements={case.placement: raters - 1}, unsettled=1)
            if raters >= at_least
            else None,
        )
        for case in cases
    )
    findings = {
        "workshop": a_workshop(at_least=at_least),
        "closed": AT.date(),
        "kept_until": date(2027, 2, 8),
        "joined": raters,
        "own": 2,
        "subjects": with_concordance(subjects, at_least),
        "cases": tuple(placed),
    }
    return WorkshopReport(
        findings=Findings(**{**findings, **more}),
        cases={case.id: case.text for case in cases},
        instrument=DOKK1,
        wording=bank.open_bank("dokk1").wording(language),
        language=language,
        made=date(2026, 11, 12),
        program="0.1.0",
    )


def a_room(collaborations: int, raters: int, language: str = "en") -> WorkshopReport:
    """A room of so many collaborations and raters."""
    return a_report([a_subject(n, raters) for n in range(collaborations)], language=language, raters=raters)

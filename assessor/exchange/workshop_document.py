"""A closed workshop as JSON: what its facilitator may take away. Always the same bytes for the same workshop.

What may be known of raters was decided before, in `core.workshop_findings`; this only writes it down.

The keys of the object, always all of them but the last, and in this order:

    assessor        {"workshop": 2}: the version of this form
    workshop        {"id", "name", "library", "held", "closed": dates, "at_least", "kept_until": date or null,
                    "joined": raters of the library's side, "own": collaborations that they brought themselves}
    instrument      {"id", "version", "digest"}
    collaborations  in the order they were listed, each:
        id, party, undertaking
        begun         how many raters gave anything
        told          null where fewer than `at_least` answered themselves, else {"raters", "placements": {placement:
                      raters}, "unsettled", "gut": {placement or "dont_know": raters}, "as_felt" of "felt" (both null
                      where withheld), "items": {item: {option or "dont_know": raters}}}; a gut feeling or an item that
                      fewer answered is absent, as is one that nobody was asked
        concordance   null where `told` is, else {"raters": whose placement is settled, "observed": share of pairs that
                      agree or null, "ac1": Gwet's AC1 or null}; six decimals
        agreed        null, or {"responses": {item: option}, "notes": {item: text}, "gains": [ids],
                      "wanted": placement or null, "verdict": as in `verdict_document`}
        dissents      [text], sorted
        steps         [{"what", "who", "when"}] in the order they were agreed on
        notes         [{"item", "text"}], sorted by text; none where `told` is null
        other_side    null, or {"responses": the party's, turned round, "same": [items], "different": {item:
                      {"ours", "theirs"}}, "gains": {"both", "ours", "theirs": [ids]}, "win_win": null or
                      {"library": {"own", "other"}, "party": {"own", "other"}, "both"}: true, false or null where it is
                      not known, "placements": [ids] that its responses leave possible}
    cases           the calibration round: [{"id", "placement": where it belongs, "told": null or as above}]
    raw             only when asked for, as it tells raters apart: [{"rater": "r1" …, "collaboration": id,
                    "responses", "gut", "gains", "notes"}]; no name and no time is in it
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from assessor.core.instrument import Instrument
from assessor.core.raters import Concordance, RatingTally
from assessor.core.responses import Responses
from assessor.core.sides import Match, SideView, WinWin
from assessor.core.workshop_findings import Findings, OtherSide, PlacedCase, Subject
from assessor.exchange.verdict_document import verdict_json
from assessor.local_time import local_day

#: Rises with every change of the document's form.
FORMAT_VERSION: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class RaterResponses:
    """What one rater gave on one collaboration."""

    #: A label like r1 that does not identify the person.
    rater: str
    collaboration: str
    responses: Responses
    gut: str | None
    gains: tuple[str, ...]
    notes: Mapping[str, str]


def workshop_bytes(instrument: Instrument, findings: Findings, raw: Iterable[RaterResponses] | None = None) -> bytes:
    """The whole document; without `raw`, nothing in it tells one rater from another."""
    document: dict[str, Any] = {
        "assessor": {"workshop": FORMAT_VERSION},
        "workshop": _workshop_json(findings),
        "instrument": {"id": instrument.id, "version": instrument.version, "digest": instrument.digest},
        "collaborations": [_subject_json(instrument, each) for each in findings.subjects],
        "cases": [_case_json(each) for each in findings.cases],
    }
    if raw is not None:
        document["raw"] = [_rater_json(instrument, each) for each in raw]
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _workshop_json(findings: Findings) -> dict[str, Any]:
    workshop = findings.workshop
    return {
        "id": workshop.id,
        "name": workshop.name,
        "library": workshop.library,
        "held": local_day(workshop.opened).isoformat(),
        "closed": findings.closed.isoformat(),
        "at_least": workshop.at_least,
        "kept_until": findings.kept_until.isoformat() if findings.kept_until else None,
        "joined": findings.joined,
        "own": findings.own,
    }


def _subject_json(instrument: Instrument, subject: Subject) -> dict[str, Any]:
    return {
        "id": subject.collaboration.id,
        "party": subject.collaboration.party,
        "undertaking": subject.collaboration.undertaking,
        "begun": subject.begun,
        "told": _picture_json(subject.tally),
        "concordance": _concordance_json(subject.concordance),
        "agreed": _agreed_json(instrument, subject),
        "dissents": list(subject.dissents),
        "steps": [{"what": step.what, "who": step.who, "when": step.when} for step in subject.steps],
        "notes": [{"item": note.item, "text": note.text} for note in subject.notes],
        "other_side": _other_side_json(subject.other),
    }


def _picture_json(tally: RatingTally | None) -> dict[str, Any] | None:
    """A tally in plain values; None where too few raters answered for it to be shown."""
    if tally is None:
        return None
    return {
        "raters": tally.raters,
        "placements": dict(tally.placements),
        "unsettled": tally.unsettled,
        "gut": dict(tally.gut),
        "as_felt": tally.as_felt,
        "felt": tally.felt,
        "items": {item: dict(counts) for item, counts in tally.items.items()},
    }


def _concordance_json(concordance: Concordance | None) -> dict[str, Any] | None:
    if concordance is None:
        return None
    return {
        "raters": concordance.raters,
        "observed": _rounded_share(concordance.observed),
        "ac1": _rounded_share(concordance.ac1),
    }


def _rounded_share(share: float | None) -> float | None:
    """To six decimals, beyond which machines may differ; None stays None."""
    return None if share is None else round(share, 6)


def _agreed_json(instrument: Instrument, subject: Subject) -> dict[str, Any] | None:
    """What the room agreed on, with its verdict; None where it agreed on nothing."""
    agreed = subject.agreed
    if agreed is None:
        return None
    return {
        "responses": _in_instrument_order(instrument, agreed.assessment.responses),
        "notes": _in_instrument_order(instrument, agreed.assessment.notes),
        "gains": list(agreed.assessment.gains),
        "wanted": agreed.assessment.wanted,
        "verdict": verdict_json(instrument, subject.collaboration.id, agreed.verdict),
    }


def _in_instrument_order(instrument: Instrument, by_item: Mapping[str, str]) -> dict[str, str]:
    """In the instrument's order, the whole first: the order in which things were given could identify raters."""
    return {item: by_item[item] for item in ("", *instrument.by_id) if item in by_item}


def _other_side_json(other: OtherSide | None) -> dict[str, Any] | None:
    """The other party's view beside the library's; None where the party was not asked or did not answer."""
    if other is None:
        return None
    return {
        "responses": dict(other.responses),
        "same": [each.item for each in other.compared if each.match is Match.SAME],
        "different": {
            each.item: {"ours": each.ours, "theirs": each.theirs}
            for each in other.compared
            if each.match is Match.DIFFERENT
        },
        "gains": {"both": list(other.gains.both), "ours": list(other.gains.ours), "theirs": list(other.gains.theirs)},
        "win_win": _win_win_json(other.win_win),
        "placements": list(other.verdict.placements),
    }


def _win_win_json(win_win: WinWin | None) -> dict[str, Any] | None:
    if win_win is None:
        return None
    return {"library": _side_view_json(win_win.library), "party": _side_view_json(win_win.party), "both": win_win.both}


def _side_view_json(view: SideView) -> dict[str, bool | None]:
    return {"own": view.own, "other": view.other}


def _case_json(case: PlacedCase) -> dict[str, Any]:
    return {"id": case.id, "placement": case.placement, "told": _picture_json(case.tally)}


def _rater_json(instrument: Instrument, given: RaterResponses) -> dict[str, Any]:
    return {
        "rater": given.rater,
        "collaboration": given.collaboration,
        "responses": _in_instrument_order(instrument, given.responses),
        "gut": given.gut,
        "gains": list(given.gains),
        "notes": _in_instrument_order(instrument, given.notes),
    }

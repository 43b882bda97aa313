"""What the questions mean: pure values and functions. Nothing here reads, asks or prints; no clock, no chance.

Three values:

- `Instrument` (`instrument`): one version of a questionnaire, its rules compiled into a `Diagram`;
- `Responses` (`responses`): item id to option id or `DONT_KNOW`; an unanswered item is absent;
- `Verdict` (`verdict`): the placements still possible, the reasons, the open items, the ways up and down, the marks.

And three verbs that everything else is made of:

- `routing.on_route(instrument, responses)`: the responses that count;
- `routing.next_item(instrument, responses)`: what to ask next, None when nothing is left;
- `scoring.assess(instrument, responses)`: the verdict.

The place in an interview is not stored: "go back", the progress and the report are computed from the first two values,
so the terminal, the web and the report cannot disagree.

The other modules compare several assessments (`raters`, `portfolio`, `history`, `sides`), compute a workshop or an
assessment from what was given in it (`workshop`, `entries`), or hold what other packages share (`wording`,
`paper_fields`, `text_limits`).
"""

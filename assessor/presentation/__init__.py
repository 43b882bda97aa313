"""How verdicts, placements and rooms are put into words and figures: once, for every face and document.

The terminal, the web and the documents in `report` lay out what they get from here and decide no wording of their
own, so that the same verdict reads the same everywhere. Three kinds of module:

- words: `messages` and `terms` translate; `placements` decides whether a set of placements is named or called not
  settled; `verdict_text`, `advice`, `marks`, `timeline`, `progress` and `room_sentences` make sentences;
- values: `report` and `workshop_report` hold what a document is about; `verdict_page` and `overview` hold pages
  ready for a template;
- figures: `tones` gives each level its colour and shape, `typeface` measures text, `terraces` and `timeline` place
  shapes and lines.

Nothing here reads a store, opens a bank, prints, or knows HTML or PDF.
"""

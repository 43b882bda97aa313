"""Papers for a table: a questionnaire to fill in, a poster to hang up, cards to cut out.

They differ from documents in that everything has its place on the sheet: sizes are measured here with the typeface's
widths, and each kind has a style sheet of its own that repeats them.
"""

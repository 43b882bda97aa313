"""How verdicts, placements and rooms are valued and said for people: once, for every face and document."""

"""Pages of a workshop: for the facilitator, for participants, and for the board that the room looks at."""

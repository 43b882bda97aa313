"""A workshop's pages: for who leads it, for who joins, and for the board."""

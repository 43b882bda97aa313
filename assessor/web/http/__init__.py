"""What every page rests on: request checks, sessions, forms, limits, and the thread that owns the store.

Nothing here knows a particular page; the pages import from here, never the other way round.
"""

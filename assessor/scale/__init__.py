"""Many answers at once: columns of them, files too large for memory, and pools and clusters of processes.

`file_placement` is the entrance for a file, `rules_sql` for a database of one's own, `pool` and `ledger` for long runs.
A single assessment is never placed here: `core` does that, and is what the tests compare these results with.
numpy, DuckDB and Arrow (extra `scale`) and Dask (extra `cluster`) live here and are imported only when needed.
"""

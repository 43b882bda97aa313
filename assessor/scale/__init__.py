"""Many answers at once: columns of them, files too large for memory, and pools and clusters of processes.

numpy, DuckDB and Arrow (extra `scale`) and Dask (extra `cluster`) live here and are imported only when needed.
"""

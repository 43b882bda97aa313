"""A library's report."""

"""A workshop's report."""

"""The library's report, and that of a single collaboration."""

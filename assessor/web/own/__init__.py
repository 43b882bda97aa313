"""A library's own pages."""

"""Drafts of letters of intent and agreements, as pages and as Word files."""

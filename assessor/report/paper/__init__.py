"""Sheets to fill in, hang up or cut out."""

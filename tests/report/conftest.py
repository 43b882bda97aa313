"""Fixtures for reports; the makers they use stand in `report_values`."""

from report_values import dokk1, mixed, quiet

__all__ = ["dokk1", "mixed", "quiet"]

"""Which of a library's collaborations are partnerships, of what kind, and what next."""

__version__ = "0.2.0"

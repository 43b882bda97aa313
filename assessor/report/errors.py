"""What can go wrong with a report."""

from assessor.errors import N_, AssessorError


class UrlInReport(AssessorError):
    """A template or style that wants something from elsewhere; nothing was opened."""

    template = N_(
        "The report asks for {url!r}, but a report never opens an address; put what it needs into the template"
    )


class WrongTypeface(AssessorError):
    """Text that was set in another typeface than the report's own."""

    template = N_("The report was set in {font!r} instead of its own typeface: reinstall assessor, or run its doctor")
    exit_code = 69

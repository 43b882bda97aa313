"""What can go wrong while a document is printed; errors of templates for Word stand in `draft.word_templates`."""

from assessor.errors import N_, AssessorError


class UrlInReport(AssessorError):
    """A template, style or text made the layout ask for something from elsewhere; nothing was fetched."""

    template = N_(
        "The report asks for {url!r}, but a report never opens an address; put what it needs into the template"
    )


class WrongTypeface(AssessorError):
    """Text came out in another typeface than the documents' own, so the installation is damaged."""

    template = N_("The report was set in {font!r} instead of its own typeface: reinstall assessor, or run its doctor")
    exit_code = 69

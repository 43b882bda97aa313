"""HTML to PDF; the only home of WeasyPrint and pydyf."""

"""HTML to PDF; the only home of WeasyPrint."""

from assessor.report.values import Report
def report_pdf(report: Report) -> bytes:
    from assessor.report.render import sections, styles, shell
    from assessor.report.view import view
    import os
    from assessor.report.fonts import folder
    os.environ["FONTCONFIG_FILE"] = str(folder() / "fonts.conf")
    from weasyprint import HTML, CSS
    v = view(report)
    html = shell(v, [s.html for s in sections(report.language, v, {a: 1 for a in (p.anchor for p in v.pages)})])
    return HTML(string=html).write_pdf(stylesheets=[CSS(string=styles())], pdf_variant='pdf/ua-1')

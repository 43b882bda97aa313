"""HTML to PDF; the only home of WeasyPrint and pydyf.

Each section of a document is laid out once and kept as WeasyPrint's pages (`renderer`, `layout`). A document is the
pages of its sections in one `weasyprint.Document`, so WeasyPrint writes content, tags, fonts, links and metadata. What
it does not write is added by one `finisher`, when all is generated and nothing written (`writer`): words for what a
link leads to, the languages of foreign words, bookmarks of sections, page labels. Numbers at the foot of a page are
known when all sections are, so feet are pages of their own, drawn upon the others outside what is read aloud.
A form has its own fields (`form_fields`) and is laid out once for all its copies (`form_copies`).

Measured against a writer of our own, which took sections as finished objects from two processes (950 lines more, most
of them on the insides of WeasyPrint and pydyf): a whole process takes 0.85 of its processor time, one changed answer
0.4 to 0.5 of a first report (it took 0.1), one that moves a placement 0.75 (0.5), a page up to 1.8 MB, sixty forms
seven times one (2.5). Loading takes 0.6 of the time since no library is searched for.

What must hold: the same input gives the same bytes, whether sections were laid out now or earlier; PDF/UA-1 always,
PDF/A-3a with an attachment; no address is opened; no text is set in another typeface than ours.

What leans on WeasyPrint's insides, and is to be read again when its version changes: `_ua_stylesheets`,
`_ua_counter_style` and the files that it reads them from (our rules in place of its 170), `HTML.__init__` (our HTML is
parsed as XML), `TAGS` and `text` (texts of pictures, which it lays out letter by letter), `_page_box` (the languages,
and the page numbers that are moved once the table's length is known), `Document.fonts` (looked over before they are
embedded), `add_outlines` (bookmarks on pages that copies add), the annotations of `page.forms`, and what the modules
called `..._costs` exchange: whether a line is shaped again, what a style's properties are, how pages are listed. Its C
declarations are compared by their digest, and parsed where they differ (`native_declarations`).

Where the time of a report of twelve goes, in a whole process: three tenths load modules (half of it ours, of which two
fifths make dataclasses; the other half WeasyPrint and what it needs), two fifths lay out boxes, a fifth draws and
writes them, the rest makes the texts. Of laying out and drawing, a quarter is Pango's, a tenth resolves percentages, a
tenth is the properties of styles.
"""

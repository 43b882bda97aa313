"""Verdicts as documents for people: HTML to print from a browser, PDF, and Word.

What a document says comes from `presentation`; this package decides what stands on which page and prints it.

- `library`, `workshop`, `consortium`, `wall`, `guide` and `draft` each turn values into a `PrintableDocument`: sections
  of HTML from templates, and what is said about the document as a whole;
- `paper` has forms, posters and cards, which are measured and bring a style sheet each;
- `render` is the home of Jinja2 for documents, `pdf` that of WeasyPrint, `draft.word` that of docxtpl.

Called by `usecases` and the web's printing. Nothing here reads the store.
"""

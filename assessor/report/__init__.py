"""A library's verdicts as a document for people: values, sentences, figures, HTML and PDF."""

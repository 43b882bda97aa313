"""Drafts of letters of intent and agreements, as pages to print (`pages`) and as Word files (`word`).

`clauses` writes the text once for both. Word files are filled into templates that libraries may edit, so
`word_templates` treats a template as hostile.
"""

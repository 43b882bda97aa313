"""The report of a workshop that is closed: `document` puts together what `cover` and `pages` make."""

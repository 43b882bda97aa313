"""Renders page templates, and serves the files that pages load: styles, scripts and typefaces.

Everything is escaped, whatever the template is called, and control characters in text become visible escapes, so no
name that somebody typed can steer a page. Used by `responses` and by the live updates of a workshop.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assessor.language import LANGUAGE_NAMES, language_tag
from assessor.presentation.messages import Messages
from assessor.presentation.terms import as_sentence
from assessor.resources import templates_folder
from assessor.safe_text import escape_controls
from assessor.web.http.request_context import HtmlPage

#: Files that pages load, by name in the address: path under the templates folder, and media type.
STATIC_FILES: Final = {
    "pages.css": ("web/pages.css", "text/css; charset=utf-8"),
    "pages.js": ("web/pages.js", "text/javascript; charset=utf-8"),
    "room.css": ("web/room.css", "text/css; charset=utf-8"),
    "course.js": ("web/course.js", "text/javascript; charset=utf-8"),
    "room.js": ("web/room.js", "text/javascript; charset=utf-8"),
    "service.css": ("web/service.css", "text/css; charset=utf-8"),
    "nation.css": ("web/nation.css", "text/css; charset=utf-8"),
    "service.js": ("web/service.js", "text/javascript; charset=utf-8"),
    "Inter-Regular.ttf": ("shared/fonts/Inter-Regular.ttf", "font/ttf"),
    "Inter-SemiBold.ttf": ("shared/fonts/Inter-SemiBold.ttf", "font/ttf"),
    "Inter-Bold.ttf": ("shared/fonts/Inter-Bold.ttf", "font/ttf"),
}


def render_page(page: HtmlPage, messages: Messages, /, **facts: Any) -> str:
    """The page as HTML.

    Templates see the page's own facts, then `facts` of the surrounding response, then the functions named here; a name
    that none of them has raises an error.
    """
    template = _environment().get_template(f"web/{page.template}.html.j2")
    return template.render(
        _=messages.say,
        n_=messages.count,
        language=language_tag(messages.language),
        spoken=LANGUAGE_NAMES[messages.language],
        languages=[
            (code, language_tag(code), name)
            for code, name in LANGUAGE_NAMES.items()
            if code != messages.language and code in facts.get("offered", LANGUAGE_NAMES)
        ],
        title=page.title,
        look=static_url,
        **{**facts, **page.facts},
    )


def render_part(page: HtmlPage, messages: Messages) -> Markup:
    """The same as a part of another page."""
    return Markup(render_page(page, messages))  # noqa: S704 - rendered here, and escaped


@cache
def static_file(name: str) -> tuple[bytes, str]:
    """Content and media type of a file that pages load; raises `KeyError`."""
    path, kind = STATIC_FILES[name]
    return _template_path(path).read_bytes(), kind


@cache
def gzipped_static_file(name: str) -> bytes:
    """The same file compressed. It contains nothing secret, so its compressed size may be observed (BREACH)."""
    return gzip.compress(static_file(name)[0], 9, mtime=0)


@cache
def static_url(name: str) -> str:
    """The file's address with a digest of its content, so that browsers may keep it for good."""
    return f"/look/{name}?{hashlib.sha256(static_file(name)[0]).hexdigest()[:8]}"


def _template_path(path: str) -> Path:
    return templates_folder() / path


@cache
def _environment() -> Environment:
    """The Jinja environment of all pages, made once."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,  # not `select_autoescape`, which leaves .j2 as it is
        undefined=StrictUndefined,
        finalize=_finalize_output,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["exact"] = _escape_exactly
    environment.filters["sentence"] = as_sentence
    environment.filters["of_tone"] = lambda tone: f"tone-{tone.name}"
    return environment


def _finalize_output(value: object) -> object:
    """Printed text with control characters escaped line by line; HTML that is marked as safe stays as it is."""
    return "\n".join(escape_controls(line) for line in value.split("\n")) if type(value) is str else value


def _escape_exactly(text: str) -> Markup:
    """HTML-escaped text and nothing more, for fields in which the text is edited."""
    return escape(text)

"""Pages laid into templates; everything is escaped, whatever a template is called."""

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

#: What pages load beside themselves, by name: where it lies and what it is.
STATIC_FILES: Final = {
    "pages.css": ("web/pages.css", "text/css; charset=utf-8"),
    "pages.js": ("web/pages.js", "text/javascript; charset=utf-8"),
    "room.css": ("web/room.css", "text/css; charset=utf-8"),
    "room.js": ("web/room.js", "text/javascript; charset=utf-8"),
    "Inter-Regular.ttf": ("shared/fonts/Inter-Regular.ttf", "font/ttf"),
    "Inter-SemiBold.ttf": ("shared/fonts/Inter-SemiBold.ttf", "font/ttf"),
    "Inter-Bold.ttf": ("shared/fonts/Inter-Bold.ttf", "font/ttf"),
}


def render_page(shown: HtmlPage, speech: Messages, **facts: Any) -> str:
    """The page as HTML."""
    template = _environment().get_template(f"web/{shown.template}.html.j2")
    return template.render(
        _=speech.say,
        n_=speech.count,
        language=language_tag(speech.language),
        spoken=LANGUAGE_NAMES[speech.language],
        languages=[
            (each, language_tag(each), name) for each, name in LANGUAGE_NAMES.items() if each != speech.language
        ],
        title=shown.title,
        look=static_url,
        **{**facts, **shown.facts},
    )


@cache
def static_file(name: str) -> tuple[bytes, str]:
    """What pages load beside themselves, and what it is; raises `KeyError`."""
    path, kind = STATIC_FILES[name]
    return _template_path(path).read_bytes(), kind


@cache
def gzipped_static_file(name: str) -> bytes:
    """The same, packed: it holds nothing of anybody's, so that its size may be seen."""
    return gzip.compress(static_file(name)[0], 9, mtime=0)


@cache
def static_url(name: str) -> str:
    """Its address, which changes when it does."""
    return f"/look/{name}?{hashlib.sha256(static_file(name)[0]).hexdigest()[:8]}"


def _template_path(path: str) -> Path:
    return templates_folder() / path


@cache
def _environment() -> Environment:
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
    """Text that cannot steer the page; what is marked as HTML stays."""
    return "\n".join(escape_controls(line) for line in value.split("\n")) if type(value) is str else value


def _escape_exactly(text: str) -> Markup:
    """Text to be edited, letter for letter."""
    return escape(text)

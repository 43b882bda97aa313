"""Pages laid into templates; everything is escaped, whatever a template is called."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assessor.language import NAMES, tag
from assessor.presentation.terms import sentence
from assessor.resources import report_templates
from assessor.safe_text import safe
from assessor.web.http.request_context import Shown
from assessor.web.messages import Speech

#: What pages load beside themselves, by name: where it lies and what it is.
LOOK: Final = {
    "pages.css": ("web/pages.css", "text/css; charset=utf-8"),
    "pages.js": ("web/pages.js", "text/javascript; charset=utf-8"),
    "room.css": ("web/room.css", "text/css; charset=utf-8"),
    "room.js": ("web/room.js", "text/javascript; charset=utf-8"),
    "Inter-Regular.ttf": ("shared/fonts/Inter-Regular.ttf", "font/ttf"),
    "Inter-SemiBold.ttf": ("shared/fonts/Inter-SemiBold.ttf", "font/ttf"),
    "Inter-Bold.ttf": ("shared/fonts/Inter-Bold.ttf", "font/ttf"),
}


def laid_out(shown: Shown, speech: Speech, **facts: Any) -> str:
    """The page as HTML."""
    template = _environment().get_template(f"web/{shown.template}.html.j2")
    return template.render(
        _=speech.say,
        n_=speech.count,
        language=tag(speech.language),
        spoken=NAMES[speech.language],
        languages=[(each, tag(each), name) for each, name in NAMES.items() if each != speech.language],
        title=shown.title,
        look=stamped,
        **{**facts, **shown.facts},
    )


@cache
def look(name: str) -> tuple[bytes, str]:
    """What pages load beside themselves, and what it is; raises `KeyError`."""
    path, kind = LOOK[name]
    return _file(path).read_bytes(), kind


@cache
def packed(name: str) -> bytes:
    """The same, packed: it holds nothing of anybody's, so that its size may be seen."""
    return gzip.compress(look(name)[0], 9, mtime=0)


@cache
def stamped(name: str) -> str:
    """Its address, which changes when it does."""
    return f"/look/{name}?{hashlib.sha256(look(name)[0]).hexdigest()[:8]}"


def _file(path: str) -> Path:
    return report_templates() / path


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(report_templates()),
        autoescape=True,  # not `select_autoescape`, which leaves .j2 as it is
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["exact"] = _exact
    environment.filters["sentence"] = sentence
    environment.filters["of_tone"] = lambda tone: f"tone-{tone.name}"
    return environment


def _finalized(value: object) -> object:
    """Text that cannot steer the page; what is marked as HTML stays."""
    return "\n".join(safe(line) for line in value.split("\n")) if type(value) is str else value


def _exact(text: str) -> Markup:
    """Text to be edited, letter for letter."""
    return escape(text)

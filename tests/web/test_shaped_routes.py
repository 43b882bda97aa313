"""Which of many routes answers a path."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Route

from assessor.web.http.shaped_routes import ShapedRoutes

PATHS = ("/", "/new", "/new/{item}", "/{library}/new", "/l/{library}", "/l/{library}/a/{assessment}/q/{item}")


def route_of(path: str) -> str | None:
    shaped = ShapedRoutes([Route(each, PlainTextResponse, methods=["GET"]) for each in PATHS])
    match, scope = shaped.matches({"type": "http", "method": "GET", "path": path, "root_path": ""})
    return scope["route"].path if match is Match.FULL else None


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/new", "/new"),
        ("/new/creation", "/new/{item}"),
        ("/new/new", "/new/{item}"),
        ("/school/new", "/{library}/new"),
        ("/l/school", "/l/{library}"),
        ("/l/school/a/1/q/creation", "/l/{library}/a/{assessment}/q/{item}"),
        ("", None),
        ("*", None),
        ("//", None),
        ("/l/", None),
        ("/l/school/", None),
        ("/l/school/a/1/q", None),
    ],
)
def test_the_first_route_of_the_paths_shape_answers(path, route):
    assert route_of(path) == route

"""Serves the files that pages load: styles, scripts and typefaces. Which files exist is said in `templates`."""

from assessor.web.errors import NoSuchPage
from assessor.web.http.request_context import HandlerResult, RequestContext, StaticFile
from assessor.web.templates import STATIC_FILES, gzipped_static_file, static_file


def show_static_file(context: RequestContext) -> HandlerResult:
    """The file named in the address, compressed for browsers that accept gzip; raises `NoSuchPage`."""
    name = context.path_params["name"]
    if name not in STATIC_FILES:
        raise NoSuchPage()
    data, media_type = static_file(name)
    if "gzip" in context.headers.get("accept-encoding", ""):
        return StaticFile(gzipped_static_file(name), media_type, gzipped=True)
    return StaticFile(data, media_type)

"""What pages load beside themselves: styles, scripts and typefaces."""

from assessor.web.errors import NoSuchPage
from assessor.web.http.request_context import HandlerResult, RequestContext, StaticFile
from assessor.web.templates import STATIC_FILES, gzipped_static_file, static_file


def show_static_file(context: RequestContext) -> HandlerResult:
    """The file of the address, packed for a browser that takes it so; raises `NoSuchPage`."""
    name = context.path_params["name"]
    if name not in STATIC_FILES:
        raise NoSuchPage()
    data, media_type = static_file(name)
    if "gzip" in context.headers.get("accept-encoding", ""):
        return StaticFile(gzipped_static_file(name), media_type, gzipped=True)
    return StaticFile(data, media_type)

"""The room's Wi-Fi as a code to scan: shown once with what was typed, and kept nowhere."""

from assessor import qr_codes
from assessor.safe_text import escape_controls
from assessor.web.http.request_context import HandlerResult, HtmlPage, RequestContext

_RESERVED = '\\;,:"'


def show_wifi(context: RequestContext) -> HandlerResult:
    """The code for the name and password in the form; an open network has no password."""
    network, password = context.form.value("network"), context.form.value("password")
    code = qr_codes.svg_path(wifi_text(network, password))
    facts = {"network": escape_controls(network), "code": code, "base": context.base_path}
    return HtmlPage(template="wifi", title=context.say("The Wi-Fi"), facts=facts)


def wifi_text(network: str, password: str) -> str:
    """What phones' cameras understand as "join this network"."""
    kind = f"T:WPA;P:{_escaped(password)};" if password else "T:nopass;"
    return f"WIFI:{kind}S:{_escaped(network)};;"


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _RESERVED else letter for letter in text)

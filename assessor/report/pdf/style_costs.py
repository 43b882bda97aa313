"""Most properties of most elements are their parent's or the initial ones, and need none of the questions CSS can ask.

WeasyPrint asks them for each of a hundred properties of each style, and for fourteen lengths of each box whether it is
a percentage, a sum or a word; most are pixels. Both together are a fifteenth of a short document.
"""

from typing import Any, Final

from weasyprint.css import ComputedStyle  # type: ignore[import-untyped]
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS  # type: ignore[import-untyped]
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES, Dimension  # type: ignore[import-untyped]
from weasyprint.layout import percent  # type: ignore[import-untyped]

_compute = ComputedStyle.__missing__
_resolve = percent.resolve_one_percentage

#: Properties that depend on others, or on the parent's in a way of their own.
_INVOLVED: Final = {"position", "float", "display", "page"}
_PLAIN: Final = {name for name in INITIAL_VALUES if name not in _INVOLVED and not name.startswith("text_decoration_")}
_INHERITED: Final = _PLAIN & INHERITED
_INITIAL: Final = {
    name: INITIAL_VALUES[name] for name in _PLAIN if name not in INHERITED and name not in INITIAL_NOT_COMPUTED
}
#: For each side of a box: the names that mean it in one direction of writing or the other.
_LOGICAL: Final = {
    name: tuple({logical(block="ttb", inline=direction) for direction in ("ltr", "rtl")})
    for name, logical in PHYSICAL_FUNCTIONS.items()
}


def spare_style_costs() -> None:
    """From now on what no rule sets is taken from where it comes from, and a length in pixels as it is."""
    ComputedStyle.__missing__ = _missing
    percent.resolve_one_percentage = _resolved_length


def _missing(style: Any, name: str) -> Any:
    """The value of a property that is asked for the first time; values made of several parts are left to WeasyPrint."""
    cascaded = style.cascaded
    if name not in cascaded and not any(logical in cascaded for logical in _LOGICAL.get(name, ())):
        if name in _INITIAL:
            style[name] = value = _INITIAL[name]
            return value
        if name in _INHERITED and style.parent_style is not None:
            value = style.parent_style[name]
            if type(value) in (str, int, float):
                style[name] = value
                return value
    return _compute(style, name)


def _resolved_length(box: Any, name: str, whole: Any) -> None:
    """Gives a box the used value of one of its lengths."""
    length = box.style[name]
    if type(length) is Dimension and length.unit == "px":
        setattr(box, name, length.value)
    else:
        _resolve(box, name, whole)

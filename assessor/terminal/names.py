"""What a collaboration is called: asked line by line, with a way back from each, and mended before it counts."""

from assessor.core.responses import Collaboration
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, SteppedBack, TerminalFace
from assessor.terminal.interview_context import (
    BACK,
    BACK_KEYS,
    InterviewContext,
    InterviewStopped,
    stop_step,
    text_validator,
)
from assessor.usecases.assessments import fit_name

_YES, _PARTY, _UNDERTAKING = "<yes>", "<party>", "<undertaking>"
#: The step that each choice at the end leads to.
_STEPS = {_PARTY: 0, _UNDERTAKING: 1, BACK: 1}


def ask_names(
    context: InterviewContext, party: str = "", undertaking: str = "", *, first: int = 0
) -> tuple[str, str] | None:
    """The party's name and the undertaking's, once the person says that they are right; None when they step back.

    `first` is 1 where the party is known and not to be asked for.
    """
    names, step = [party, undertaking], first
    while step >= first:
        try:
            if step < 2:
                names[step] = _ask_name(context, step, names[step])
                step += 1
            elif (step := _confirm_names(context, names[0], names[1], first)) > 2:
                return names[0], names[1]
        except SteppedBack:
            step -= 1
    return None


def _ask_name(context: InterviewContext, step: int, kept: str) -> str:
    """One line: the party's name, which is needed, or what is done together, which may be left empty."""
    _ = context.messages.gettext
    if step == 0:
        needed = text_validator(context.messages, fit_name, needed=True)
        return context.face.ask_text(_("What is the other party called?"), kept, needed, back=True).strip()
    hint = _("A few words, such as a theme or the name of a project. You can leave it empty.")
    context.face.print_lines(Paragraph(hint, "quiet"))
    return context.face.ask_text(_("What do you do together?"), kept, context.name_refusal, back=True).strip()


def _confirm_names(context: InterviewContext, party: str, undertaking: str, first: int) -> int:
    """Ask whether the names are right; the step that comes next, which is 3 when they are."""
    _, name = context.messages.gettext, Collaboration(id="", library="", party=party, undertaking=undertaking).name
    for listed in context.assessments.list_collaborations():
        if listed.collaboration.name != name and listed.collaboration.name.casefold() == name.casefold():
            there = _("There is already one called {name}.").format(name=listed.collaboration.name)
            context.face.print_lines(Paragraph(there, "strong", "! "))
    choices = [
        MenuChoice(value=_YES, label=_("Yes, go on")),
        MenuChoice(value=_PARTY, label=_("Change the other party's name")),
        MenuChoice(value=_UNDERTAKING, label=_("Change what you do together")),
    ]
    offered = tuple(choice for choice in choices if not (first and choice.value == _PARTY))
    value = context.choose_or_stop(_("{name}: is this right?").format(name=name), offered, context.back_step())
    return _STEPS.get(value, 3)


def ask_library_name(face: TerminalFace) -> str:
    """The library's own name, once the person says that it is right."""
    _, name = face.messages.gettext, ""
    needed = text_validator(face.messages, fit_name, needed=True)
    choices = (
        MenuChoice(value=_YES, label=_("Yes, go on")),
        MenuChoice(value=BACK, label=_("Change the name"), keys=BACK_KEYS),
        stop_step(face.messages),
    )
    while True:
        name = face.ask_text(_("What is your library called?"), name, needed).strip()
        match face.choose_one(Prompt(text=_("{name}: is this right?").format(name=name), choices=choices)):
            case "<yes>":
                return name
            case "<stop>":
                raise InterviewStopped

"""The page that stays while the program runs in a browser, with what it says in each language."""

import json
from typing import Any, Final

from markupsafe import Markup

from assessor.errors import N_
from assessor.language import LANGUAGES, language_tag
from assessor.presentation.messages import Messages
from assessor.report.render import render_template

#: What these pages may load: nothing from any other address.
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "frame-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'"
)

_NEEDS_SCRIPTS: Final = N_(
    "These pages run in your browser. They need scripts, and an address with https: allow scripts here, ask whoever "
    "published them for such an address, or use the installed program."
)

#: By the name under which the page's script and template look it up.
_SAID: Final = {
    "needs_https": N_("These pages work over HTTPS only: ask whoever published them for an address with https."),
    "needs_browser": N_(
        "This browser lacks what these pages need, or does not let them store the program. Use a newer one, outside a "
        "private window, and let this address store data."
    ),
    "no_memory": N_(
        "This device has too little memory for these pages. Close other tabs and load the page again, or use another "
        "device."
    ),
    "other_window": N_("assessor is open in another window or tab of this browser. Go on there, or close it first."),
    "fetching": N_("Fetching the program: {come} of {total} MB. It comes once, then works without a network."),
    "loading": N_("Starting …"),
    "unpacking": N_("Unpacking the program …"),
    "starting": N_("Opening the pages …"),
    "newer": N_("A newer version is there: press to take it"),
    "save_first": N_("Save as a file first: taking the newer version loads the page again."),
    "failed": N_("That did not work. Load the page again; what you saved as a file can be opened there."),
    "whose": N_("Is this machine yours alone?"),
    "whose_hint": N_(
        "Nothing that you answer is sent anywhere. What you want to keep, you save as a file; what you saved before, "
        "you open on the next page."
    ),
    "mine": N_("Yes: keep my answers in this browser too, until I clear its data"),
    "shared": N_("No, or not sure: keep nothing here; what I do not save as a file is gone when I close the page"),
    "save": N_("Save as a file"),
    "open": N_("Open a file"),
    "print": N_("Print this page"),
    "saved": N_("The file holds everything up to now."),
    "not_saved": N_("The file was not written; try again, or choose another place."),
    "nothing_yet": N_("There is nothing to save yet."),
    "taken_in": N_("The file was taken in."),
    "taken_in_beside": N_("The file was taken in beside what was here; no file holds both yet."),
    "nothing_new": N_("Nothing in the file was new, so nothing was added."),
    "not_taken_in": N_("This file could not be taken in, and nothing was changed."),
    "unsaved": N_("Not saved as a file yet."),
    "kept": N_("Kept in this browser."),
    "not_kept": N_("Nothing is kept in this browser."),
    "keeps_nothing": N_("This browser keeps nothing here. Save as a file before you close the page."),
    "keeps_no_more": N_("This browser keeps no more of what you answer. Save as a file now."),
    "gone": N_("What was kept in this browser is gone: the browser has cleared it. Open the file that you saved."),
}


def browser_shell(facts: dict[str, Any]) -> bytes:
    """The page in every language; `facts` are what the program is started with."""
    spoken = {code: Messages(code) for code in LANGUAGES if "_" not in code}
    words = {
        code: {"tag": language_tag(code), **{name: each.say(text) for name, text in _SAID.items()}}
        for code, each in spoken.items()
    }
    html = render_template(
        "web/browser_shell.html.j2",
        "en",
        tag="en",
        policy=POLICY,
        words=words["en"],
        data=Markup(json.dumps({"facts": facts, "words": words}).replace("<", "\\u003c")),  # noqa: S704 - opens no element
        without_scripts=[(language_tag(code), each.say(_NEEDS_SCRIPTS)) for code, each in spoken.items()],
    )
    return html.encode()

"""What `assessor --help` says: one page in the person's language, written by hand; a test holds it to the commands."""

from assessor.errors import N_
from assessor.language import choose_language, load_translations
from assessor.setup.commands import typed_command

PAGE = N_("""\
Which of your library's collaborations are partnerships, of what kind, and what next?

  assessor                    answer questions in the terminal; continues where you stopped
  assessor assess [NAME]      start with one collaboration, or assess it again
  assessor open               the same as pages in your browser, on this machine only
  assessor workshop NAME      people in a room answer on their phones while you lead
  assessor workshops          your workshops (assessor workshop close, report, erase, expire)
  assessor serve              workshops over HTTPS, on a server
  assessor host-key           the address of the page where libraries on the server get their keys
  assessor list               your collaborations and where they stand
  assessor show NAME          one collaboration: where it stands, why, and what would change it
  assessor rename NAME        call a collaboration otherwise (--party, --undertaking)
  assessor renew [NAME]       carry earlier answers over to a new version of the questions
  assessor report [-o FILE]   the library's report as PDF (--format html, --archive, --all-documents);
                              on several libraries together: assessor report NAME NAME …
  assessor wall [-o FILE]     all collaborations on one A3 sheet to hang up
  assessor calendar [-o FILE]   dates: papers that end, agreed steps, the next assessment
  assessor goals              the library's goals and who serves them; add, reword, remove
  assessor logo FILE          the library's logo (PNG or SVG), for its report
  assessor draft NAME         a letter of intent or an agreement to fill in and sign
  assessor guide [-o FILE]    three pages for the workshop leader
  assessor demo [-o FILE]     the report of an example library
  assessor publish FOLDER     the questions in a browser, without a server (--page FILE: one page to try them)
  assessor form, poster, cards   on paper: the questionnaire, the levels, cards to lay on them

  assessor place FILE|-       place the answers in a JSON file; with -o, millions of rows
  assessor export, import     answers to and from JSON and spreadsheets; filled-in forms in
  assessor bank list|show|new|check|sql   the questionnaires; their rules as SQL
  assessor backup, restore, erase   your answers: copied, brought back, removed
  assessor store copy FROM TO   all answers into an empty file or PostgreSQL database
  assessor doctor             what is missing on this machine, and how to install it

Before the command:
  --lang sv|sv_FI|fi|da|nb|en   --plain (numbered lines, for screen readers)   --no-input
  --library NAME   --store FILE   --bank NAME   --version

assessor COMMAND --help says more about a command.
""")
TYPED = N_("Here assessor stands for what you typed: {command}")


def overview(wish: str | None = None) -> str:
    """The page, in the language wished for if it is spoken here."""
    translate = load_translations(choose_language(wish)).gettext
    command = typed_command()
    return translate(PAGE) + ("" if command == "assessor" else translate(TYPED).format(command=command) + "\n")

"""Every statement on the stored values, in the SQL that SQLite and PostgreSQL share.

All of it in one place, so that a change of the schema is checked against one file and nothing dialect-specific slips
in: no upsert, no RETURNING, no JSON. Values are always `:named`. Dictionaries named `…_BY_SCOPE` hold one statement
for each thing that can be loaded or erased: an assessment, a collaboration, a party, a library, a respondent, a
workshop. `place` is the order in which rows were added; where two have the same one, their ids decide.
"""

from typing import Final

SCHEMA_REVISION: Final = "SELECT version_num FROM alembic_version"

#: A respondent's own collaborations belong to a library named ~ and their id, which no list shows.
LIBRARIES: Final = (
    "SELECT name FROM library WHERE NOT (substr(name, 1, 1) = '~'"
    " AND EXISTS (SELECT 1 FROM respondent WHERE respondent.id = substr(library.name, 2))) ORDER BY name, id"
)
FIND_LIBRARY: Final = "SELECT id FROM library WHERE name = :name"
ADD_LIBRARY: Final = "INSERT INTO library (id, name) VALUES (:id, :name)"

FIND_PARTY: Final = "SELECT id FROM party WHERE library = :library AND name = :name"
ADD_PARTY: Final = "INSERT INTO party (id, library, name) VALUES (:id, :library, :name)"
RENAME_PARTY: Final = "UPDATE party SET name = :name WHERE id = :id"

_SELECT_COLLABORATIONS: Final = (
    "SELECT collaboration.id, library.name, party.name, collaboration.undertaking FROM collaboration "
    "JOIN party ON party.id = collaboration.party JOIN library ON library.id = party.library"
)
COLLABORATIONS: Final = (
    f"{_SELECT_COLLABORATIONS} WHERE library.name = :library ORDER BY collaboration.place, collaboration.id"
)
COLLABORATION: Final = f"{_SELECT_COLLABORATIONS} WHERE collaboration.id = :id"
FIND_COLLABORATION: Final = "SELECT id FROM collaboration WHERE party = :party AND undertaking = :undertaking"
ADD_COLLABORATION: Final = (
    "INSERT INTO collaboration (id, party, undertaking, place) "
    "SELECT :id, :party, :undertaking, COALESCE(MAX(place), 0) + 1 FROM collaboration"
)
RENAME_COLLABORATION: Final = "UPDATE collaboration SET undertaking = :undertaking WHERE id = :id"

PARTY_OF_COLLABORATION: Final = "SELECT party FROM collaboration WHERE id = :id"

FIND_INSTRUMENT: Final = "SELECT id FROM instrument WHERE id = :id"
ADD_INSTRUMENT: Final = (
    "INSERT INTO instrument (id, name, version, digest, snapshot) VALUES (:id, :name, :version, :digest, :snapshot)"
)
SNAPSHOT: Final = "SELECT snapshot FROM instrument WHERE id = :id"
INSTRUMENT_SNAPSHOT: Final = (
    "SELECT instrument.snapshot FROM assessment JOIN instrument ON instrument.id = assessment.instrument "
    "WHERE assessment.id = :id"
)

_SELECT_ASSESSMENTS: Final = (
    "SELECT assessment.id, assessment.respondent, assessment.started, "
    "collaboration.id, library.name, party.name, collaboration.undertaking, "
    "instrument.name, instrument.version, instrument.digest FROM assessment "
    "JOIN collaboration ON collaboration.id = assessment.collaboration "
    "JOIN party ON party.id = collaboration.party JOIN library ON library.id = party.library "
    "JOIN instrument ON instrument.id = assessment.instrument"
)
_SELECT_ENTRIES: Final = (
    "SELECT entry.assessment, seq, kind, item, value, at, key, replaces, who FROM entry"
    " JOIN assessment ON assessment.id = entry.assessment"
    " JOIN collaboration ON collaboration.id = assessment.collaboration"
    " JOIN party ON party.id = collaboration.party JOIN library ON library.id = party.library"
)
#: Leaves out what raters gave in a workshop: it is not the library's own.
_NOT_BY_RATER: Final = "NOT EXISTS (SELECT 1 FROM respondent WHERE respondent.id = assessment.respondent)"
_WHERE_BY_SCOPE: Final = {
    "all": f" WHERE {_NOT_BY_RATER}",
    "assessment": " WHERE assessment.id = :of",
    "collaboration": f" WHERE collaboration.id = :of AND {_NOT_BY_RATER}",
    "library": f" WHERE library.name = :of AND {_NOT_BY_RATER}",
    "respondent": " WHERE assessment.respondent = :of",
    "workshop": " WHERE assessment.respondent IN (SELECT id FROM respondent WHERE workshop = :of)",
}
#: One assessment with each of its entries, or with nulls where it has none: one round trip where somebody responds.
ASSESSMENT_WITH_ENTRIES: Final = (
    f"{_SELECT_ASSESSMENTS} LEFT JOIN entry ON entry.assessment = assessment.id WHERE assessment.id = :of"
    " ORDER BY entry.seq"
).replace(" FROM assessment", ", entry.assessment, seq, kind, item, value, at, key, replaces, who FROM assessment", 1)
#: By what the assessments belong to.
ASSESSMENTS_BY_SCOPE: Final = {
    of: f"{_SELECT_ASSESSMENTS}{where} ORDER BY collaboration.place, collaboration.id, assessment.place, assessment.id"
    for of, where in _WHERE_BY_SCOPE.items()
}
ENTRIES_BY_SCOPE: Final = {
    of: f"{_SELECT_ENTRIES}{where} ORDER BY entry.assessment, entry.seq" for of, where in _WHERE_BY_SCOPE.items()
}

#: By what the assessments belong to, the first and the latest entry of each kind and item. The index `entries_to` is
#: stepped through from one kind and item to the next, so that it costs the same however often something was given anew.
CONDENSED_ENTRIES_BY_SCOPE: Final = {
    of: (
        "WITH RECURSIVE kinds(assessment, kind) AS ("  # noqa: S608 - columns from the table below
        " SELECT held.id, (SELECT MIN(e.kind) FROM entry AS e WHERE e.assessment = held.id)"
        f" FROM assessment AS held WHERE held.{column} = :of"
        " UNION ALL"
        " SELECT k.assessment, (SELECT MIN(e.kind) FROM entry AS e WHERE e.assessment = k.assessment"
        " AND e.kind > k.kind) FROM kinds AS k WHERE k.kind IS NOT NULL"
        "), given(assessment, kind, item) AS ("
        " SELECT k.assessment, k.kind, (SELECT MIN(e.item) FROM entry AS e WHERE e.assessment = k.assessment"
        " AND e.kind = k.kind) FROM kinds AS k WHERE k.kind IS NOT NULL"
        " UNION ALL"
        " SELECT g.assessment, g.kind, (SELECT MIN(e.item) FROM entry AS e WHERE e.assessment = g.assessment"
        " AND e.kind = g.kind AND e.item > g.item) FROM given AS g WHERE g.item IS NOT NULL"
        "), ends(assessment, seq) AS ("
        " SELECT g.assessment, (SELECT MIN(e.seq) FROM entry AS e WHERE e.assessment = g.assessment"
        " AND e.kind = g.kind AND e.item = g.item) FROM given AS g WHERE g.item IS NOT NULL"
        " UNION"
        " SELECT g.assessment, (SELECT MAX(e.seq) FROM entry AS e WHERE e.assessment = g.assessment"
        " AND e.kind = g.kind AND e.item = g.item) FROM given AS g WHERE g.item IS NOT NULL"
        ") SELECT entry.assessment, entry.seq, kind, item, value, at, key, replaces, who FROM ends"
        " JOIN entry ON entry.assessment = ends.assessment AND entry.seq = ends.seq"
        " ORDER BY entry.assessment, entry.seq"
    )
    for of, column in {"assessment": "id", "respondent": "respondent"}.items()
}

LOCK_COLLABORATION: Final = "SELECT id FROM collaboration WHERE id = :id"
LOCK_ASSESSMENT: Final = "SELECT id FROM assessment WHERE id = :id"
ADD_ASSESSMENT: Final = (
    "INSERT INTO assessment (id, collaboration, instrument, respondent, started, place) "
    "SELECT :id, :collaboration, :instrument, :respondent, :started, COALESCE(MAX(place), 0) + 1 FROM assessment"
)
ENTRY_BY_KEY: Final = (
    "SELECT assessment, seq, kind, item, value, at, key, replaces, who FROM entry"
    " WHERE assessment = :assessment AND key = :key"
)
LAST_ENTRY_SEQ: Final = "SELECT COALESCE(MAX(seq), 0) FROM entry WHERE assessment = :assessment"
#: The last number, that of a key, and the key of the latest entry of a kind and item, in one round trip.
ENTRY_POSITION: Final = (
    "SELECT (SELECT COALESCE(MAX(seq), 0) FROM entry WHERE assessment = :assessment),"
    " (SELECT seq FROM entry WHERE assessment = :assessment AND key = :key),"
    " (SELECT key FROM entry WHERE assessment = :assessment AND kind = :kind AND item = :item"
    " ORDER BY seq DESC LIMIT 1)"
)
ERASE_NOTE: Final = "UPDATE entry SET value = '' WHERE assessment = :assessment AND kind = 'note' AND item = :item"
ADD_ENTRY: Final = (
    "INSERT INTO entry (assessment, seq, kind, item, value, at, key, replaces, who) "
    "VALUES (:assessment, :seq, :kind, :item, :value, :at, :key, :replaces, :who)"
)

#: A library's own entries, its logo and the names of its members.
LIBRARY_ENTRIES: Final = (
    "SELECT library, seq, kind, item, value, at, key, replaces, who FROM library_entry"
    " WHERE library = (SELECT id FROM library WHERE name = :name) ORDER BY seq"
)
LIBRARY_ENTRY_POSITION: Final = (
    "SELECT (SELECT COALESCE(MAX(seq), 0) FROM library_entry WHERE library = :library),"
    " (SELECT seq FROM library_entry WHERE library = :library AND key = :key),"
    " (SELECT key FROM library_entry WHERE library = :library AND kind = :kind AND item = :item"
    " ORDER BY seq DESC LIMIT 1)"
)
ADD_LIBRARY_ENTRY: Final = (
    "INSERT INTO library_entry (library, seq, kind, item, value, at, key, replaces, who) "
    "VALUES (:library, :seq, :kind, :item, :value, :at, :key, :replaces, :who)"
)
#: By what a history belongs to, for one that is merged with another copy.
ADD_ENTRY_OF: Final = {"assessment": ADD_ENTRY, "library": ADD_LIBRARY_ENTRY}
DROP_ENTRIES_AFTER: Final = {
    "assessment": "DELETE FROM entry WHERE assessment = :id AND seq > :seq",
    "library": "DELETE FROM library_entry WHERE library = :id AND seq > :seq",
}
LOGO: Final = "SELECT media, data, at FROM logo WHERE library = (SELECT id FROM library WHERE name = :name)"
DROP_LOGO: Final = "DELETE FROM logo WHERE library = :library"
ADD_LOGO: Final = "INSERT INTO logo (library, media, data, at) VALUES (:library, :media, :data, :at)"
MEMBER_NAMES: Final = (
    "SELECT id, name FROM member WHERE library = (SELECT id FROM library WHERE name = :name) ORDER BY place, id"
)
FIND_MEMBER: Final = "SELECT id FROM member WHERE id = :id"
ADD_MEMBER: Final = (
    "INSERT INTO member (id, library, name, role, added, expires, withdrawn, place) "
    "SELECT :id, :library, :name, :role, :added, :expires, 0, COALESCE(MAX(place), 0) + 1 FROM member"
)

#: Libraries by their ids, their members who may enter, and what lets them in.
LIBRARIES_WITH_IDS: Final = LIBRARIES.replace("SELECT name", "SELECT id, name", 1)
LIBRARY_NAME: Final = "SELECT name FROM library WHERE id = :id"
_SELECT_MEMBERS: Final = (
    "SELECT member.id, library, library.name, member.name, role, added, withdrawn FROM member"
    " JOIN library ON library.id = member.library WHERE role <> ''"
)
MEMBER: Final = f"{_SELECT_MEMBERS} AND member.id = :id"
MEMBERS: Final = f"{_SELECT_MEMBERS} AND library = :library ORDER BY member.place, member.id"
WITHDRAW_MEMBER: Final = "UPDATE member SET withdrawn = :at WHERE id = :id AND withdrawn = 0"
_SELECT_CREDENTIALS: Final = (
    "SELECT digest, kind, subject, label, maker, made, opened, seen, expires, withdrawn FROM credential"
)
CREDENTIAL: Final = f"{_SELECT_CREDENTIALS} WHERE digest = :digest"
#: With whoever holds it, where that is a member.
CREDENTIAL_OF_MEMBER: Final = (
    "SELECT digest, kind, subject, label, maker, made, opened, seen, credential.expires, credential.withdrawn, "
    "member.id, library, library.name, member.name, role, added, member.withdrawn FROM credential "
    "JOIN member ON member.id = credential.subject JOIN library ON library.id = member.library "
    "WHERE role <> '' AND digest = :digest"
)
CREDENTIALS: Final = f"{_SELECT_CREDENTIALS} WHERE subject = :subject ORDER BY made, digest"
ADD_CREDENTIAL: Final = (
    "INSERT INTO credential (digest, kind, subject, label, maker, made, opened, seen, expires, withdrawn) "
    "VALUES (:digest, :kind, :subject, :label, :maker, :made, 0, :seen, :expires, 0)"
)
DROP_CREDENTIAL: Final = "DELETE FROM credential WHERE digest = :digest"
OPEN_CREDENTIAL: Final = "UPDATE credential SET opened = :at WHERE digest = :digest AND opened = 0"
USE_CREDENTIAL: Final = "UPDATE credential SET seen = :seen, expires = :expires WHERE digest = :digest"
WITHDRAW_CREDENTIAL: Final = "UPDATE credential SET withdrawn = :at WHERE digest = :digest AND withdrawn = 0"
WITHDRAW_CREDENTIALS: Final = "UPDATE credential SET withdrawn = :at WHERE subject = :id AND withdrawn = 0"
MEMBER_IDS: Final = "SELECT id FROM member WHERE role <> ''"
ADMITTING_CREDENTIALS: Final = (
    "SELECT digest FROM credential WHERE withdrawn = 0 AND expires > :now AND (kind <> 'link' OR opened = 0)"
)

#: By what the assessments belong to, for erasing.
ASSESSMENT_IDS_BY_SCOPE: Final = {
    "assessment": "SELECT id FROM assessment WHERE id = :id",
    "collaboration": "SELECT id FROM assessment WHERE collaboration = :id",
    "party": (
        "SELECT assessment.id FROM assessment "
        "JOIN collaboration ON collaboration.id = assessment.collaboration WHERE collaboration.party = :id"
    ),
    "library": (
        "SELECT assessment.id FROM assessment "
        "JOIN collaboration ON collaboration.id = assessment.collaboration "
        "JOIN party ON party.id = collaboration.party WHERE party.library = :id"
    ),
    "respondent": "SELECT id FROM assessment WHERE respondent = :id",
    #: What the room agreed on was made in the workshop, and is erased with it.
    "workshop": (
        "SELECT id FROM assessment WHERE respondent IN (SELECT id FROM respondent WHERE workshop = :id)"
        " OR id IN (SELECT value FROM act WHERE workshop = :id AND kind = 'agreed')"
    ),
}
_COLLABORATION_IDS_BY_SCOPE: Final = {
    "party": "SELECT id FROM collaboration WHERE party = :id",
    "library": "SELECT id FROM collaboration WHERE party IN (SELECT id FROM party WHERE library = :id)",
}
_DELETE_REST_BY_SCOPE: Final = {
    "assessment": ("DELETE FROM act WHERE kind = 'agreed' AND value = :id",),
    "collaboration": ("DELETE FROM act WHERE subject = :id", "DELETE FROM collaboration WHERE id = :id"),
    "party": (
        f"DELETE FROM act WHERE subject IN ({_COLLABORATION_IDS_BY_SCOPE['party']})",  # noqa: S608 - from the table above
        "DELETE FROM collaboration WHERE party = :id",
        "DELETE FROM party WHERE id = :id",
    ),
    "respondent": (
        "DELETE FROM act WHERE subject = :id",
        "DELETE FROM respondent WHERE id = :id",
    ),
    "workshop": (
        "DELETE FROM act WHERE workshop = :id",
        "DELETE FROM respondent WHERE workshop = :id",
        "DELETE FROM workshop WHERE id = :id",
    ),
    "library": (
        f"DELETE FROM act WHERE subject IN ({_COLLABORATION_IDS_BY_SCOPE['library']})",  # noqa: S608 - likewise
        "DELETE FROM library_entry WHERE library = :id",
        "DELETE FROM logo WHERE library = :id",
        "DELETE FROM credential WHERE subject IN (SELECT id FROM member WHERE library = :id)",
        "DELETE FROM member WHERE library = :id",
        "DELETE FROM collaboration WHERE party IN (SELECT id FROM party WHERE library = :id)",
        "DELETE FROM party WHERE library = :id",
        "DELETE FROM library WHERE id = :id",
    ),
}
#: By what is erased, the ids of everything that goes with it, beside its own and its assessments'.
ERASED_IDS_BY_SCOPE: Final = {
    "party": (_COLLABORATION_IDS_BY_SCOPE["party"],),
    "library": ("SELECT id FROM party WHERE library = :id", _COLLABORATION_IDS_BY_SCOPE["library"]),
    "workshop": ("SELECT id FROM respondent WHERE workshop = :id",),
}
#: Of everything that can be erased, the widest first.
IDS_BY_SCOPE: Final = {
    scope: f"SELECT id FROM {scope} ORDER BY id"  # noqa: S608 - a name of ours
    for scope in ("library", "workshop", "party", "collaboration", "respondent", "assessment")
}
FORGET_ERASURE: Final = "DELETE FROM erasure WHERE digest = :digest"
ERASURES: Final = "SELECT digest, kind, at FROM erasure ORDER BY digest"
ADD_ERASURE: Final = (
    "INSERT INTO erasure (digest, kind, at) "
    "SELECT :digest, :kind, :at WHERE NOT EXISTS (SELECT 1 FROM erasure WHERE digest = :digest)"
)
#: By what is erased, the deletions in the order that references require: entries first.
ERASE_BY_SCOPE: Final = {
    of: (
        f"DELETE FROM entry WHERE assessment IN ({inner})",  # noqa: S608 - from the table above
        f"DELETE FROM assessment WHERE id IN ({inner})",  # noqa: S608 - likewise
        *_DELETE_REST_BY_SCOPE[of],
    )
    for of, inner in ASSESSMENT_IDS_BY_SCOPE.items()
}
DROP_UNUSED_INSTRUMENTS: Final = (
    "DELETE FROM instrument WHERE NOT EXISTS (SELECT 1 FROM assessment WHERE assessment.instrument = instrument.id) "
    "AND NOT EXISTS (SELECT 1 FROM act WHERE act.kind = 'bank' AND act.value = instrument.id)"
)
#: Whether a backup still holds what was erased: by its id, which survives renaming, or by its name.
FIND_ERASED_BY_SCOPE: Final = {
    "assessment": "SELECT id FROM assessment WHERE id = :id",
    "collaboration": "SELECT id FROM collaboration WHERE id = :id",
    "party": (
        "SELECT party.id FROM party JOIN library ON library.id = party.library "
        "WHERE party.id = :id OR (party.name = :name AND library.name = :library)"
    ),
    "library": "SELECT id FROM library WHERE id = :id OR name = :name",
    "workshop": "SELECT id FROM workshop WHERE id = :id",
    "raw responses": "SELECT id FROM respondent WHERE workshop = :id",
}

_SELECT_WORKSHOPS: Final = (
    "SELECT workshop.id, library.name, workshop.name, workshop.code, workshop.opened FROM workshop "
    "JOIN library ON library.id = workshop.library"
)
WORKSHOPS: Final = f"{_SELECT_WORKSHOPS} ORDER BY workshop.place, workshop.id"
WORKSHOP: Final = f"{_SELECT_WORKSHOPS} WHERE workshop.id = :id"
WORKSHOP_BY_CODE: Final = f"{_SELECT_WORKSHOPS} WHERE workshop.code = :id"
WORKSHOP_BY_SECRET: Final = f"{_SELECT_WORKSHOPS} WHERE workshop.secret = :id"
SET_SECRET: Final = "UPDATE workshop SET secret = :secret WHERE id = :id"  # noqa: S105 - a statement
#: Of many who send the same secret at once, one finds it.
REPLACE_SECRET: Final = "UPDATE workshop SET secret = :new WHERE secret = :old"  # noqa: S105 - likewise
WORKSHOP_IDS_OF_LIBRARY: Final = "SELECT id FROM workshop WHERE library = :id"
LOCK_WORKSHOP: Final = "SELECT id FROM workshop WHERE id = :id"
ADD_WORKSHOP: Final = (
    "INSERT INTO workshop (id, library, name, code, secret, opened, place) "
    "SELECT :id, :library, :name, :code, :secret, :opened, COALESCE(MAX(place), 0) + 1 FROM workshop"
)

#: Without what tellings counted: it is long, and needed only for the next telling.
ACTS: Final = (
    "SELECT seq, kind, subject, item, value, at FROM act WHERE workshop = :id AND kind <> 'counted' ORDER BY seq"
)
LATEST_ACT: Final = (
    "SELECT seq, kind, subject, item, value, at FROM act"
    " WHERE workshop = :workshop AND kind = :kind AND subject = :subject ORDER BY seq DESC LIMIT 1"
)
ACT_BY_KEY: Final = "SELECT seq, kind, subject, item, value, at FROM act WHERE workshop = :workshop AND key = :key"
#: What may end what respondents do: the closing, their removal, the showing of a written case; the latest last.
ENDING_ACTS: Final = (
    "SELECT kind, value FROM act WHERE workshop = :workshop AND (kind = 'closed'"
    " OR (kind = 'removed' AND subject = :respondent) OR (kind = 'revealed' AND subject = :case)) ORDER BY seq"
)
LAST_ACT_SEQ: Final = "SELECT COALESCE(MAX(seq), 0) FROM act WHERE workshop = :workshop"
ADD_ACT: Final = (
    "INSERT INTO act (workshop, seq, kind, subject, item, value, at, key) "
    "VALUES (:workshop, :seq, :kind, :subject, :item, :value, :at, :key)"
)
ERASE_ACT: Final = (
    "UPDATE act SET value = '' WHERE workshop = :workshop AND kind = :kind AND subject = :subject AND item = :item"
)
#: The act with a secret's digest, unless a later act has replaced or withdrawn it.
ACT_IN_FORCE: Final = (
    "SELECT workshop, subject FROM act WHERE kind = :kind AND value = :value AND NOT EXISTS ("
    "SELECT 1 FROM act AS later WHERE later.workshop = act.workshop AND later.kind = act.kind"
    " AND later.subject = act.subject AND later.item = act.item AND later.seq > act.seq)"
)

_SELECT_RESPONDENTS: Final = "SELECT id, workshop, name, side, language, joined FROM respondent"
RESPONDENTS: Final = f"{_SELECT_RESPONDENTS} WHERE workshop = :id ORDER BY place, id"
RESPONDENTS_ON_PAPER: Final = "SELECT id FROM respondent WHERE workshop = :id AND token = ''"
RESPONDENT: Final = f"{_SELECT_RESPONDENTS} WHERE id = :id"
RESPONDENT_BY_TOKEN: Final = f"{_SELECT_RESPONDENTS} WHERE token = :id"
RESPONDENT_BY_LINK: Final = f"{_SELECT_RESPONDENTS} WHERE link = :id"
RESPONDENT_BY_KEY: Final = f"{_SELECT_RESPONDENTS} WHERE workshop = :workshop AND key = :key"
LOCK_RESPONDENT: Final = "SELECT id FROM respondent WHERE id = :id"
ADD_RESPONDENT: Final = (
    "INSERT INTO respondent (id, workshop, name, side, language, token, link, joined, key, place) "
    "SELECT :id, :workshop, :name, :side, :language, :token, '', :joined, :key, COALESCE(MAX(place), 0) + 1"
    " FROM respondent"
)
SET_TOKEN: Final = "UPDATE respondent SET token = :token, link = '' WHERE id = :id"  # noqa: S105 - likewise
#: Of many who send the same link at once, one finds it.
SPEND_LINK: Final = "UPDATE respondent SET token = :token, link = '' WHERE link = :link"
REPLACE_TOKEN: Final = "UPDATE respondent SET token = :new, link = '' WHERE token = :old"  # noqa: S105 - likewise
SET_LINK: Final = "UPDATE respondent SET link = :link WHERE id = :id"
SET_LANGUAGE: Final = "UPDATE respondent SET language = :language WHERE id = :id"

#: The number of the last entry of each assessment in a workshop, without reading the entries.
ENTRY_COUNTS: Final = (
    "SELECT assessment.id, assessment.collaboration, assessment.respondent,"
    " COALESCE((SELECT MAX(seq) FROM entry WHERE entry.assessment = assessment.id), 0) "
    "FROM respondent JOIN assessment ON assessment.respondent = respondent.id "
    "WHERE respondent.workshop = :id ORDER BY assessment.place"
)
#: By collaboration, how many of the library's people who are still there have responded to an item on their phones.
ANSWERING_COUNTS: Final = (
    "SELECT assessment.collaboration, COUNT(DISTINCT respondent.id) "
    "FROM respondent JOIN assessment ON assessment.respondent = respondent.id "
    "WHERE respondent.workshop = :id AND respondent.side = 'us' AND respondent.token <> ''"
    " AND EXISTS (SELECT 1 FROM entry WHERE entry.assessment = assessment.id AND entry.kind = 'response')"
    " AND NOT EXISTS (SELECT 1 FROM act WHERE act.subject = respondent.id AND act.kind = 'removed') "
    "GROUP BY assessment.collaboration"
)
JOINED_BEFORE: Final = (
    "SELECT COUNT(*) FROM respondent AS earlier JOIN respondent ON respondent.workshop = earlier.workshop "
    "WHERE respondent.id = :id AND earlier.side = respondent.side AND earlier.place < respondent.place"
)
#: Numbers of which one rises with every act, entry, agreement and respondent of a workshop; cheap enough to poll.
CHANGE_COUNTERS: Final = (
    "SELECT (SELECT COALESCE(MAX(seq), 0) FROM act WHERE workshop = :id),"
    " (SELECT COUNT(*) FROM respondent WHERE workshop = :id),"
    " (SELECT COALESCE(SUM((SELECT MAX(seq) FROM entry WHERE entry.assessment = assessment.id)), 0)"
    " FROM respondent JOIN assessment ON assessment.respondent = respondent.id WHERE respondent.workshop = :id),"
    " (SELECT COUNT(*) FROM act JOIN entry ON entry.assessment = act.value"
    " WHERE act.workshop = :id AND act.kind = 'agreed')"
)

#: What was made known of many libraries together.
PUBLICATION: Final = "SELECT content FROM publication WHERE id = :id"
PUBLICATIONS: Final = "SELECT id FROM publication ORDER BY id"
ADD_PUBLICATION: Final = (
    "INSERT INTO publication (id, at, content) "
    "SELECT :id, :at, :content WHERE NOT EXISTS (SELECT 1 FROM publication WHERE id = :id)"
)
#: Every response in the libraries' own assessments, the latest of an assessment's items last.
OWN_RESPONSES: Final = (
    "SELECT party.library, assessment.collaboration, assessment.id, instrument.name, instrument.digest, item, value"  # noqa: S608 - from a table of ours
    " FROM entry JOIN assessment ON assessment.id = entry.assessment"
    " JOIN instrument ON instrument.id = assessment.instrument"
    " JOIN collaboration ON collaboration.id = assessment.collaboration"
    " JOIN party ON party.id = collaboration.party"
    f" WHERE kind = 'response' AND {_NOT_BY_RATER} ORDER BY assessment.place, assessment.id, entry.seq"
)
#: By library, how many collaborations are listed.
COLLABORATION_COUNTS: Final = (
    "SELECT party.library, COUNT(*) FROM collaboration JOIN party ON party.id = collaboration.party"
    " GROUP BY party.library"
)
#: Libraries that ever said anything of whether their figures may be shared.
LIBRARIES_ASKED_FOR_FIGURES: Final = (
    "SELECT id, name FROM library WHERE EXISTS"
    " (SELECT 1 FROM library_entry WHERE library = library.id AND kind = 'figures') ORDER BY name, id"
)

#: Closed workshops in which somebody's own responses are still kept.
WORKSHOPS_WITH_RAW_RESPONSES: Final = (
    "SELECT DISTINCT workshop FROM respondent"
    " WHERE workshop IN (SELECT workshop FROM act WHERE kind = 'closed') ORDER BY workshop"
)
#: The moments since one at which anything was given or done, by the clock of that time.
MOMENTS_SINCE: Final = (
    "SELECT DISTINCT at FROM entry WHERE at >= :since UNION SELECT DISTINCT at FROM act WHERE at >= :since ORDER BY 1"
)
#: Everything that is stored, table by table in the order that references require.
CONTENT_BY_TABLE: Final = {
    "library": "SELECT id, name FROM library ORDER BY id",
    "party": "SELECT id, library, name FROM party ORDER BY id",
    "collaboration": "SELECT id, party, undertaking, place FROM collaboration ORDER BY id",
    "instrument": "SELECT id, name, version, digest, snapshot FROM instrument ORDER BY id",
    "assessment": ("SELECT id, collaboration, instrument, respondent, started, place FROM assessment ORDER BY id"),
    "entry": "SELECT assessment, seq, kind, item, value, at, key, replaces, who FROM entry ORDER BY assessment, seq",
    "workshop": "SELECT id, library, name, code, secret, opened, place FROM workshop ORDER BY id",
    "respondent": (
        "SELECT id, workshop, name, side, language, token, link, joined, key, place FROM respondent ORDER BY id"
    ),
    "act": "SELECT workshop, seq, kind, subject, item, value, at, key FROM act ORDER BY workshop, seq",
    "library_entry": (
        "SELECT library, seq, kind, item, value, at, key, replaces, who FROM library_entry ORDER BY library, seq"
    ),
    "logo": "SELECT library, media, data, at FROM logo ORDER BY library",
    "member": "SELECT id, library, name, role, added, expires, withdrawn, place FROM member ORDER BY id",
    "credential": (
        "SELECT digest, kind, subject, label, maker, made, opened, seen, expires, withdrawn FROM credential"
        " ORDER BY digest"
    ),
    "erasure": "SELECT digest, kind, at FROM erasure ORDER BY digest",
    "publication": "SELECT id, at, content FROM publication ORDER BY id",
}

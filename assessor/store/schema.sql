CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE library (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT library_name UNIQUE (name)
);
CREATE TABLE party (
	id TEXT NOT NULL, 
	library TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT party_name UNIQUE (library, name), 
	CONSTRAINT of_library FOREIGN KEY(library) REFERENCES library (id)
);
CREATE TABLE collaboration (
	id TEXT NOT NULL, 
	party TEXT NOT NULL, 
	undertaking TEXT NOT NULL, 
	place BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT collaboration_undertaking UNIQUE (party, undertaking), 
	CONSTRAINT of_party FOREIGN KEY(party) REFERENCES party (id)
);
CREATE TABLE instrument (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	version TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	snapshot TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE assessment (
	id TEXT NOT NULL, 
	collaboration TEXT NOT NULL, 
	instrument TEXT NOT NULL, 
	respondent TEXT NOT NULL, 
	started BIGINT NOT NULL, 
	place BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT of_collaboration FOREIGN KEY(collaboration) REFERENCES collaboration (id), 
	CONSTRAINT of_instrument FOREIGN KEY(instrument) REFERENCES instrument (id)
);
CREATE INDEX assessments_of_collaboration ON assessment (collaboration);
CREATE INDEX assessments_with_instrument ON assessment (instrument);
CREATE TABLE entry (
	assessment TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	item TEXT NOT NULL, 
	value TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	"key" TEXT NOT NULL, replaces TEXT DEFAULT '' NOT NULL, who TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT entry_seq PRIMARY KEY (assessment, seq), 
	CONSTRAINT entry_key UNIQUE (assessment, "key"), 
	CONSTRAINT of_assessment FOREIGN KEY(assessment) REFERENCES assessment (id)
);
CREATE TABLE workshop (
	id TEXT NOT NULL, 
	library TEXT NOT NULL, 
	name TEXT NOT NULL, 
	code TEXT NOT NULL, 
	secret TEXT NOT NULL, 
	opened BIGINT NOT NULL, 
	place BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT workshop_code UNIQUE (code), 
	CONSTRAINT of_library FOREIGN KEY(library) REFERENCES library (id)
);
CREATE INDEX workshops_of_library ON workshop (library);
CREATE TABLE respondent (
	id TEXT NOT NULL, 
	workshop TEXT NOT NULL, 
	name TEXT NOT NULL, 
	side TEXT NOT NULL, 
	language TEXT NOT NULL, 
	token TEXT NOT NULL, 
	link TEXT NOT NULL, 
	joined BIGINT NOT NULL, 
	"key" TEXT NOT NULL, 
	place BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT respondent_key UNIQUE (workshop, "key"), 
	CONSTRAINT of_workshop FOREIGN KEY(workshop) REFERENCES workshop (id)
);
CREATE INDEX respondents_by_token ON respondent (token);
CREATE INDEX respondents_by_link ON respondent (link);
CREATE TABLE act (
	workshop TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	item TEXT NOT NULL, 
	value TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	"key" TEXT NOT NULL, 
	CONSTRAINT act_seq PRIMARY KEY (workshop, seq), 
	CONSTRAINT act_key UNIQUE (workshop, "key"), 
	CONSTRAINT of_workshop FOREIGN KEY(workshop) REFERENCES workshop (id)
);
CREATE INDEX acts_on ON act (subject);
CREATE INDEX assessments_by_respondent ON assessment (respondent);
CREATE INDEX collaboration_place ON collaboration (place);
CREATE INDEX assessment_place ON assessment (place);
CREATE INDEX workshop_place ON workshop (place);
CREATE INDEX respondent_place ON respondent (place);
CREATE INDEX entries_to ON entry (assessment, kind, item, seq);
CREATE TABLE library_entry (
	library TEXT NOT NULL, 
	seq BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	item TEXT NOT NULL, 
	value TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	"key" TEXT NOT NULL, 
	replaces TEXT NOT NULL, 
	who TEXT NOT NULL, 
	CONSTRAINT library_entry_seq PRIMARY KEY (library, seq), 
	CONSTRAINT library_entry_key UNIQUE (library, "key"), 
	CONSTRAINT of_library FOREIGN KEY(library) REFERENCES library (id)
);
CREATE TABLE logo (
	library TEXT NOT NULL, 
	media TEXT NOT NULL, 
	data TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT logo_library PRIMARY KEY (library), 
	CONSTRAINT of_library FOREIGN KEY(library) REFERENCES library (id)
);
CREATE TABLE member (
	id TEXT NOT NULL, 
	library TEXT NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	added BIGINT NOT NULL, 
	expires BIGINT NOT NULL, 
	withdrawn BIGINT NOT NULL, 
	place BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT of_library FOREIGN KEY(library) REFERENCES library (id)
);
CREATE INDEX members_of_library ON member (library);
CREATE TABLE credential (
	digest TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	label TEXT NOT NULL, 
	maker TEXT NOT NULL, 
	made BIGINT NOT NULL, 
	opened BIGINT NOT NULL, 
	seen BIGINT NOT NULL, 
	expires BIGINT NOT NULL, 
	withdrawn BIGINT NOT NULL, 
	PRIMARY KEY (digest)
);
CREATE INDEX credentials_of ON credential (subject);
CREATE TABLE erasure (
	digest TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (digest)
);
CREATE TABLE publication (
	id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	content TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX acts_with ON act (kind, value);
INSERT INTO alembic_version VALUES ('0004');

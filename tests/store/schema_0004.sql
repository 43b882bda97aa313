BEGIN TRANSACTION;
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
INSERT INTO "act" VALUES('0000000100',1,'listed','0000000015','','yes',1982048460000000,'a0');
INSERT INTO "act" VALUES('0000000100',2,'listed','0000000018','','yes',1982048520000000,'a1');
INSERT INTO "act" VALUES('0000000100',3,'listed','0000000022','','yes',1982048580000000,'a2');
INSERT INTO "act" VALUES('0000000100',4,'days','','','90',1982048640000000,'a3');
INSERT INTO "act" VALUES('0000000100',5,'at_least','','','3',1982048700000000,'a4');
INSERT INTO "act" VALUES('0000000100',6,'stage','','','progress',1982048760000000,'a5');
INSERT INTO "act" VALUES('0000000100',7,'case','0000000101','teaching','network',1982049060000000,'a6');
INSERT INTO "act" VALUES('0000000100',8,'case','0000000103','teaching','network',1982049360000000,'a7');
INSERT INTO "act" VALUES('0000000100',9,'case','0000000105','teaching','network',1982049660000000,'a8');
INSERT INTO "act" VALUES('0000000100',10,'agreed','0000000015','','0000000017',1982049780000000,'a9');
INSERT INTO "act" VALUES('0000000100',11,'dissent','0000000015','d1','Vi ser det inte så; ’avtalet’ är från 2019',1982049840000000,'a10');
INSERT INTO "act" VALUES('0000000100',12,'step','0000000015','s1.what','Ring',1982049900000000,'a11');
INSERT INTO "act" VALUES('0000000100',13,'step','0000000015','s1.who','Chefen',1982049960000000,'a12');
INSERT INTO "act" VALUES('0000000100',14,'step','0000000015','s1.when','före jul',1982050020000000,'a13');
INSERT INTO "act" VALUES('0000000100',15,'revealed','0000000015','','yes',1982050080000000,'a14');
INSERT INTO "act" VALUES('0000000100',16,'invited','0000000015','','9999999999999999999999999999999999999999999999999999999999999999',1982050140000000,'a15');
INSERT INTO "act" VALUES('0000000100',17,'closed','','','yes',1982050200000000,'a16');
INSERT INTO "act" VALUES('0000000100',18,'until','','','2032-11-05',1982050260000001,'b1');
INSERT INTO "act" VALUES('0000000100',19,'bank','','folder','dokk1',1982050260000002,'b2');
INSERT INTO "act" VALUES('0000000100',20,'bank','','version','1.1',1982050260000003,'b3');
INSERT INTO "act" VALUES('0000000100',21,'expected','','','12',1982050260000004,'b4');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
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
INSERT INTO "assessment" VALUES('0000000004','0000000003','d50ec90b0f4d92095856aa7761ca4a13ead5d5227186ca60ba378b3f6de3c891','',1935392400000000,1);
INSERT INTO "assessment" VALUES('0000000005','0000000003','acd4ab26186b693fee2b4d0d196042a717f4649047819e485f4525439d784fb3','',1966928400000000,2);
INSERT INTO "assessment" VALUES('0000000007','0000000006','d50ec90b0f4d92095856aa7761ca4a13ead5d5227186ca60ba378b3f6de3c891','A',1935392400000000,3);
INSERT INTO "assessment" VALUES('0000000008','0000000006','acd4ab26186b693fee2b4d0d196042a717f4649047819e485f4525439d784fb3','A',1966928400000000,4);
INSERT INTO "assessment" VALUES('0000000011','0000000010','d50ec90b0f4d92095856aa7761ca4a13ead5d5227186ca60ba378b3f6de3c891','A',1935392400000000,5);
INSERT INTO "assessment" VALUES('0000000012','0000000010','acd4ab26186b693fee2b4d0d196042a717f4649047819e485f4525439d784fb3','A',1966928400000000,6);
INSERT INTO "assessment" VALUES('0000000016','0000000015','d50ec90b0f4d92095856aa7761ca4a13ead5d5227186ca60ba378b3f6de3c891','',1935392400000000,7);
INSERT INTO "assessment" VALUES('0000000017','0000000015','acd4ab26186b693fee2b4d0d196042a717f4649047819e485f4525439d784fb3','',1966928400000000,8);
INSERT INTO "assessment" VALUES('0000000019','0000000018','d50ec90b0f4d92095856aa7761ca4a13ead5d5227186ca60ba378b3f6de3c891','A',1935392400000000,9);
INSERT INTO "assessment" VALUES('0000000020','0000000018','acd4ab26186b693fee2b4d0d196042a717f4649047819e485f4525439d784fb3','A',1966928400000000,10);
INSERT INTO "assessment" VALUES('0000000023','0000000022','d50ec90b0f4d92095856aa7761ca4a13ead5d5227186ca60ba378b3f6de3c891','A',1935392400000000,11);
INSERT INTO "assessment" VALUES('0000000024','0000000022','acd4ab26186b693fee2b4d0d196042a717f4649047819e485f4525439d784fb3','A',1966928400000000,12);
INSERT INTO "assessment" VALUES('0000000102','0000000015','0c7481b36211a43895cabc1c1654066619e17978bfe8141804b0eff8667802c9','0000000101',1982048880000000,13);
INSERT INTO "assessment" VALUES('0000000104','0000000015','0c7481b36211a43895cabc1c1654066619e17978bfe8141804b0eff8667802c9','0000000103',1982049180000000,14);
INSERT INTO "assessment" VALUES('0000000106','0000000015','0c7481b36211a43895cabc1c1654066619e17978bfe8141804b0eff8667802c9','0000000105',1982049480000000,15);
INSERT INTO "assessment" VALUES('0000000110','0000000109','0c7481b36211a43895cabc1c1654066619e17978bfe8141804b0eff8667802c9','0000000105',1982049720000000,16);
CREATE TABLE collaboration (
	id TEXT NOT NULL, 
	party TEXT NOT NULL, 
	undertaking TEXT NOT NULL, 
	place BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT collaboration_undertaking UNIQUE (party, undertaking), 
	CONSTRAINT of_party FOREIGN KEY(party) REFERENCES party (id)
);
INSERT INTO "collaboration" VALUES('0000000003','0000000002','Läsning ute',1);
INSERT INTO "collaboration" VALUES('0000000006','0000000002','Läsning inne',2);
INSERT INTO "collaboration" VALUES('0000000010','0000000009','',3);
INSERT INTO "collaboration" VALUES('0000000015','0000000014','Läsning ute',4);
INSERT INTO "collaboration" VALUES('0000000018','0000000014','Läsning inne',5);
INSERT INTO "collaboration" VALUES('0000000022','0000000021','',6);
INSERT INTO "collaboration" VALUES('0000000109','0000000108','Eget',7);
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
INSERT INTO "credential" VALUES('8888888888888888888888888888888888888888888888888888888888888888','link','member0001','','',1982050260000000,1982050260000005,1982050260000005,1983050260000000,0);
INSERT INTO "credential" VALUES('7777777777777777777777777777777777777777777777777777777777777777','device','member0001','Läsplattan','',1982050260000005,1982050260000005,1982050260000006,1992050260000000,0);
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
INSERT INTO "entry" VALUES('0000000004',1,'gut','','network',1935392400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000004',2,'response','creation','joint',1935392460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000004',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1935392520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000004',4,'response','creation','dont_know',1935392580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000004',5,'response','payment','none',1935392640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000004',6,'response','payment','',1935392700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000004',7,'wanted','','service',1935392760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000004',8,'gains','','ideas resources',1935392820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000005',1,'gut','','network',1966928400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000005',2,'response','creation','joint',1966928460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000005',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1966928520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000005',4,'response','creation','dont_know',1966928580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000005',5,'response','payment','none',1966928640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000005',6,'response','payment','',1966928700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000005',7,'wanted','','service',1966928760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000005',8,'gains','','ideas resources',1966928820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000007',1,'gut','','network',1935392400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000007',2,'response','creation','joint',1935392460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000007',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1935392520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000007',4,'response','creation','dont_know',1935392580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000007',5,'response','payment','none',1935392640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000007',6,'response','payment','',1935392700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000007',7,'wanted','','service',1935392760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000007',8,'gains','','ideas resources',1935392820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000008',1,'gut','','network',1966928400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000008',2,'response','creation','joint',1966928460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000008',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1966928520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000008',4,'response','creation','dont_know',1966928580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000008',5,'response','payment','none',1966928640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000008',6,'response','payment','',1966928700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000008',7,'wanted','','service',1966928760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000008',8,'gains','','ideas resources',1966928820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000011',1,'gut','','network',1935392400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000011',2,'response','creation','joint',1935392460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000011',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1935392520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000011',4,'response','creation','dont_know',1935392580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000011',5,'response','payment','none',1935392640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000011',6,'response','payment','',1935392700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000011',7,'wanted','','service',1935392760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000011',8,'gains','','ideas resources',1935392820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000012',1,'gut','','network',1966928400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000012',2,'response','creation','joint',1966928460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000012',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1966928520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000012',4,'response','creation','dont_know',1966928580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000012',5,'response','payment','none',1966928640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000012',6,'response','payment','',1966928700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000012',7,'wanted','','service',1966928760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000012',8,'gains','','ideas resources',1966928820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000016',1,'gut','','network',1935392400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000016',2,'response','creation','joint',1935392460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000016',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1935392520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000016',4,'response','creation','dont_know',1935392580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000016',5,'response','payment','none',1935392640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000016',6,'response','payment','',1935392700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000016',7,'wanted','','service',1935392760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000016',8,'gains','','ideas resources',1935392820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000017',1,'gut','','network',1966928400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000017',2,'response','creation','joint',1966928460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000017',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1966928520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000017',4,'response','creation','dont_know',1966928580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000017',5,'response','payment','none',1966928640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000017',6,'response','payment','',1966928700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000017',7,'wanted','','service',1966928760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000017',8,'gains','','ideas resources',1966928820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000019',1,'gut','','network',1935392400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000019',2,'response','creation','joint',1935392460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000019',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1935392520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000019',4,'response','creation','dont_know',1935392580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000019',5,'response','payment','none',1935392640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000019',6,'response','payment','',1935392700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000019',7,'wanted','','service',1935392760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000019',8,'gains','','ideas resources',1935392820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000020',1,'gut','','network',1966928400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000020',2,'response','creation','joint',1966928460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000020',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1966928520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000020',4,'response','creation','dont_know',1966928580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000020',5,'response','payment','none',1966928640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000020',6,'response','payment','',1966928700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000020',7,'wanted','','service',1966928760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000020',8,'gains','','ideas resources',1966928820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000023',1,'gut','','network',1935392400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000023',2,'response','creation','joint',1935392460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000023',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1935392520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000023',4,'response','creation','dont_know',1935392580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000023',5,'response','payment','none',1935392640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000023',6,'response','payment','',1935392700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000023',7,'wanted','','service',1935392760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000023',8,'gains','','ideas resources',1935392820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000024',1,'gut','','network',1966928400000000,'k0','','');
INSERT INTO "entry" VALUES('0000000024',2,'response','creation','joint',1966928460000000,'k1','','');
INSERT INTO "entry" VALUES('0000000024',3,'note','creation','rad ett
rad ''två'' 👩🏽‍🦽',1966928520000000,'k2','','');
INSERT INTO "entry" VALUES('0000000024',4,'response','creation','dont_know',1966928580000000,'k3','k1','');
INSERT INTO "entry" VALUES('0000000024',5,'response','payment','none',1966928640000000,'k4','','');
INSERT INTO "entry" VALUES('0000000024',6,'response','payment','',1966928700000000,'k5','k4','');
INSERT INTO "entry" VALUES('0000000024',7,'wanted','','service',1966928760000000,'k6','','');
INSERT INTO "entry" VALUES('0000000024',8,'gains','','ideas resources',1966928820000000,'k7','','');
INSERT INTO "entry" VALUES('0000000102',1,'response','creation','joint',1982048940000000,'k0','','');
INSERT INTO "entry" VALUES('0000000102',2,'note','','rad ett
rad ”två” 👩🏽‍🦽',1982049000000000,'k1','','');
INSERT INTO "entry" VALUES('0000000104',1,'response','creation','joint',1982049240000000,'k0','','');
INSERT INTO "entry" VALUES('0000000104',2,'note','','rad ett
rad ”två” 👩🏽‍🦽',1982049300000000,'k1','','');
INSERT INTO "entry" VALUES('0000000106',1,'response','creation','joint',1982049540000000,'k0','','');
INSERT INTO "entry" VALUES('0000000106',2,'note','','rad ett
rad ”två” 👩🏽‍🦽',1982049600000000,'k1','','');
INSERT INTO "entry" VALUES('0000000004',9,'ends','agreement','2033-06',1982050260000001,'f1','','');
INSERT INTO "entry" VALUES('0000000004',10,'goal','','goal000001',1982050260000002,'f2','','member0001');
INSERT INTO "entry" VALUES('0000000004',11,'step','agreement.what','Be om ett möte',1982050260000003,'f3','','member0001');
INSERT INTO "entry" VALUES('0000000004',12,'step','agreement.when','2032-11',1982050260000004,'f4','','');
INSERT INTO "entry" VALUES('0000000004',13,'quoted','','yes',1982050260000005,'f5','','');
INSERT INTO "entry" VALUES('0000000004',14,'ends','agreement','open',1982050260000006,'f6','f1','member0001');
CREATE TABLE erasure (
	digest TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (digest)
);
INSERT INTO "erasure" VALUES('6666666666666666666666666666666666666666666666666666666666666666','party',1982050260000000);
CREATE TABLE instrument (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	version TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	snapshot TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "instrument" VALUES('d50ec90b0f4d92095856aa7761ca4a13ead5d5227186ca60ba378b3f6de3c891','demo','1','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','{"text": "den äldre texten"}');
INSERT INTO "instrument" VALUES('acd4ab26186b693fee2b4d0d196042a717f4649047819e485f4525439d784fb3','demo','1','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f','{"text": "bankens text"}');
INSERT INTO "instrument" VALUES('0c7481b36211a43895cabc1c1654066619e17978bfe8141804b0eff8667802c9','demo','1','abc','{"text": "den äldre texten"}');
CREATE TABLE library (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT library_name UNIQUE (name)
);
INSERT INTO "library" VALUES('0000000001','Provbiblioteket');
INSERT INTO "library" VALUES('0000000013','Grannbiblioteket');
INSERT INTO "library" VALUES('0000000107','~0000000105');
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
INSERT INTO "library_entry" VALUES('0000000001',1,'goal','goal000001','Alla barn läser',1982050260000000,'l1','','member0001');
INSERT INTO "library_entry" VALUES('0000000001',2,'goal','goal000001','Alla barn läser ’själva’',1982050260000001,'l2','l1','');
CREATE TABLE logo (
	library TEXT NOT NULL, 
	media TEXT NOT NULL, 
	data TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT logo_library PRIMARY KEY (library), 
	CONSTRAINT of_library FOREIGN KEY(library) REFERENCES library (id)
);
INSERT INTO "logo" VALUES('0000000001','image/png','iVBORw0KGgo=',1982050260000000);
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
INSERT INTO "member" VALUES('member0001','0000000001','Anna på filialen','colleague',1982050260000000,1992050260000000,0,1);
CREATE TABLE party (
	id TEXT NOT NULL, 
	library TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT party_name UNIQUE (library, name), 
	CONSTRAINT of_library FOREIGN KEY(library) REFERENCES library (id)
);
INSERT INTO "party" VALUES('0000000002','0000000001','Exempelföreningen');
INSERT INTO "party" VALUES('0000000009','0000000001','Bolaget "AB"; --');
INSERT INTO "party" VALUES('0000000014','0000000013','Exempelföreningen');
INSERT INTO "party" VALUES('0000000021','0000000013','Bolaget "AB"; --');
INSERT INTO "party" VALUES('0000000108','0000000107','Egen motpart');
CREATE TABLE publication (
	id TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	content TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "publication" VALUES('2032-Q4',1982050260000000,'{"libraries": 7}');
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
INSERT INTO "respondent" VALUES('0000000101','0000000100','Åsa "Ä" Ö','us','sv','0000000000000000000000000000000000000000000000000000000000000000','',1982048820000000,'j0',1);
INSERT INTO "respondent" VALUES('0000000103','0000000100','','us','sv','1111111111111111111111111111111111111111111111111111111111111111','',1982049120000000,'j1',2);
INSERT INTO "respondent" VALUES('0000000105','0000000100','Motparten','them','sv','2222222222222222222222222222222222222222222222222222222222222222','',1982049420000000,'j2',3);
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
INSERT INTO "workshop" VALUES('0000000100','0000000013','Provrummet 22.10','ABCDEFG','5555555555555555555555555555555555555555555555555555555555555555',1982048400000000,1);
CREATE INDEX assessments_of_collaboration ON assessment (collaboration);
CREATE INDEX assessments_with_instrument ON assessment (instrument);
CREATE INDEX workshops_of_library ON workshop (library);
CREATE INDEX respondents_by_token ON respondent (token);
CREATE INDEX respondents_by_link ON respondent (link);
CREATE INDEX acts_on ON act (subject);
CREATE INDEX assessments_by_respondent ON assessment (respondent);
CREATE INDEX collaboration_place ON collaboration (place);
CREATE INDEX assessment_place ON assessment (place);
CREATE INDEX workshop_place ON workshop (place);
CREATE INDEX respondent_place ON respondent (place);
CREATE INDEX entries_to ON entry (assessment, kind, item, seq);
CREATE INDEX members_of_library ON member (library);
CREATE INDEX credentials_of ON credential (subject);
CREATE INDEX acts_with ON act (kind, value);
COMMIT;

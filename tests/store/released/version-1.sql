BEGIN TRANSACTION;
CREATE TABLE alert (
	id INTEGER NOT NULL, 
	recipient VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	event VARCHAR NOT NULL, 
	point VARCHAR NOT NULL, 
	occurrence VARCHAR NOT NULL, 
	counts_to VARCHAR NOT NULL, 
	lead VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	due DATETIME NOT NULL, 
	written_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	PRIMARY KEY (id), 
	CONSTRAINT alert_once UNIQUE (recipient, channel, kind, event, point, occurrence, counts_to, lead)
);
INSERT INTO "alert" VALUES(1,'legal','terminal','reminder','lease/notice','when','','2030-12-31','30 days','sent','2030-12-01 09:00:00.000000','2030-12-01 12:00:00.308514','2030-12-01 12:00:00.313165');
CREATE TABLE said (
	id INTEGER NOT NULL, 
	audience VARCHAR NOT NULL, 
	event VARCHAR NOT NULL, 
	point VARCHAR NOT NULL, 
	occurrence VARCHAR NOT NULL, 
	counts_to VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	first DATETIME NOT NULL, 
	hash VARCHAR NOT NULL, 
	sequence INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT said_once UNIQUE (audience, event, point, occurrence)
);
INSERT INTO "said" VALUES(1,'legal','lease/notice','when','','2030-12-31','2030-11-21 12:00:00.444938','2030-11-21 12:00:00.444938','',0);
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1);
COMMIT;

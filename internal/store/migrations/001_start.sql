-- The same text runs on SQLite and PostgreSQL. Times are milliseconds since 1970, UTC. Every column is declared in
-- fields.go with what it is for and how long it is kept.

CREATE TABLE turns (
	at       BIGINT NOT NULL,
	platform TEXT NOT NULL,
	kind     TEXT NOT NULL,
	article  TEXT NOT NULL,
	section  TEXT NOT NULL,
	score    DOUBLE PRECISION NOT NULL,
	took_ms  BIGINT NOT NULL
);
CREATE INDEX turns_at ON turns (at);

CREATE TABLE ratings (
	at       BIGINT NOT NULL,
	platform TEXT NOT NULL,
	article  TEXT NOT NULL,
	section  TEXT NOT NULL,
	version  TEXT NOT NULL,
	helpful  BIGINT NOT NULL,
	reason   TEXT NOT NULL
);
CREATE INDEX ratings_at ON ratings (at);

CREATE TABLE unanswered (
	at       BIGINT NOT NULL,
	redacted TEXT NOT NULL
);
CREATE INDEX unanswered_at ON unanswered (at);

CREATE TABLE settings (
	scope TEXT NOT NULL,
	name  TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (scope, name)
);

CREATE TABLE state (
	name  TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

CREATE TABLE updates (
	stream      TEXT NOT NULL,
	id          BIGINT NOT NULL,
	stage       BIGINT NOT NULL,
	holder      TEXT NOT NULL,
	lease_until BIGINT NOT NULL,
	at          BIGINT NOT NULL,
	PRIMARY KEY (stream, id)
);
CREATE INDEX updates_at ON updates (at);

CREATE TABLE leases (
	name        TEXT NOT NULL PRIMARY KEY,
	holder      TEXT NOT NULL,
	lease_until BIGINT NOT NULL
);

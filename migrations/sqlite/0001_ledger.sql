-- The ledger, its head and what it is checked against. Never dropped, never rewritten.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE head (
    one       INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    store_id  TEXT    NOT NULL CHECK (length(store_id) = 26),
    seq       INTEGER NOT NULL CHECK (seq >= 0),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    at        INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger (
    seq     INTEGER NOT NULL PRIMARY KEY CHECK (seq >= 1),
    id      TEXT    NOT NULL UNIQUE CHECK (length(id) = 26),
    prev    BLOB    NOT NULL CHECK (length(prev) = 32),
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    actor   TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    sig     BLOB    NOT NULL
) STRICT;

CREATE INDEX ledger_by_subject ON ledger (subject, seq);

CREATE TRIGGER ledger_is_never_updated BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

-- Reference documents, kept whole under the digest of their bytes.
CREATE TABLE document (
    digest TEXT NOT NULL PRIMARY KEY CHECK (length(digest) = 64),
    media  TEXT NOT NULL,
    bytes  BLOB NOT NULL
) STRICT;

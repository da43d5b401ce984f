-- The ledger, its head and what it is checked against. Never dropped, never rewritten.
-- Runs as smc_owner with the search path `smc`.

-- The same order as SQLite's.
CREATE DOMAIN word AS text COLLATE "C";

CREATE TABLE meta (
    key   WORD NOT NULL PRIMARY KEY,
    value WORD NOT NULL
);

CREATE TABLE head (
    one       BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    store_id  WORD   NOT NULL CHECK (length(store_id) = 26),
    seq       BIGINT NOT NULL CHECK (seq >= 0),
    hash      BYTEA  NOT NULL CHECK (length(hash) = 32),
    at        TIMESTAMPTZ NOT NULL,
    -- The last transaction that appended, and its first entry: how the referee knows an entry of its own.
    xid       XID8   NOT NULL DEFAULT '0',
    first_seq BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE ledger (
    seq     BIGINT NOT NULL PRIMARY KEY CHECK (seq >= 1),
    id      WORD   NOT NULL UNIQUE CHECK (length(id) = 26),
    prev    BYTEA  NOT NULL CHECK (length(prev) = 32),
    hash    BYTEA  NOT NULL CHECK (length(hash) = 32),
    actor   WORD   NOT NULL,
    at      TIMESTAMPTZ NOT NULL,
    kind    WORD   NOT NULL,
    subject WORD   NOT NULL,
    body    BYTEA  NOT NULL,
    sig     BYTEA  NOT NULL
);

CREATE INDEX ledger_by_subject ON ledger (subject, seq);

-- Reference documents, kept whole under the digest of their bytes.
CREATE TABLE document (
    digest WORD  NOT NULL PRIMARY KEY CHECK (digest = encode(sha256(bytes), 'hex')),
    media  WORD  NOT NULL,
    bytes  BYTEA NOT NULL
);

-- What the program's command table says: kinds of entry, who may append them, which tables they write.
CREATE TABLE kind (
    name      WORD    NOT NULL PRIMARY KEY,
    subject   WORD    NOT NULL,
    -- Of the number it gives to a new subject.
    prefix    WORD,
    -- Of the numbers that its subjects have, whoever gave them.
    numbered  WORD,
    -- Concluded by time or analysis; any person who writes records it.
    automatic BOOLEAN NOT NULL,
    -- A role at one site is enough for any site.
    anywhere  BOOLEAN NOT NULL,
    -- The version of the rules that new entries are made under.
    rule      BIGINT  NOT NULL
);

-- Who may append a kind. No discipline is any or none; a kind without rows is the owner's.
CREATE TABLE kind_right (
    kind       WORD NOT NULL REFERENCES kind (name),
    role       WORD NOT NULL,
    discipline WORD,
    UNIQUE NULLS NOT DISTINCT (kind, role, discipline)
);

-- `owner` is the column that names the subject a row belongs to; rows of a fixed table are evidence, never updated.
CREATE TABLE governed (
    tab   WORD    NOT NULL PRIMARY KEY,
    owner WORD    NOT NULL,
    fixed BOOLEAN NOT NULL
);

-- Columns that hold the login of whoever wrote the entry.
CREATE TABLE signed (
    tab WORD NOT NULL PRIMARY KEY REFERENCES governed (tab),
    col WORD NOT NULL
);

CREATE TABLE writes (
    kind WORD NOT NULL REFERENCES kind (name),
    tab  WORD NOT NULL REFERENCES governed (tab),
    PRIMARY KEY (kind, tab)
);

-- The state that a kind may lead to from another one; none before a new row.
CREATE TABLE transition (
    tab        WORD NOT NULL REFERENCES governed (tab),
    kind       WORD NOT NULL REFERENCES kind (name),
    from_state WORD NOT NULL,
    to_state   WORD NOT NULL,
    PRIMARY KEY (tab, kind, from_state, to_state)
);

-- The columns that a kind may alter in a row that stands; what no row names is granted to no console.
CREATE TABLE alters (
    tab   WORD NOT NULL,
    col   WORD NOT NULL,
    kind  WORD NOT NULL,
    -- What it writes there: who is logged in, the instant of the entry, nothing, or this word; none is what it likes.
    holds WORD,
    PRIMARY KEY (tab, col, kind),
    FOREIGN KEY (kind, tab) REFERENCES writes (kind, tab)
);

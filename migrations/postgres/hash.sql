-- The hash of an entry, byte for byte as the program computes it: tests/vectors/entries.json holds for both.
-- Integers are big-endian; a text has its length in bytes as an int4 before it; no signature is the empty bytea.
-- No name is looked up along a search path, so that nobody's schema can stand in between.

CREATE FUNCTION smc.length_prefixed(words text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.int4send(pg_catalog.octet_length(pg_catalog.convert_to(words, 'UTF8')))
        OPERATOR(pg_catalog.||) pg_catalog.convert_to(words, 'UTF8');

-- IMMUTABLE although extract() is not in general: the epoch of an instant is the same in every time zone,
-- and as a numeric it is exact to the microsecond.
CREATE FUNCTION smc.entry_hash(
    store_id text, seq bigint, prev bytea, actor text, at timestamptz, kind text, subject text, body bytea, sig bytea
) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.sha256(
        'smc-entry-v1'::bytea
        OPERATOR(pg_catalog.||) smc.length_prefixed(store_id)
        OPERATOR(pg_catalog.||) pg_catalog.int8send(seq)
        OPERATOR(pg_catalog.||) prev
        OPERATOR(pg_catalog.||) smc.length_prefixed(actor)
        OPERATOR(pg_catalog.||) pg_catalog.int8send((EXTRACT(epoch FROM at) OPERATOR(pg_catalog.*) 1000000)::bigint)
        OPERATOR(pg_catalog.||) smc.length_prefixed(kind)
        OPERATOR(pg_catalog.||) smc.length_prefixed(subject)
        OPERATOR(pg_catalog.||) pg_catalog.sha256(body)
        OPERATOR(pg_catalog.||) pg_catalog.sha256(sig)
    );

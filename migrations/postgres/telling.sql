-- Tells the past of a demo store. It stands only from the founding of a store that `smc demo` makes until that is
-- sealed, while no guard is raised and no console is let into the schemas; the seal takes it away for good.
-- Runs as smc_owner with the search path `smc`.

-- Appends an entry of this person at this instant: never before the last one, never still to come. The rules are the
-- program's, as in a replay; verification holds every entry against them again.
CREATE FUNCTION api.seed_append(
    entry_actor text, entry_at timestamptz, entry_kind text, entry_subject text, entry_body bytea
) RETURNS TABLE (seq bigint, prev bytea, hash bytea, actor text, at timestamptz, subject text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    tip CONSTANT smc.head := smc.take_head();
    place CONSTANT bigint := tip.seq + 1;
    about text := entry_subject;
    given text;
    number bigint;
    link bytea;
BEGIN
    IF place > 1 AND NOT EXISTS (SELECT FROM smc.store AS s WHERE s.demo AND s.sealed_at IS NULL) THEN
        PERFORM smc.refuse('SM017', 'the past of this store is not told', 'write through the console or the command line');
    ELSIF entry_at < tip.at OR entry_at > clock_timestamp() THEN
        PERFORM smc.refuse('SM017', format('%s is before the last entry, or still to come', entry_at),
            'tell what happened in its order, up to now');
    END IF;
    SELECT k.prefix INTO given FROM smc.kind AS k WHERE k.name = entry_kind;
    IF given IS NOT NULL THEN
        INSERT INTO smc.counter AS c (prefix, last) VALUES (given, 1)
        ON CONFLICT (prefix) DO UPDATE SET last = c.last + 1
        RETURNING c.last INTO number;
        about := given || '-' || number;
    END IF;
    link := smc.entry_hash(
        tip.store_id, place, tip.hash, entry_actor, entry_at, entry_kind, about, entry_body, '');
    INSERT INTO smc.ledger (seq, id, prev, hash, actor, at, kind, subject, body, sig) VALUES (
        place, convert_from(entry_body, 'UTF8')::json ->> 'id', tip.hash, link, entry_actor, entry_at, entry_kind, about,
        entry_body, '');
    UPDATE smc.head AS h SET seq = place, hash = link, at = entry_at WHERE h.one = 1;
    RETURN QUERY SELECT place, tip.hash::bytea, link, entry_actor, entry_at, about;
END
$$;

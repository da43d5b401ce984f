-- What consoles may call. Runs as smc_owner with the search path `smc`; may be run again.
--
-- A console cannot write the ledger, the head or a counter: these functions do, with the owner's rights, after they
-- asked who is at the other end of the connection. Each names its search path, with pg_temp last: a temporary table
-- or a function of the same name cannot stand in between.
--
-- Refusals have an SQLSTATE of the class SM, one sentence as message and what to do next as hint. They are written to
-- the server's log first: the transaction that was refused leaves no entry.

-- The hash of an entry, byte for byte as the program computes it: tests/vectors/entries.json holds for both.
-- Integers are big-endian; a text has its length in bytes as an int4 before it; no signature is the empty bytea.
-- PL/pgSQL in one expression: a function in plain SQL, called for a million rows, is fifteen times slower.
-- Every name is qualified: a search path, or a temporary function of the same name, cannot stand in between.
-- IMMUTABLE although extract() is not in general: the epoch of an instant is the same in every time zone, and
-- as a numeric it is exact to the microsecond.

CREATE OR REPLACE FUNCTION smc.entry_hash(
    store_id text, seq bigint, prev bytea, actor text, at timestamptz, kind text, subject text, body bytea, sig bytea
) RETURNS bytea
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN pg_catalog.sha256(
        'smc-entry-v1'::pg_catalog.bytea
        OPERATOR(pg_catalog.||) pg_catalog.int4send(pg_catalog.octet_length(pg_catalog.convert_to(store_id, 'UTF8')))
        OPERATOR(pg_catalog.||) pg_catalog.convert_to(store_id, 'UTF8')
        OPERATOR(pg_catalog.||) pg_catalog.int8send(seq)
        OPERATOR(pg_catalog.||) prev
        OPERATOR(pg_catalog.||) pg_catalog.int4send(pg_catalog.octet_length(pg_catalog.convert_to(actor, 'UTF8')))
        OPERATOR(pg_catalog.||) pg_catalog.convert_to(actor, 'UTF8')
        OPERATOR(pg_catalog.||) pg_catalog.int8send(
            (EXTRACT(epoch FROM at) OPERATOR(pg_catalog.*) 1000000)::pg_catalog.int8)
        OPERATOR(pg_catalog.||) pg_catalog.int4send(pg_catalog.octet_length(pg_catalog.convert_to(kind, 'UTF8')))
        OPERATOR(pg_catalog.||) pg_catalog.convert_to(kind, 'UTF8')
        OPERATOR(pg_catalog.||) pg_catalog.int4send(pg_catalog.octet_length(pg_catalog.convert_to(subject, 'UTF8')))
        OPERATOR(pg_catalog.||) pg_catalog.convert_to(subject, 'UTF8')
        OPERATOR(pg_catalog.||) pg_catalog.sha256(body)
        OPERATOR(pg_catalog.||) pg_catalog.sha256(sig)
    );
END
$$;

-- Speaks a refusal, to the log and then to the caller.
CREATE OR REPLACE FUNCTION smc.refuse(state text, message text, hint text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    RAISE LOG 'smc refused %: % [%]', session_user, message, state;
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, HINT = hint;
END
$$;

-- Refuses whoever is no active person of this store. Superusers never act: they could act as anybody.
CREATE OR REPLACE FUNCTION smc.check_person() RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    standing text;
    superuser boolean;
BEGIN
    SELECT p.state, r.rolsuper INTO standing, superuser
    FROM pg_roles AS r LEFT JOIN smc.person AS p ON p.ref = r.rolname::text WHERE r.rolname = session_user;
    IF standing = 'active' AND NOT superuser THEN
        RETURN;
    ELSIF standing IS NULL THEN
        PERFORM smc.refuse('SM007', format('%s is not registered in this store', session_user),
            'an administrator registers people with `smc do person.register`');
    ELSIF standing <> 'active' THEN
        PERFORM smc.refuse('SM007', format('%s is deactivated', session_user), 'ask an administrator');
    END IF;
    PERFORM smc.refuse('SM007', format('%s is a superuser of the server and may not act in the store', session_user),
        'log in by a role of your own that is no superuser');
END
$$;

-- Takes the one lock of writers. Nobody waits for it forever, and nobody who forgets it keeps it: both limits hold for
-- this transaction, where the session has none of its own. A session can lift the second: for that there is api.release.
CREATE OR REPLACE FUNCTION smc.take_head() RETURNS smc.head
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    tip smc.head;
BEGIN
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '10s', true);
    END IF;
    IF current_setting('idle_in_transaction_session_timeout') = '0' THEN
        PERFORM set_config('idle_in_transaction_session_timeout', '15s', true);
    END IF;
    SELECT * INTO tip FROM smc.head AS h WHERE h.one = 1 FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM smc.refuse('SM012', 'there is no store in this database yet', 'create it with `smc init`');
    END IF;
    RETURN tip;
END
$$;

-- Chains and writes entries that were checked, all at one instant, and moves the head once.
CREATE OR REPLACE FUNCTION smc.write_entries(
    tip smc.head, now timestamptz, ids text[], kinds text[], subjects text[], bodies bytea[]
) RETURNS TABLE (seq bigint, id text, prev bytea, hash bytea, actor text, at timestamptz, subject text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    many CONSTANT int := cardinality(ids);
    who CONSTANT text := session_user;
    entry record;
    link bytea := tip.hash;
    prevs bytea[] := '{}';
    hashes bytea[] := '{}';
    this CONSTANT xid8 := pg_current_xact_id();
BEGIN
    FOR entry IN
        SELECT e.kind, e.subject, e.body, e.place::int AS place
        FROM unnest(kinds, subjects, bodies) WITH ORDINALITY AS e (kind, subject, body, place)
    LOOP
        prevs[entry.place] := link;
        link := smc.entry_hash(
            tip.store_id, tip.seq + entry.place, link, who, now, entry.kind, entry.subject, entry.body, '');
        hashes[entry.place] := link;
    END LOOP;
    RETURN QUERY
        INSERT INTO smc.ledger AS l (seq, id, prev, hash, actor, at, kind, subject, body, sig)
        SELECT tip.seq + e.place, e.id, e.prev, e.hash, who, now, e.kind, e.subject, e.body, ''
        FROM unnest(ids, prevs, hashes, kinds, subjects, bodies) WITH ORDINALITY
            AS e (id, prev, hash, kind, subject, body, place)
        ORDER BY e.place
        RETURNING l.seq, l.id::text, l.prev, l.hash, l.actor::text, l.at, l.subject::text;
    UPDATE smc.head AS h SET
        seq = tip.seq + many, hash = link, at = now, xid = this,
        first_seq = CASE WHEN h.xid = this THEN h.first_seq ELSE tip.seq + 1 END
    WHERE h.one = 1;
    PERFORM pg_notify('smc_head', '');
END
$$;

-- Refuses an entry of a kind that session_user may not append at this site and instant.
CREATE OR REPLACE FUNCTION smc.check_right(kind smc.kind, site text, now timestamptz) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    who CONSTANT text := session_user;
    without_discipline boolean;
    with_discipline boolean;
    takes text;
BEGIN
    SELECT true, bool_or(r.discipline IS NULL OR d.discipline IS NOT NULL)
    INTO without_discipline, with_discipline
    FROM smc.role_grant AS g
    JOIN smc.kind_right AS r ON r.kind = kind.name AND r.role = g.role
    LEFT JOIN smc.person_discipline AS d ON d.person_ref = who AND d.discipline = r.discipline
    WHERE g.person_ref = who AND g.state = 'held' AND (g.until_at IS NULL OR g.until_at > now)
        AND (kind.anywhere OR g.scope = '*' OR g.scope = site)
    HAVING count(*) > 0;
    IF with_discipline THEN
        RETURN;
    END IF;
    SELECT string_agg(by_role.words, ' or ' ORDER BY by_role.words) INTO takes FROM (
        SELECT r.role || coalesce(' with ' || string_agg(r.discipline, ' or ' ORDER BY r.discipline), '') AS words
        FROM smc.kind_right AS r WHERE r.kind = kind.name GROUP BY r.role
    ) AS by_role;
    IF takes IS NULL THEN
        -- Kinds that no role gives: the owner's own. A superuser has no place here either.
        IF kind.name <> 'store.founded' AND pg_has_role(session_user, 'smc_owner', 'MEMBER') THEN
            RETURN;
        END IF;
        PERFORM smc.refuse('SM002', format('%s may not append %s: it is the owner''s', who, kind.name),
            'only the owner of the store does this, with `smc init` or `smc repair`');
    END IF;
    takes := format('it takes %s; an administrator grants roles with `smc do role.grant`', takes);
    IF without_discipline THEN
        PERFORM smc.refuse('SM003', format('%s does not hold a discipline that %s takes', who, kind.name), takes);
    END IF;
    PERFORM smc.refuse('SM002',
        format('%s may not append %s %s', who, kind.name, CASE WHEN kind.anywhere THEN 'anywhere' ELSE coalesce('at ' || site, 'for all sites') END), takes);
END
$$;

-- Checks entries under the lock and appends them in their order. A subject `CR-?` is given the next number.
-- No sequential scans: a session keeps its plans, and one made while the ledger was short would read all of it for
-- every entry of a long import.
CREATE OR REPLACE FUNCTION smc.append_entries(kinds text[], subjects text[], bodies bytea[])
RETURNS TABLE (seq bigint, id text, prev bytea, hash bytea, actor text, at timestamptz, subject text)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    tip smc.head;
    now timestamptz;
    asked record;
    ids text[] := '{}';
    about text[] := '{}';
    spec smc.kind;
    said json;
    site text;
    keys text;
    checked text[] := '{}';
    prefixes text[] := '{}';
    numbers bigint[] := '{}';
    place int;
    number bigint;
    stands record;
BEGIN
    tip := smc.take_head();
    now := greatest(clock_timestamp(), tip.at);
    PERFORM smc.check_person();

    -- Not by index: reading element n of an array costs n.
    FOR asked IN
        SELECT e.kind, e.subject, e.body, e.place::int AS place
        FROM unnest(kinds, subjects, bodies) WITH ORDINALITY AS e (kind, subject, body, place)
    LOOP
        IF spec.name IS DISTINCT FROM asked.kind THEN
            SELECT * INTO spec FROM smc.kind AS k WHERE k.name = asked.kind;
            IF NOT FOUND THEN
                PERFORM smc.refuse('SM004', format('there is no kind of entry %L', asked.kind),
                    'a newer program may know it: the owner runs `smc init` once');
            END IF;
        END IF;

        -- The body: the fields of the one form, each once, in their order. What the data says is the program's to read.
        said := convert_from(asked.body, 'UTF8')::json;
        SELECT string_agg(k, ' ') INTO keys FROM json_object_keys(said) AS k;
        ids[asked.place] := said ->> 'id';
        site := said ->> 'site';
        IF coalesce(keys, '') !~ '^id salt v( site)?( cause)?( reason)? from data$'
            OR coalesce(ids[asked.place], '') !~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$' OR site !~ '^[A-Z0-9]{2,3}$'
        THEN
            PERFORM smc.refuse('SM005',
                format('the body of %s about %L is not of the form that this program writes', asked.kind, asked.subject),
                'write through the console or the command line');
        END IF;

        IF (said ->> 'v') IS DISTINCT FROM spec.rule::text THEN
            PERFORM smc.refuse('SM005',
                format('%s was made under version %s of the rules, and this store goes by %s', asked.kind, said ->> 'v', spec.rule),
                'write through the console or the command line of that version');
        END IF;

        IF spec.anywhere THEN
            site := NULL;
        END IF;
        IF (asked.kind || ' ' || coalesce(site, '')) <> ALL (checked) THEN
            PERFORM smc.check_right(spec, site, now);
            checked := checked || (asked.kind || ' ' || coalesce(site, ''));
        END IF;

        IF spec.prefix IS NOT NULL THEN
            IF asked.subject IS DISTINCT FROM spec.prefix || '-?' THEN
                PERFORM smc.refuse('SM006',
                    format('%s may not be about %L: the store gives the number', asked.kind, asked.subject),
                    format('append it about %s-?', spec.prefix));
            END IF;
            place := array_position(prefixes, spec.prefix::text);
            IF place IS NULL THEN
                -- As many numbers as these entries ask for, at once.
                prefixes := prefixes || spec.prefix::text;
                place := cardinality(prefixes);
                number := cardinality(array_positions(subjects, spec.prefix || '-?'));
                INSERT INTO smc.counter AS c (prefix, last) VALUES (spec.prefix, number)
                ON CONFLICT (prefix) DO UPDATE SET last = c.last + number
                RETURNING c.last - number INTO number;
                numbers[place] := number;
            END IF;
            numbers[place] := numbers[place] + 1;
            about[asked.place] := spec.prefix || '-' || numbers[place];
        ELSE
            IF asked.subject IS NULL OR asked.subject !~ '^[!-~]{1,128}$' OR asked.subject LIKE '%-?' THEN
                PERFORM smc.refuse('SM006', format('%s may not be about %L', asked.kind, asked.subject),
                    'name the subject by its reference');
            END IF;
            IF spec.numbered IS NOT NULL THEN
                number := substring(asked.subject FROM '^' || spec.numbered || '-([1-9][0-9]{0,17})$')::bigint;
                IF number IS NULL
                    OR number > coalesce((SELECT c.last FROM smc.counter AS c WHERE c.prefix = spec.numbered), 0)
                THEN
                    PERFORM smc.refuse('SM006', format('there is no %s %L', spec.subject, asked.subject),
                        'name one that is there, by its reference');
                END IF;
            END IF;
            about[asked.place] := asked.subject;
        END IF;
    END LOOP;

    SELECT l.seq, l.id INTO stands FROM smc.ledger AS l WHERE l.id = ANY (ids) LIMIT 1;
    IF FOUND THEN
        PERFORM smc.refuse('SM001', format('%s stands already, as entry %s', stands.id, stands.seq),
            'nothing was written twice: look at that entry');
    ELSIF cardinality(ids) > 1 AND (SELECT count(DISTINCT e) FROM unnest(ids) AS e) < cardinality(ids) THEN
        PERFORM smc.refuse('SM001', 'two of these entries have the same id', 'give each entry an id of its own');
    END IF;

    RETURN QUERY SELECT * FROM smc.write_entries(tip, now, ids, kinds, about, bodies);
END
$$;

-- Appends one entry as session_user. The kind's prefix and `-?` as subject asks for the next number.
CREATE OR REPLACE FUNCTION api.append(entry_kind text, entry_subject text, entry_body bytea)
RETURNS TABLE (seq bigint, id text, prev bytea, hash bytea, actor text, at timestamptz, subject text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT * FROM smc.append_entries(ARRAY[entry_kind], ARRAY[entry_subject], ARRAY[entry_body]);
END
$$;

-- Appends up to 1,000 entries in their order: the way for bulk, where one call for each would be quadratic.
CREATE OR REPLACE FUNCTION api.append_many(entry_kinds text[], entry_subjects text[], entry_bodies bytea[])
RETURNS TABLE (seq bigint, id text, prev bytea, hash bytea, actor text, at timestamptz, subject text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    many CONSTANT int := coalesce(cardinality(entry_kinds), 0);
BEGIN
    IF many NOT BETWEEN 1 AND 1000
        OR cardinality(entry_subjects) IS DISTINCT FROM many OR cardinality(entry_bodies) IS DISTINCT FROM many
        OR array_ndims(entry_kinds) <> 1 OR array_ndims(entry_subjects) <> 1 OR array_ndims(entry_bodies) <> 1
    THEN
        PERFORM smc.refuse('SM005', format('%s entries cannot be appended at once', many),
            'give 1 to 1000 kinds, and as many subjects and bodies');
    END IF;
    RETURN QUERY SELECT * FROM smc.append_entries(
        entry_kinds[:], entry_subjects[:], entry_bodies[:]);
END
$$;

-- Takes the lock of writers until the transaction ends, and says where the ledger ends.
CREATE OR REPLACE FUNCTION api.lock() RETURNS TABLE (seq bigint, hash bytea, at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    tip smc.head;
BEGIN
    IF NOT pg_has_role(session_user, 'smc_owner', 'MEMBER') THEN
        PERFORM smc.check_person();
    END IF;
    tip := smc.take_head();
    RETURN QUERY SELECT tip.seq, tip.hash, tip.at;
END
$$;

-- The place of the entry with this id, NULL if there is none: under the lock, so that a commit whose answer was lost
-- is either here or will never be.
CREATE OR REPLACE FUNCTION api.outcome(entry_id text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    PERFORM api.lock();
    RETURN (SELECT l.seq FROM smc.ledger AS l WHERE l.id = entry_id);
END
$$;

-- Refuses whoever does not hold this role now.
CREATE OR REPLACE FUNCTION smc.check_role(asked text) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    PERFORM smc.check_person();
    IF NOT EXISTS (
        SELECT FROM smc.role_grant AS g
        WHERE g.person_ref = session_user::text AND g.role = asked AND g.state = 'held'
            AND (g.until_at IS NULL OR g.until_at > clock_timestamp())
    ) THEN
        PERFORM smc.refuse('SM002', format('%s does not hold the role %s', session_user, asked),
            'an administrator grants roles with `smc do role.grant`');
    END IF;
END
$$;

-- Keeps a reference document under the digest of its bytes; false if it was kept already.
CREATE OR REPLACE FUNCTION api.keep_document(document_digest text, document_media text, document_bytes bytea)
RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    PERFORM smc.check_person();
    IF NOT EXISTS (
        SELECT FROM smc.role_grant AS g
        JOIN smc.kind_right AS r ON r.role = g.role
        WHERE g.person_ref = session_user::text AND g.state = 'held'
            AND (g.until_at IS NULL OR g.until_at > clock_timestamp())
    ) THEN
        PERFORM smc.refuse('SM002', format('%s holds no role that writes', session_user),
            'an administrator grants roles with `smc do role.grant`');
    END IF;
    INSERT INTO smc.document (digest, media, bytes) VALUES (document_digest, document_media, document_bytes)
    ON CONFLICT (digest) DO NOTHING;
    RETURN FOUND;
END
$$;

-- Lets a registered login use the console. Not for roles that are more than a person.
CREATE OR REPLACE FUNCTION smc.let_in(login text) RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    role record;
BEGIN
    SELECT r.rolname, r.rolsuper INTO role FROM pg_roles AS r WHERE r.rolname = login;
    IF NOT FOUND THEN
        RETURN 'no such role';
    ELSIF role.rolsuper OR login LIKE 'pg\_%' OR login IN ('smc_owner', 'smc_console') THEN
        PERFORM smc.refuse('SM013', format('the role %s cannot be a person of the store', login),
            'name a login role of that person''s own');
    END IF;
    EXECUTE format('GRANT smc_console TO %I', login);
    RETURN 'granted';
END
$$;

-- Lets an active person's login use the console: 'granted', or 'no such role' if the DBA has not made it yet.
CREATE OR REPLACE FUNCTION api.grant_console(login text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    PERFORM smc.check_role('admin');
    IF NOT EXISTS (SELECT FROM smc.person AS p WHERE p.ref = login AND p.state = 'active') THEN
        PERFORM smc.refuse('SM013', format('%L is no active person of this store', login),
            'register the person first, with `smc do person.register`');
    END IF;
    RETURN smc.let_in(login);
END
$$;

-- Sessions that hold the lock of writers: whoever locked the head's row and still runs.
CREATE OR REPLACE FUNCTION smc.holders() RETURNS TABLE (pid int)
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT DISTINCT l.pid FROM smc.head AS h
        JOIN pg_locks AS l ON l.locktype = 'transactionid' AND l.granted AND l.transactionid = h.xmax;
END
$$;

-- Who holds the lock of writers, and who waits for it; longest first. State and time are NULL if the owner may not see
-- other people's sessions (pg_read_all_stats).
CREATE OR REPLACE FUNCTION api.blockers()
RETURNS TABLE (pid int, login text, application text, state text, since timestamptz, waiting boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        WITH found AS (
            SELECT h.pid, false AS waiting FROM smc.holders() AS h
            UNION
            SELECT w.pid, true FROM pg_locks AS w
            WHERE NOT w.granted AND (
                w.locktype = 'transactionid' AND w.transactionid IN (
                    SELECT l.transactionid FROM pg_locks AS l
                    WHERE l.locktype = 'transactionid' AND l.granted AND l.pid IN (SELECT h.pid FROM smc.holders() AS h)
                )
                OR w.locktype = 'tuple' AND w.relation = 'smc.head'::regclass
                    AND w.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
            )
        )
        SELECT f.pid, a.usename::text, a.application_name, a.state, a.state_change, f.waiting
        FROM found AS f LEFT JOIN pg_stat_activity AS a ON a.pid = f.pid
        ORDER BY f.waiting, a.state_change NULLS LAST, f.pid;
END
$$;

-- Ends a session that has held the lock of writers, doing nothing, for at least ten seconds. For shift leads.
CREATE OR REPLACE FUNCTION api.release(holder int) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    session record;
    idle interval;
BEGIN
    PERFORM smc.check_role('shift_lead');
    IF NOT EXISTS (SELECT FROM smc.holders() AS h WHERE h.pid = holder) THEN
        PERFORM smc.refuse('SM014', format('session %s does not hold the ledger', holder), '`smc doctor` names who does');
    END IF;
    SELECT a.usename, a.state, a.state_change, r.rolsuper INTO session
    FROM pg_stat_activity AS a LEFT JOIN pg_roles AS r ON r.rolname = a.usename WHERE a.pid = holder;
    IF session.state IS NULL OR NOT pg_has_role('smc_owner', 'pg_signal_backend', 'USAGE') THEN
        PERFORM smc.refuse('SM014', 'the store''s owner may not see or end other sessions',
            'the DBA runs: GRANT pg_read_all_stats, pg_signal_backend TO smc_owner');
    ELSIF session.rolsuper THEN
        PERFORM smc.refuse('SM014', format('session %s is the superuser %s', holder, session.usename), 'only the DBA can end it');
    END IF;
    idle := clock_timestamp() - session.state_change;
    IF session.state NOT LIKE 'idle in transaction%' OR idle < interval '10 seconds' THEN
        PERFORM smc.refuse('SM014', format('session %s of %s is at work', holder, session.usename),
            'it can be ended when it has done nothing for ten seconds');
    END IF;
    RAISE LOG 'smc: % ends session % of %, which held the ledger and did nothing for %',
        session_user, holder, session.usename, idle;
    RETURN pg_terminate_backend(holder);
END
$$;

-- A ULID: the time in milliseconds and 80 random bits.
CREATE OR REPLACE FUNCTION smc.new_id() RETURNS text
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    bytes CONSTANT bytea := substr(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 3)
        || substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 10);
    bits text := '00';
    id text := '';
BEGIN
    FOR i IN 0..15 LOOP
        bits := bits || get_byte(bytes, i)::bit(8)::text;
    END LOOP;
    FOR i IN 0..25 LOOP
        id := id || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr(bits, 1 + 5 * i, 5)::bit(5)::int + 1, 1);
    END LOOP;
    RETURN id;
END
$$;

-- Founds an empty store: its first entries, and the rows that follow from them. Its first administrator is `login`,
-- who need not be the caller: a DBA founds a store for somebody with SELECT api.found('Organisation', 'login').
CREATE OR REPLACE FUNCTION api.found(
    org text, login text, demo boolean DEFAULT false, login_name text DEFAULT NULL,
    store_id text DEFAULT NULL, host text DEFAULT '', version text DEFAULT ''
) RETURNS TABLE (seq bigint, id text, prev bytea, hash bytea, actor text, at timestamptz, subject text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    -- The founder's roles and disciplines, as the program has them.
    roles CONSTANT text[] := CASE WHEN demo THEN ARRAY['admin', 'smc_manager', 'smc_operator', 'shift_lead']
        ELSE ARRAY['admin', 'smc_manager'] END;
    disciplines CONSTANT text[] := CASE WHEN demo THEN ARRAY['operations', 'engineering'] ELSE '{}' END;
    person CONSTANT text := coalesce(login_name, login);
    now CONSTANT timestamptz := clock_timestamp();
    ids text[] := '{}';
    kinds text[];
    subjects text[];
    datas text[];
    bodies bytea[] := '{}';
    tip smc.head;
    given text;
BEGIN
    LOCK TABLE smc.head IN EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM smc.head) THEN
        PERFORM smc.refuse('SM011', 'there is a store in this database already', 'use it, or name another database');
    END IF;
    FOREACH given IN ARRAY ARRAY[org, person, host, version] LOOP
        IF given IS NULL OR given <> btrim(given) OR length(given) > 400 OR given ~ '[\x01-\x1f\x7f\x80-\x9f]' THEN
            PERFORM smc.refuse('SM005', format('%L is not one line of text', given), 'give 1 to 400 characters on one line');
        END IF;
    END LOOP;
    IF org = '' OR person = '' THEN
        PERFORM smc.refuse('SM005', 'the organisation or the administrator has no name', 'give 1 to 400 characters');
    END IF;
    FOREACH given IN ARRAY ARRAY[login, session_user] LOOP
        IF given IS NULL OR given !~ '^[a-z_][a-z0-9._-]{0,62}$' THEN
            PERFORM smc.refuse('SM006', format('%L is not a login', given),
                'use 1 to 63 of a-z 0-9 . _ - and begin with a letter or _');
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = login AND r.rolsuper) THEN
        PERFORM smc.refuse('SM013', format('%s is a superuser and can never act in a store', login),
            'name the login of the first administrator: SELECT api.found(''Organisation'', ''login'')');
    END IF;
    store_id := coalesce(store_id, smc.new_id());

    kinds := ARRAY['store.founded', 'person.registered'];
    subjects := ARRAY['store', login];
    datas := ARRAY[
        format('{"org":%s,"demo":%s,"founder":%s}', to_json(org), demo::text, to_json(login)),
        format('{"login":%s,"name":%s%s}', to_json(login), to_json(person),
            CASE WHEN disciplines <> '{}' THEN format(',"disciplines":%s', array_to_json(disciplines)) END)
    ];
    FOREACH given IN ARRAY roles LOOP
        kinds := kinds || 'role.granted'::text;
        subjects := subjects || login;
        datas := datas || format('{"login":%s,"role":%s}', to_json(login), to_json(given));
    END LOOP;
    FOR i IN 1..cardinality(kinds) LOOP
        ids[i] := smc.new_id();
        bodies[i] := convert_to(format(
            '{"id":"%s","salt":"%s","v":%s,%s"from":{"host":%s,"tty":"","via":"init","version":%s},"data":%s}',
            ids[i], encode(substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 16), 'hex'),
            (SELECT k.rule FROM smc.kind AS k WHERE k.name = 'store.founded'),
            CASE WHEN i > 1 THEN format('"cause":"%s",', ids[1]) ELSE '' END,
            to_json(host), to_json(version), datas[i]
        ), 'UTF8');
    END LOOP;

    INSERT INTO smc.head (one, store_id, seq, hash, at) VALUES (1, store_id, 0, decode(repeat('00', 32), 'hex'), now)
    RETURNING * INTO tip;
    RETURN QUERY SELECT * FROM smc.write_entries(tip, now, ids, kinds, subjects, bodies);
    INSERT INTO smc.store (ref, org, demo, founder, founded_at, state, seq)
    VALUES ('store', org, demo, login, now, 'founded', 1);
    INSERT INTO smc.person (ref, name, state, seq) VALUES (login, person, 'active', 2);
    INSERT INTO smc.person_discipline (person_ref, discipline, seq)
    SELECT login, d, 2 FROM unnest(disciplines) AS d;
    INSERT INTO smc.role_grant (person_ref, role, scope, until_at, state, seq)
    SELECT login, r.role, '*', NULL, 'held', 2 + r.place FROM unnest(roles) WITH ORDINALITY AS r (role, place);
    -- What a granted role is to posture, as the program's rule says: good for 456 days of 86,400 seconds.
    INSERT INTO smc.posture_item
        (subject_ref, measure, part, site, weight, state, turns_at, turned, moved, moved_at, began_at, seq)
    SELECT login, 'access', r.role || '@*', '*', 1, 'ok', now + make_interval(secs => 456 * 86400), 'stale',
        2 + r.place, now, now, 2 + r.place
    FROM unnest(roles) WITH ORDINALITY AS r (role, place);
    IF smc.let_in(login) <> 'granted' THEN
        RAISE NOTICE 'there is no role % yet: make it with LOGIN, then GRANT smc_console TO %', quote_ident(login), quote_ident(login);
    END IF;
END
$$;

-- Counts the items of posture: whoever writes an item may not write the counts, they follow from it. Every 64 entries
-- the clock goes on to the instant of an entry, and what has turned until then is counted anew. They stand with the
-- tables, guarded or not: whoever tells a past or fills the tables again must come to the same counts.
CREATE OR REPLACE FUNCTION smc.posture_settled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    clock timestamptz;
    settled bigint;
BEGIN
    SELECT k.at, k.seq INTO clock, settled FROM smc.posture_clock AS k;
    IF NEW.seq >= coalesce(settled, 0) + 64 THEN
        clock := coalesce(clock, timestamptz '1970-01-01 00:00:00+00');
        INSERT INTO smc.posture_count AS c (site, measure, state, items, weight)
        SELECT d.site, d.measure, d.state, SUM(d.items), SUM(d.weight)
        FROM (
            SELECT i.site, i.measure,
                CASE WHEN i.leaves_at <= p.it THEN 'out' WHEN i.turns_at <= p.it THEN i.turned ELSE i.state END AS state,
                p.sign AS items, p.sign * i.weight AS weight
            FROM smc.posture_item AS i CROSS JOIN (VALUES (clock, -1), (NEW.moved_at, 1)) AS p (it, sign)
            WHERE i.turns_at > clock AND i.turns_at <= NEW.moved_at OR i.leaves_at > clock AND i.leaves_at <= NEW.moved_at
        ) AS d
        GROUP BY d.site, d.measure, d.state
        ON CONFLICT (site, measure, state) DO UPDATE
            SET items = c.items + excluded.items, weight = c.weight + excluded.weight;
        DELETE FROM smc.posture_count WHERE items = 0 AND weight = 0;
        INSERT INTO smc.posture_clock (one, at, seq) VALUES (1, NEW.moved_at, NEW.seq)
        ON CONFLICT (one) DO UPDATE SET at = excluded.at, seq = excluded.seq;
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION smc.posture_counted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    clock timestamptz;
BEGIN
    SELECT k.at INTO clock FROM smc.posture_clock AS k;
    clock := coalesce(clock, timestamptz '1970-01-01 00:00:00+00');
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO smc.posture_count AS c (site, measure, state, items, weight)
        VALUES (OLD.site, OLD.measure,
            CASE WHEN OLD.leaves_at <= clock THEN 'out' WHEN OLD.turns_at <= clock THEN OLD.turned ELSE OLD.state END, -1, -OLD.weight)
        ON CONFLICT (site, measure, state) DO UPDATE SET items = c.items - 1, weight = c.weight + excluded.weight;
        DELETE FROM smc.posture_count AS c
        WHERE c.site = OLD.site AND c.measure = OLD.measure AND c.items = 0 AND c.weight = 0;
    END IF;
    INSERT INTO smc.posture_count AS c (site, measure, state, items, weight)
    VALUES (NEW.site, NEW.measure,
        CASE WHEN NEW.leaves_at <= clock THEN 'out' WHEN NEW.turns_at <= clock THEN NEW.turned ELSE NEW.state END, 1, NEW.weight)
    ON CONFLICT (site, measure, state) DO UPDATE SET items = c.items + 1, weight = c.weight + excluded.weight;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER settled BEFORE INSERT ON smc.posture_item
    FOR EACH ROW EXECUTE FUNCTION smc.posture_settled();
CREATE OR REPLACE TRIGGER counted AFTER INSERT OR UPDATE ON smc.posture_item
    FOR EACH ROW EXECUTE FUNCTION smc.posture_counted();

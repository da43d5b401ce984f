-- The referee: what holds the rules against raw SQL. Runs as smc_owner with the search path `smc`, after the rows of
-- kind, governed, signed, fixed, writes, transition and alters are there; may be run again, and is, whenever the tables were
-- made anew. A rebuild writes the tables before it runs this: no trigger stands in its way, and nothing lets it pass.
--
-- Errors are of the class SM. Every trigger function runs with the owner's rights and names its search path.

-- After a restore, numbers of transactions begin anew: none of them may pass for the one that wrote last.
UPDATE smc.head SET xid = '0', first_seq = 0;

-- The ledger and the documents are never changed and never deleted: not by replication, not by the owner's own hand.
CREATE OR REPLACE FUNCTION smc.append_only() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    PERFORM smc.refuse('SM010', format('%s is append-only: %s was refused', TG_TABLE_NAME, lower(TG_OP)),
        'what was written stays; write a new entry that says otherwise');
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON smc.ledger
    FOR EACH ROW EXECUTE FUNCTION smc.append_only();
CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON smc.ledger
    FOR EACH STATEMENT EXECUTE FUNCTION smc.append_only();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON smc.document
    FOR EACH ROW EXECUTE FUNCTION smc.append_only();
CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON smc.document
    FOR EACH STATEMENT EXECUTE FUNCTION smc.append_only();
ALTER TABLE smc.ledger ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_truncate;
ALTER TABLE smc.document ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_truncate;

-- Says why a row was not taken.
CREATE OR REPLACE FUNCTION smc.refuse_row(tab text, owner text, row_seq bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    entry record;
    why text;
BEGIN
    SELECT l.subject, l.actor, l.kind, h.xid = pg_current_xact_id_if_assigned() AND l.seq >= h.first_seq AS ours
    INTO entry FROM smc.ledger AS l CROSS JOIN smc.head AS h WHERE l.seq = row_seq;
    why := CASE
        WHEN NOT FOUND THEN format('there is no entry %s', coalesce(row_seq::text, 'without a number'))
        WHEN entry.ours IS NOT TRUE THEN format('entry %s was not written by this transaction', row_seq)
        WHEN entry.actor <> session_user::text THEN format('entry %s is of %s', row_seq, entry.actor)
        WHEN entry.subject IS DISTINCT FROM owner THEN format('entry %s is about %s', row_seq, entry.subject)
        WHEN NOT EXISTS (SELECT FROM smc.writes AS w WHERE w.kind = entry.kind AND w.tab = refuse_row.tab)
            THEN format('entry %s is %s, which does not write there', row_seq, entry.kind)
        ELSE 'a row stays with its subject'
    END;
    PERFORM smc.refuse('SM008', format('the row of %s in %s was refused: %s', coalesce(owner, 'nothing'), tab, why),
        'a row is written with an entry of one''s own, about its subject, in the same transaction');
END
$$;

-- Whether an entry that is about something else names this row: an import confirms the assets that it lists, and their
-- items stand for that and nothing more.
CREATE OR REPLACE FUNCTION smc.names_it(tab text, written jsonb, kind text, body bytea) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
BEGIN
    IF tab <> 'posture_item' OR kind IS DISTINCT FROM 'import.confirmed' OR written ->> 'measure' <> 'confirmed' THEN
        RETURN false;
    END IF;
    RETURN coalesce(convert_from(body, 'UTF8')::jsonb -> 'data' -> 'assets' ? (written ->> 'subject_ref'), false);
END
$$;

-- A row is written with an entry of the same transaction and login, about the row's subject, of a kind that writes
-- this table; what an import confirms is written with its entry, which names each asset. One function for each owner column: a column named by a variable costs more than the whole check.
DO $$
DECLARE
    owner text;
BEGIN
    FOR owner IN SELECT DISTINCT g.owner FROM smc.governed AS g ORDER BY 1 LOOP
        EXECUTE format($function$
            CREATE OR REPLACE FUNCTION smc.referee_%1$s() RETURNS trigger
                LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, smc, pg_temp SET enable_seqscan = off SET jit = off
            AS $body$
            DECLARE
                entry record;
            BEGIN
                SELECT l.subject, l.actor, l.kind, l.body INTO entry
                FROM smc.head AS h
                JOIN smc.ledger AS l ON l.seq = NEW.seq AND l.seq >= h.first_seq
                JOIN smc.writes AS w ON w.kind = l.kind AND w.tab = TG_TABLE_NAME::text
                WHERE h.one = 1 AND h.xid = pg_current_xact_id_if_assigned();
                IF (entry.subject = NEW.%1$I OR smc.names_it(TG_TABLE_NAME::text, to_jsonb(NEW), entry.kind, entry.body))
                    AND entry.actor = session_user::text
                    AND (TG_OP = 'INSERT' OR OLD.%1$I = NEW.%1$I)
                THEN
                    RETURN NEW;
                END IF;
                PERFORM smc.refuse_row(TG_TABLE_NAME::text, NEW.%1$I::text, NEW.seq);
                RETURN NULL;
            END
            $body$
        $function$, owner);
    END LOOP;
END
$$;

-- A column that says who did it says who did it.
DO $$
DECLARE
    col text;
BEGIN
    FOR col IN SELECT DISTINCT s.col FROM smc.signed AS s ORDER BY 1 LOOP
        EXECUTE format($function$
            CREATE OR REPLACE FUNCTION smc.referee_signed_%1$s() RETURNS trigger
                LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, smc, pg_temp
            AS $body$
            BEGIN
                IF NEW.%1$I = session_user::text THEN
                    RETURN NEW;
                END IF;
                PERFORM smc.refuse('SM008', format('%%s cannot write %%s as %1$s in %%s', session_user, NEW.%1$I, TG_TABLE_NAME),
                    'a row says who wrote it, and that is whoever is logged in');
                RETURN NULL;
            END
            $body$
        $function$, col);
    END LOOP;
END
$$;

-- A state is left by the kinds that lead out of it, and no others; and kept by those that may be written in it. An entry
-- that led a row to its state may go on with it.
CREATE OR REPLACE FUNCTION smc.referee_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    before CONSTANT text := CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END;
    by_kind text;
    about text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seq = NEW.seq AND OLD.state = NEW.state OR EXISTS (
        SELECT FROM smc.ledger AS l
        JOIN smc.transition AS t ON t.kind = l.kind AND t.tab = TG_TABLE_NAME::text
        WHERE l.seq = NEW.seq AND t.from_state = before AND t.to_state = NEW.state
    ) THEN
        RETURN NEW;
    END IF;
    SELECT l.kind, l.subject INTO by_kind, about FROM smc.ledger AS l WHERE l.seq = NEW.seq;
    IF before = NEW.state THEN
        PERFORM smc.refuse('SM016', format('%s in %s is %s, and %s is not written in that state', about, TG_TABLE_NAME,
            NEW.state, by_kind), 'see `smc show` for what it waits for');
    END IF;
    PERFORM smc.refuse('SM016', format('%s in %s cannot be %s by %s, from %s', about, TG_TABLE_NAME, NEW.state, by_kind,
        coalesce(nullif(before, ''), 'nothing')), 'see `smc show` for what it waits for');
    RETURN NULL;
END
$$;

-- Says why a column was not taken. The functions that ask stand with the rows of `alters`, one for each table.
CREATE OR REPLACE FUNCTION smc.refuse_column(
    tab text, col text, owner text, by_kind text, given text, inserted boolean
) RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    must text;
    others text;
BEGIN
    SELECT a.holds INTO must FROM smc.alters AS a
    WHERE a.tab = refuse_column.tab AND a.col = refuse_column.col AND a.kind = by_kind;
    IF inserted OR must = 'actor' THEN
        PERFORM smc.refuse('SM008',
            format('%s cannot write %s as %s in %s', session_user, coalesce(given, 'nobody'), col, tab),
            'a row says who did it, and that is whoever is logged in');
    ELSIF must IS NOT NULL THEN
        PERFORM smc.refuse('SM008',
            format('%s writes %s of %s in %s as %s, not as %s', by_kind, col, owner, tab,
                CASE must WHEN 'instant' THEN 'the instant of its entry' ELSE must END, coalesce(given, 'nothing')),
            'a row says what its entry says: write it as that says it');
    END IF;
    SELECT string_agg(a.kind, ' or ' ORDER BY a.kind) INTO others
    FROM smc.alters AS a WHERE a.tab = refuse_column.tab AND a.col = refuse_column.col;
    PERFORM smc.refuse('SM008', format('%s does not alter %s of %s in %s', by_kind, col, owner, tab),
        format('each kind alters what it is about and nothing else: this is altered by %s', others));
END
$$;

-- No entry moves the times of a change or a window but the one kind that may, and none begins what its times do not
-- allow: the trigger of each table names the two kinds.
CREATE OR REPLACE FUNCTION smc.referee_times() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    moved_by CONSTANT text := TG_ARGV[0];
    begun_by CONSTANT text := TG_ARGV[1];
    renewed_by CONSTANT text := TG_ARGV[2];
    by_kind text;
    entry_at timestamptz;
BEGIN
    SELECT l.kind, l.at INTO by_kind, entry_at FROM smc.ledger AS l WHERE l.seq = NEW.seq;
    IF (NEW.start_at, NEW.end_at) IS DISTINCT FROM (OLD.start_at, OLD.end_at) AND by_kind IS DISTINCT FROM moved_by THEN
        PERFORM smc.refuse('SM016', format('the times of %s in %s are moved by %s, not by %s', NEW.ref, TG_TABLE_NAME,
            moved_by, by_kind), 'approval never moves them: ask for what moves them');
    END IF;
    IF renewed_by <> '' AND by_kind IS DISTINCT FROM renewed_by
        AND to_jsonb(NEW) -> 'revert_by' IS DISTINCT FROM to_jsonb(OLD) -> 'revert_by' THEN
        PERFORM smc.refuse('SM016', format('the revert date of %s is moved by %s, not by %s', NEW.ref, renewed_by, by_kind),
            'ask in its place for what may stay longer');
    END IF;
    IF by_kind = begun_by AND NOT (entry_at >= OLD.start_at AND entry_at < OLD.end_at) THEN
        PERFORM smc.refuse('SM016', format('%s in %s does not begin at %s', NEW.ref, TG_TABLE_NAME, entry_at),
            format('it begins from %s on, and before %s', OLD.start_at, OLD.end_at));
    END IF;
    RETURN NEW;
END
$$;

-- Whatever is approved at the end of a transaction has a yes of every discipline that must say it, and of one of those
-- of whom one is enough; operations are always asked.
CREATE OR REPLACE FUNCTION smc.referee_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp
AS $$
DECLARE
    asks_operations boolean;
    missing text;
BEGIN
    SELECT coalesce(bool_or(r.discipline = 'operations' AND r.need = 'must'), false),
        string_agg(r.discipline, ', ' ORDER BY r.discipline)
            FILTER (WHERE r.need = 'must' AND d.decision IS DISTINCT FROM 'yes')
    INTO asks_operations, missing
    FROM smc.approval AS a
    JOIN smc.requirement AS r ON r.approval_ref = a.ref AND r.revision = a.revision
    LEFT JOIN smc.decision AS d
        ON d.approval_ref = r.approval_ref AND d.revision = r.revision AND d.discipline = r.discipline
    WHERE a.ref = NEW.ref;
    IF NOT asks_operations THEN
        missing := coalesce(missing || ', operations', 'operations');
    END IF;
    IF missing IS NULL THEN
        SELECT string_agg(r.discipline, ' or ' ORDER BY r.discipline) INTO missing
        FROM smc.approval AS a
        JOIN smc.requirement AS r ON r.approval_ref = a.ref AND r.revision = a.revision AND r.need = 'one_of'
        LEFT JOIN smc.decision AS d
            ON d.approval_ref = r.approval_ref AND d.revision = r.revision AND d.discipline = r.discipline
        WHERE a.ref = NEW.ref
        HAVING NOT coalesce(bool_or(d.decision = 'yes'), false);
    END IF;
    IF missing IS NOT NULL THEN
        PERFORM smc.refuse('SM015', format('%s is not approved: %s has not said yes', NEW.ref, missing),
            'each required discipline decides with `smc do decide`');
    END IF;
    RETURN NULL;
END
$$;

-- An entry has effect: at commit a row of its subject stands, written by it or later, in a table that its kind writes.
-- And it names the site of that row: a right held at one site is used at that site. Generated from `writes`, the
-- subject's own table first, because a function that looks up what to ask is several times slower.
DO $$
DECLARE
    of_kind record;
    body text := '';
BEGIN
    FOR of_kind IN
        SELECT w.kind,
            string_agg(format('EXISTS (SELECT FROM smc.%I AS t WHERE t.%I = NEW.subject AND t.seq >= NEW.seq)', w.tab, g.owner),
                E'\n                OR ' ORDER BY g.owner <> 'ref', w.tab) AS effect,
            string_agg(format('EXISTS (SELECT FROM smc.%I AS t WHERE t.ref = NEW.subject AND t.site <> named)', w.tab),
                E'\n                OR ' ORDER BY w.tab) FILTER (WHERE g.owner = 'ref' AND c.attname IS NOT NULL) AS elsewhere
        FROM smc.writes AS w
        JOIN smc.governed AS g ON g.tab = w.tab
        LEFT JOIN pg_attribute AS c ON c.attrelid = format('smc.%I', w.tab)::regclass AND c.attname = 'site'
        GROUP BY w.kind ORDER BY w.kind
    LOOP
        body := body || format(E'        WHEN %L THEN\n            effect := %s;\n', of_kind.kind, of_kind.effect);
        IF of_kind.elsewhere IS NOT NULL THEN
            body := body || format(E'            elsewhere := named IS NOT NULL AND (%s);\n', of_kind.elsewhere);
        END IF;
    END LOOP;
    EXECUTE format($function$
CREATE OR REPLACE FUNCTION smc.has_effect() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, smc, pg_temp SET enable_seqscan = off SET jit = off
AS $body$
DECLARE
    named CONSTANT text := convert_from(NEW.body, 'UTF8')::json ->> 'site';
    effect boolean := false;
    elsewhere boolean := false;
BEGIN
    CASE NEW.kind
%s        ELSE
            effect := false;
    END CASE;
    IF NOT effect THEN
        PERFORM smc.refuse('SM009', format('entry %%s (%%s about %%s) has no effect: no row says what it says', NEW.seq, NEW.kind, NEW.subject),
            'write its rows in the same transaction');
    ELSIF elsewhere THEN
        PERFORM smc.refuse('SM009', format('entry %%s names the site %%s, but %%s is of another', NEW.seq, named, NEW.subject),
            'name the site that the subject belongs to');
    END IF;
    RETURN NULL;
END
$body$
    $function$, body);
END
$$;
DROP TRIGGER IF EXISTS has_effect ON smc.ledger;
CREATE CONSTRAINT TRIGGER has_effect AFTER INSERT ON smc.ledger DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION smc.has_effect();

-- The triggers on the tables. Their names are in the order in which they shall fire.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT tab, owner FROM smc.governed ORDER BY tab LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER referee BEFORE INSERT OR UPDATE ON smc.%I
            FOR EACH ROW EXECUTE FUNCTION smc.referee_%s()', t.tab, t.owner);
    END LOOP;
    FOR t IN SELECT tab, col FROM smc.signed ORDER BY tab LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER referee_signed BEFORE INSERT OR UPDATE OF %I ON smc.%I
            FOR EACH ROW EXECUTE FUNCTION smc.referee_signed_%s()', t.col, t.tab, t.col);
    END LOOP;
    FOR t IN SELECT DISTINCT tab FROM smc.transition ORDER BY tab LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER referee_moves BEFORE INSERT OR UPDATE ON smc.%I
            FOR EACH ROW EXECUTE FUNCTION smc.referee_moves()', t.tab);
    END LOOP;
    FOR t IN
        SELECT g.tab,
            CASE WHEN EXISTS (SELECT FROM smc.alters AS a WHERE a.tab = g.tab AND a.holds = 'actor')
                THEN 'INSERT OR UPDATE' ELSE 'UPDATE' END AS events
        FROM smc.governed AS g
        JOIN pg_proc AS p ON p.pronamespace = 'smc'::regnamespace AND p.proname = 'referee_touched_' || g.tab ORDER BY g.tab
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER referee_touched BEFORE %s ON smc.%I
            FOR EACH ROW EXECUTE FUNCTION smc.referee_touched_%s()', t.events, t.tab, t.tab);
    END LOOP;
    FOR t IN SELECT DISTINCT tab FROM smc.transition WHERE to_state = 'approved' ORDER BY tab LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS referee_approved ON smc.%I', t.tab);
        EXECUTE format('CREATE CONSTRAINT TRIGGER referee_approved AFTER INSERT OR UPDATE ON smc.%I
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = ''approved'')
            EXECUTE FUNCTION smc.referee_approved()', t.tab);
    END LOOP;
END
$$;

CREATE OR REPLACE TRIGGER referee_times BEFORE UPDATE ON smc.change
    FOR EACH ROW EXECUTE FUNCTION smc.referee_times('change.revised', 'change.started', 'change.renewed');
CREATE OR REPLACE TRIGGER referee_times BEFORE UPDATE ON smc.vendor_window
    FOR EACH ROW EXECUTE FUNCTION smc.referee_times('window.extended', 'window.opened', '');

-- What a console may do: read, write governed rows column by column (a right on the whole table would let it lock the
-- table and stop all readers), call the functions named here. What no kind alters is written once.
REVOKE ALL ON ALL TABLES IN SCHEMA smc FROM PUBLIC, smc_console;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA smc, api FROM PUBLIC, smc_console;
GRANT USAGE ON SCHEMA smc, api TO smc_console;
GRANT SELECT ON ALL TABLES IN SCHEMA smc TO smc_console;
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT g.tab,
            (SELECT string_agg(DISTINCT quote_ident(a.col), ', ') FROM smc.alters AS a WHERE a.tab = g.tab) AS cols
        FROM smc.governed AS g ORDER BY g.tab
    LOOP
        EXECUTE format('GRANT INSERT ON smc.%I TO smc_console', t.tab);
        IF t.cols IS NOT NULL THEN
            EXECUTE format('GRANT UPDATE (%s) ON smc.%I TO smc_console', t.cols, t.tab);
        END IF;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION
    smc.entry_hash(text, bigint, bytea, text, timestamptz, text, text, bytea, bytea),
    api.append(text, text, bytea),
    api.append_many(text[], text[], bytea[]),
    api.lock(),
    api.outcome(text),
    api.keep_document(text, text, bytea),
    api.grant_console(text),
    api.blockers(),
    api.release(int)
TO smc_console;

-- Roles and schemas, before anything else. Run by a login that owns the database, or has CREATE on it, and has
-- CREATEROLE; or by the DBA. Every step may be run again, and several may run at once: roles belong to the whole
-- server, so another database's first start can be at the same step.
--
-- smc_owner    owns schemas, tables and functions. Nobody logs in as it. Whoever is a member of it can rewrite
--              the ledger (which `smc verify` shows): only the logins that create and migrate the store.
-- smc_console  reads, and writes through functions and triggers that hold the rules. One login for each person.

-- Starts in this database wait for each other.
SELECT pg_advisory_xact_lock(hashtext('smc first start'));

-- Entries are hashed as UTF-8: another encoding would change their bytes.
DO $$
BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'the database % has the encoding %', current_database(), current_setting('server_encoding')
            USING HINT = 'create it with ENCODING ''UTF8''';
    END IF;
END
$$;

-- The two roles. A role of that name that can log in, or do more, was not made for this.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['smc_owner', 'smc_console'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- made by another start in this moment
            END;
        END IF;
        IF EXISTS (
            SELECT FROM pg_roles
            WHERE rolname = role AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication)
        ) THEN
            RAISE EXCEPTION 'the role % can log in or has rights of its own', role
                USING HINT = format('ALTER ROLE %I NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION', role);
        END IF;
    END LOOP;
END
$$;

-- Memberships: the owner may grant the console's role (registering a person does), and whoever runs this may
-- act as the owner. The two last let the owner see and end a session that keeps the ledger locked; without them
-- all else works, and `smc doctor` names what is missing.
DO $$
DECLARE
    step record;
BEGIN
    FOR step IN
        SELECT * FROM (VALUES
            ('smc_console', 'smc_owner', true, true),
            ('smc_owner', current_user::text, false, true),
            ('pg_read_all_stats', 'smc_owner', false, false),
            ('pg_signal_backend', 'smc_owner', false, false)
        ) AS steps (role, member, admin, needed)
    LOOP
        FOR attempt IN 1..10 LOOP
            EXIT WHEN pg_has_role(
                step.member, step.role, CASE WHEN step.admin THEN 'MEMBER WITH ADMIN OPTION' ELSE 'USAGE' END
            );
            BEGIN
                EXECUTE format('GRANT %I TO %I', step.role, step.member)
                    || CASE WHEN step.admin THEN ' WITH ADMIN OPTION' ELSE '' END;
                EXIT;
            EXCEPTION
                WHEN unique_violation OR internal_error THEN
                    PERFORM pg_sleep(0.05); -- granted by another start in this moment
                WHEN insufficient_privilege THEN
                    IF step.needed THEN
                        RAISE;
                    END IF;
                    RAISE NOTICE '% could not be granted to %: a session that keeps the ledger locked can only be ended by the DBA',
                        step.role, step.member;
                    EXIT;
            END;
        END LOOP;
    END LOOP;
END
$$;

-- Nobody but the owner makes objects in this database: a temporary table of a known name is a trap.
-- Only the database's owner can revoke this; functions hold without it, it is a second wall.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS acl
        WHERE datname = current_database() AND acl.grantee = 0 AND acl.privilege_type IN ('CREATE', 'TEMPORARY')
    ) THEN
        EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'CREATE and TEMPORARY on the database % stay with PUBLIC: its owner can revoke them', current_database();
END
$$;

-- The schemas: tables in smc, what consoles may call in api.
CREATE SCHEMA IF NOT EXISTS smc AUTHORIZATION smc_owner;
CREATE SCHEMA IF NOT EXISTS api AUTHORIZATION smc_owner;
DO $$
DECLARE
    other record;
BEGIN
    SELECT nspname, pg_get_userbyid(nspowner) AS owner INTO other
    FROM pg_namespace WHERE nspname IN ('smc', 'api') AND nspowner <> 'smc_owner'::regrole;
    IF FOUND THEN
        RAISE EXCEPTION 'the schema % belongs to %', other.nspname, other.owner
            USING HINT = 'use a database of its own for the store';
    END IF;
END
$$;

-- New functions are executable by everybody unless this says otherwise.
ALTER DEFAULT PRIVILEGES FOR ROLE smc_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

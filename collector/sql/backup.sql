-- SPDX-License-Identifier: BSD-2-Clause
-- `netvisor-collector backup` and `restore`: what is asked of a database besides pg_dump's and pg_restore's own work.

-- Whether NetVisor's tables are there, the server's version, how many collectors are at it.
-- name: backup_state
SELECT to_regclass('netvisor.schema_migration') IS NOT NULL, current_setting('server_version_num')::integer / 10000,
	(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'netvisor-collector');

-- Extensions that live in the schema: they are not dumped with it unless they are named.
-- name: backup_extensions
SELECT extname FROM pg_extension WHERE extnamespace = to_regnamespace('netvisor');

-- Around pg_restore's script, so that all of it is one transaction. The lock is that of the migrations: a collector that is
-- started meanwhile waits for it.
-- name: restore_begin
BEGIN;
SELECT pg_advisory_xact_lock(7811170072);
SET LOCAL client_min_messages = warning;
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'netvisor_app') THEN
		CREATE ROLE netvisor_app NOLOGIN;
	END IF;
	IF NOT pg_has_role(current_user, 'netvisor_app', 'MEMBER') THEN
		EXECUTE format('GRANT netvisor_app TO %I', current_user);
	END IF;
END $$;
DROP SCHEMA IF EXISTS netvisor CASCADE;

-- Sessions that have been ended since the backup was made would be alive again.
-- name: restore_end
DO $$
BEGIN
	IF to_regclass('netvisor.user_session') IS NOT NULL THEN
		DELETE FROM netvisor.user_session;
	END IF;
END $$;
COMMIT;

-- name: restore_analyze
DO $$
DECLARE
	one record;
BEGIN
	FOR one IN SELECT oid::regclass AS name FROM pg_class
		WHERE relnamespace = 'netvisor'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition LOOP
		EXECUTE format('ANALYZE %s', one.name);
	END LOOP;
END $$;

-- SPDX-License-Identifier: BSD-2-Clause
-- How a connection begins, and what every transaction says first.

-- name: prepare_as
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS netvisor;
SET search_path = netvisor, pg_catalog;
SET timezone = 'UTC';
SET lock_timeout = 0;
SELECT pg_advisory_lock(7811170072);
CREATE TABLE IF NOT EXISTS schema_migration (
	version integer PRIMARY KEY,
	name text NOT NULL,
	checksum text NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: serve_as
SET ROLE netvisor_app;
SET search_path = netvisor, pg_catalog;
SET timezone = 'UTC';
SET datestyle = 'ISO';
SET statement_timeout = '30s';
SET lock_timeout = '20s';
SET idle_in_transaction_session_timeout = '60s';
SET client_min_messages = warning;
SET jit = off;

-- name: listen_all
SET ROLE netvisor_app;
LISTEN netvisor_change;
LISTEN netvisor_credential;
LISTEN netvisor_session;
LISTEN netvisor_sensor;
LISTEN netvisor_answer;
LISTEN netvisor_definitions;
LISTEN netvisor_alert;
LISTEN netvisor_outbox;

-- name: begin
BEGIN;

-- name: begin_snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- user, network, `on` for the system; an empty text for none.
-- name: act_as
SELECT act_as($1, $2, $3);

-- The same, and from which address, for the audit log. What people ask for is planned with what they ask: most of a list's
-- filters are not given, and are gone from such a plan.
-- name: act_as_from
SELECT act_as($1, $2, $3), set_config('netvisor.address', $4, true), set_config('plan_cache_mode', 'force_custom_plan', true),
	set_config('work_mem', '32MB', true);

-- A person's key, network, address.
-- name: act_as_key_from
SELECT act_as_key($1, $2), set_config('netvisor.address', $3, true), set_config('plan_cache_mode', 'force_custom_plan', true),
	set_config('work_mem', '32MB', true);

-- name: migration_list
SELECT version, checksum FROM schema_migration ORDER BY version;

-- name: migration_record
INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3);

-- name: migration_unlock
SELECT pg_advisory_unlock(7811170072);

-- name: ping
SELECT 1;

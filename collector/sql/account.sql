-- SPDX-License-Identifier: BSD-2-Clause
-- Accounts, sign-in and sessions. All of these act for the system.

-- Collectors that start together take turns.
-- name: place_lock
SELECT pg_advisory_xact_lock(7811170073);

-- The first organization and its network exist from the first start, so that a sensor has a place before anyone has signed up.
-- name: place_ensure
WITH place AS (
	INSERT INTO organization (id, name)
	SELECT $1::uuid, 'My organization' WHERE NOT EXISTS (SELECT FROM organization)
	RETURNING id
)
INSERT INTO network (id, organization_id, name)
SELECT $2::uuid, id, 'My network' FROM place;

-- name: account_count
SELECT count(*) FROM user_account;

-- name: setup_token_store
INSERT INTO setup_token (token_hash) VALUES ($1::bytea);

-- name: setup_token_forget
DELETE FROM setup_token;

-- name: setup_token_known
SELECT true FROM setup_token WHERE token_hash = $1::bytea;

-- One of two owners that come at once finds nothing to lock.
-- name: setup_token_take
SELECT true FROM setup_token WHERE token_hash = $1::bytea FOR UPDATE;

-- name: owner_create
WITH made AS (
	INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash)
	SELECT $1::uuid, o.id, $2, $3, 'owner', $4
	FROM (SELECT id FROM organization ORDER BY created_at, id LIMIT 1) o
	WHERE NOT EXISTS (SELECT FROM user_account) AND EXISTS (SELECT FROM setup_token WHERE token_hash = $6::bytea)
	RETURNING id, organization_id
)
UPDATE organization SET name = coalesce(nullif($5, ''), organization.name)
FROM made WHERE organization.id = made.organization_id
RETURNING made.id;

-- name: account_by_email
SELECT id, password_hash FROM user_account WHERE lower(email) = lower($1);

-- An attempt counts before it is checked, so that attempts at once are not more than attempts in turn. A lock
-- that has run out, and failures of long ago, begin anew.
-- name: login_attempt
INSERT INTO login_failure AS f (subject, failures, last_failure)
SELECT subject, 1, now() FROM unnest(ARRAY['account:' || lower($1), 'address:' || $2]) AS subject ORDER BY subject
ON CONFLICT (subject) DO UPDATE SET
	failures = CASE
		WHEN f.locked_until > now() THEN f.failures
		WHEN f.locked_until IS NOT NULL OR f.last_failure < now() - interval '15 minutes' THEN 1
		ELSE f.failures + 1
	END,
	locked_until = CASE
		WHEN f.locked_until > now() THEN f.locked_until
		WHEN f.locked_until IS NULL AND f.last_failure >= now() - interval '15 minutes' AND f.failures >= 5
			THEN now() + interval '15 minutes'
	END,
	last_failure = now()
RETURNING ceil(extract(epoch FROM locked_until - now()))::bigint;

-- name: login_succeeded
DELETE FROM login_failure WHERE subject IN ('account:' || lower($1), 'address:' || $2);

-- name: login_failure_clean
DELETE FROM login_failure WHERE last_failure < now() - interval '1 day' AND coalesce(locked_until < now(), true);

-- name: session_create
INSERT INTO user_session (token_hash, user_id) VALUES ($1::bytea, $2::uuid);

-- A person has this many sessions at most; the ones that were used longest ago end.
-- name: session_limit
DELETE FROM user_session WHERE token_hash IN (
	SELECT token_hash FROM user_session WHERE user_id = $1::uuid ORDER BY last_used DESC, token_hash OFFSET 32);

-- name: session_end
DELETE FROM user_session WHERE token_hash = $1::bytea;

-- name: session_touch
UPDATE user_session SET last_used = now() WHERE token_hash = $1::bytea;

-- name: session_clean
DELETE FROM user_session WHERE last_used < now() - interval '7 days';

-- name: session_list
SELECT s.token_hash, s.user_id, a.organization_id, a.email, a.name, a.permissions,
	extract(epoch FROM s.last_used + interval '7 days')::bigint
FROM user_session s JOIN user_account a ON a.id = s.user_id
WHERE s.last_used > now() - interval '7 days';

-- name: sensor_list
SELECT key_hash, id, network_id, name, coalesce(extract(epoch FROM expires_at)::bigint, 0)
FROM sensor WHERE is_enabled AND (expires_at IS NULL OR expires_at > now());

-- name: credential_notify
SELECT pg_notify('netvisor_credential', $1);

-- The oldest network takes the sensor of --sensor-key-file.
-- name: sensor_ensure
INSERT INTO sensor (network_id, id, name, key_hash)
SELECT n.id, $1::uuid, $2, $3::bytea FROM network n ORDER BY n.created_at, n.id LIMIT 1
ON CONFLICT (key_hash) DO NOTHING;

-- A sensor that this transaction made is told to the browsers.
-- name: sensor_made
SELECT change_append(s.network_id, 'sensor', s.id, NULL, to_jsonb(v))
FROM sensor s JOIN live_sensor v ON v.id = s.id WHERE s.id = $1::uuid;

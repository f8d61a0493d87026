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

-- id, e-mail, name, password's hash or null, organization, hashes of invitation and setup token or null, whether everyone may.
-- name: account_make
SELECT account_make($1::uuid, $2, $3, $4, $5, $6::bytea, $7::bytea, $8::boolean);

-- name: account_by_email
SELECT id, password_hash FROM user_account WHERE lower(email) = lower($1);

-- An attempt counts before it is checked, so that attempts at once are not more than attempts in turn. A lock
-- that has run out, and failures of long ago, begin anew.
-- name: login_attempt
WITH attempt AS (
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
	RETURNING f.subject, f.locked_until
)
SELECT ceil(extract(epoch FROM t.locked_until - now()))::bigint,
	CASE WHEN a.id IS NOT NULL THEN
		audit_append(a.organization_id, 'locked_out', 'user', a.id, NULL, jsonb_build_object('subject', t.subject), $2) END
FROM attempt t
LEFT JOIN user_account a ON lower(a.email) = lower($1) AND t.locked_until = now() + interval '15 minutes';

-- The account's failures are forgotten. Of the address's only this attempt is taken back: who has an account can't guess at others for ever.
-- name: login_succeeded
WITH forgotten AS (
	DELETE FROM login_failure WHERE subject = 'account:' || lower($1)
		OR (subject = 'address:' || $2 AND failures <= 1 AND locked_until IS NULL)
)
UPDATE login_failure SET failures = failures - 1 WHERE subject = 'address:' || $2 AND failures > 1 AND locked_until IS NULL;

-- name: login_failure_clean
DELETE FROM login_failure WHERE last_failure < now() - interval '1 day' AND coalesce(locked_until < now(), true);

-- name: session_create
WITH used AS (
	UPDATE user_account SET last_used = now() WHERE id = $2::uuid
)
INSERT INTO user_session (token_hash, user_id, address, user_agent) VALUES ($1::bytea, $2::uuid, $3, $4);

-- A person has this many sessions at most; the ones that were used longest ago end.
-- name: session_limit
DELETE FROM user_session WHERE token_hash IN (
	SELECT token_hash FROM user_session WHERE user_id = $1::uuid ORDER BY last_used DESC, token_hash OFFSET 32);

-- name: session_end
DELETE FROM user_session WHERE token_hash = $1::bytea;

-- name: session_end_id
DELETE FROM user_session WHERE id = $1::uuid AND user_id = $2::uuid RETURNING id;

-- All of a person's sessions but one, or all of them when that is null.
-- name: session_end_all
DELETE FROM user_session WHERE user_id = $1::uuid AND token_hash IS DISTINCT FROM $2::bytea;

-- name: session_mine
SELECT coalesce(json_agg(json_build_object('id', id, 'created_at', seconds(created_at), 'last_used', seconds(last_used),
	'address', address, 'user_agent', user_agent, 'current', token_hash = $2::bytea) ORDER BY last_used DESC, id), '[]')
FROM user_session WHERE user_id = $1::uuid;

-- name: session_touch
WITH used AS (
	UPDATE user_session SET last_used = now() WHERE token_hash = $1::bytea RETURNING user_id
)
UPDATE user_account a SET last_used = now() FROM used WHERE a.id = used.user_id;

-- name: session_clean
DELETE FROM user_session WHERE last_used < now() - interval '7 days';

-- Who may come in. Three lists with the same first columns: hash, id, organization or network, name, when it ends.
-- name: session_list
SELECT s.token_hash, s.user_id, a.organization_id, a.name, extract(epoch FROM s.last_used + interval '7 days')::bigint,
	a.email, a.permissions
FROM user_session s JOIN user_account a ON a.id = s.user_id
WHERE s.last_used > now() - interval '7 days';

-- name: user_key_list
SELECT k.key_hash, k.user_id, a.organization_id, a.name, coalesce(extract(epoch FROM k.expires_at)::bigint, 0),
	a.email, CASE WHEN role_height(k.permissions) < role_height(a.permissions) THEN k.permissions ELSE a.permissions END,
	k.id, k.network_ids IS NOT NULL
FROM user_api_key k JOIN user_account a ON a.id = k.user_id
WHERE k.is_enabled AND (k.expires_at IS NULL OR k.expires_at > now());

-- name: sensor_key_list
SELECT k.key_hash, k.sensor_id, k.network_id, s.name, coalesce(extract(epoch FROM k.expires_at)::bigint, 0), k.id
FROM sensor_key k JOIN sensor s ON s.network_id = k.network_id AND s.id = k.sensor_id
WHERE k.is_enabled AND (k.expires_at IS NULL OR k.expires_at > now());

-- name: user_key_touch
UPDATE user_api_key SET last_used = now() WHERE id = $1::uuid;

-- name: sensor_key_touch
UPDATE sensor_key SET last_used = now() WHERE id = $1::uuid;

-- Who and from where, for the audit log.
-- name: act_for
SELECT set_config('netvisor.user', $1, true), set_config('netvisor.address', $2, true);

-- name: audit_user
SELECT audit_append(organization_id, $2, 'user', id, NULL, NULL) FROM user_account WHERE id = $1::uuid;

-- name: credential_notify
SELECT pg_notify('netvisor_credential', $1);

-- The oldest network takes the sensor of --sensor-key-file.
-- name: sensor_ensure
WITH made AS (
	INSERT INTO sensor (network_id, id, name)
	SELECT n.id, $1::uuid, $2 FROM network n
	WHERE NOT EXISTS (SELECT FROM sensor_key WHERE key_hash = $3::bytea) ORDER BY n.created_at, n.id LIMIT 1
	RETURNING network_id, id
)
INSERT INTO sensor_key (network_id, sensor_id, name, key_hash, prefix)
SELECT network_id, id, 'the file of --sensor-key-file', $3::bytea, $4 FROM made;

-- A sensor that this transaction made is told to the browsers.
-- name: sensor_made
SELECT change_append(s.network_id, 'sensor', s.id, NULL, to_jsonb(v))
FROM sensor s JOIN live_sensor v ON v.id = s.id WHERE s.id = $1::uuid;

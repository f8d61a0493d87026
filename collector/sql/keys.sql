-- SPDX-License-Identifier: BSD-2-Clause
-- A person's own keys, and those of sensors (collector/resource.h says what each statement takes and gives). Who may is
-- decided by row-level security and by the triggers of 0010_people.sql.

-- name: list_user_key
-- orders: name lower(k.name) | created_at k.created_at | last_used k.last_used | expires_at k.expires_at
-- filter: ($1::jsonb->'ids' IS NULL OR k.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'search' IS NULL OR k.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (
	SELECT user_key_json(k) AS shown FROM user_api_key k WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM user_api_key k WHERE :filter);

-- name: get_user_key
SELECT user_key_json(k), k.revision FROM user_api_key k WHERE k.id = $1::uuid;

-- id, the key's hash, its first characters, fields.
-- name: create_user_key
INSERT INTO user_api_key AS k (id, organization_id, user_id, name, key_hash, prefix, permissions, network_ids, expires_at)
VALUES ($1::uuid, current_setting('netvisor.organization')::uuid, current_setting('netvisor.user')::uuid, $4::jsonb->>'name',
	$2::bytea, $3, coalesce($4::jsonb->>'permissions', current_setting('netvisor.role')),
	CASE WHEN jsonb_typeof($4::jsonb->'network_ids') = 'array' THEN networks_of($4::jsonb) END, expiry_of($4::jsonb))
RETURNING user_key_json(k), k.revision;

-- name: update_user_key
UPDATE user_api_key k SET name = coalesce($2::jsonb->>'name', k.name), permissions = coalesce($2::jsonb->>'permissions', k.permissions),
	network_ids = CASE WHEN NOT $2::jsonb ? 'network_ids' THEN k.network_ids
		WHEN jsonb_typeof($2::jsonb->'network_ids') = 'array' THEN networks_of($2::jsonb) END,
	is_enabled = coalesce(($2::jsonb->>'is_enabled')::boolean, k.is_enabled),
	expires_at = CASE WHEN $2::jsonb ? 'expires_at' THEN expiry_of($2::jsonb) ELSE k.expires_at END
WHERE k.id = $1::uuid AND ($3::integer IS NULL OR k.revision = $3::integer)
RETURNING user_key_json(k), k.revision;

-- Another key of the same rights and name, in place of the old one.
-- name: rotate_user_key
WITH turned AS (
	UPDATE user_api_key k SET key_hash = $2::bytea, prefix = $3, last_used = NULL WHERE k.id = $1::uuid RETURNING k.*
)
SELECT user_key_json(t::user_api_key), t.revision, audit_append(t.organization_id, 'key_rotated', 'user_api_key', t.id, NULL, NULL)
FROM (SELECT * FROM turned) t;

-- name: delete_user_key
DELETE FROM user_api_key k WHERE k.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR k.revision = $2::integer) RETURNING k.id;

-- name: list_sensor_key
-- orders: name lower(k.name) | created_at k.created_at | last_used k.last_used | expires_at k.expires_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR k.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->>'sensor_id' IS NULL OR k.sensor_id = ($1::jsonb->>'sensor_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR k.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'search' IS NULL OR k.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (
	SELECT sensor_key_json(k) AS shown FROM sensor_key k WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM sensor_key k WHERE :filter);

-- name: get_sensor_key
SELECT sensor_key_json(k), k.revision FROM sensor_key k WHERE k.id = $1::uuid;

-- name: create_sensor_key
SELECT sensor_key_make($1::uuid, $2::bytea, $3, $4::jsonb), 1;

-- A sensor with its first key: the same, told as the sensor.
-- name: create_sensor
SELECT jsonb_build_object('id', k->'sensor_id', 'network_id', k->'network_id', 'name', k->'name'), 1
FROM sensor_key_make($1::uuid, $2::bytea, $3, $4::jsonb) k;

-- name: update_sensor_key
UPDATE sensor_key k SET name = coalesce($2::jsonb->>'name', k.name),
	is_enabled = coalesce(($2::jsonb->>'is_enabled')::boolean, k.is_enabled),
	expires_at = CASE WHEN $2::jsonb ? 'expires_at' THEN expiry_of($2::jsonb) ELSE k.expires_at END
WHERE k.id = $1::uuid AND ($3::integer IS NULL OR k.revision = $3::integer)
RETURNING sensor_key_json(k), k.revision;

-- The next key of the same sensor; the one before it ends after so many hours.
-- name: rotate_sensor_key
WITH ending AS (
	UPDATE sensor_key k SET expires_at = least(k.expires_at,
		now() + coalesce(($5::jsonb->>'overlap_hours')::integer, 24) * interval '1 hour')
	WHERE k.id = $1::uuid RETURNING k.network_id, k.sensor_id, k.name
)
INSERT INTO sensor_key AS n (network_id, id, sensor_id, name, key_hash, prefix)
SELECT network_id, $2::uuid, sensor_id, name, $3::bytea, $4 FROM ending
RETURNING sensor_key_json(n), n.revision;

-- name: delete_sensor_key
DELETE FROM sensor_key k WHERE k.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR k.revision = $2::integer) RETURNING k.id;

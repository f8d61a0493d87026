-- SPDX-License-Identifier: BSD-2-Clause
-- Discoveries, their sessions and commands to sensors. What they do is in functions (0012_session.sql).

-- The collector that this is, and that it is there.
-- name: collector_seen
WITH gone AS (
	DELETE FROM collector_instance WHERE seen_at < now() - interval '1 day'
)
INSERT INTO collector_instance (id) VALUES ($1::uuid) ON CONFLICT (id) DO UPDATE SET seen_at = now();

-- name: session_upkeep
SELECT session_upkeep($1::integer * interval '1 second');

-- Schedules that are due, as they stand in the database; by network, since firing one locks its row.
-- name: schedule_due
SELECT network_id, id, run_type->>'next_run', run_type->>'cron', run_type->>'timezone' FROM (SELECT * FROM discovery
	WHERE run_type->>'next_run' IS NOT NULL AND (run_type->>'next_run')::bigint <= extract(epoch FROM now())
	ORDER BY (run_type->>'next_run')::bigint LIMIT 20) due
ORDER BY network_id, (run_type->>'next_run')::bigint;

-- Milliseconds until the next one.
-- name: schedule_wait
SELECT ceil((min((run_type->>'next_run')::bigint) - extract(epoch FROM now())) * 1000)::bigint FROM discovery
WHERE run_type->>'next_run' IS NOT NULL;

-- Network, discovery, when it was due, when it is due next.
-- name: schedule_fire
SELECT discovery_fire($1::uuid, $2::uuid, $3::bigint, $4::bigint);

-- name: schedule_broken
UPDATE discovery SET run_type = run_type || '{"enabled": false, "next_run": null}', disabled_reason = $3
WHERE network_id = $1::uuid AND id = $2::uuid;

-- name: session_clean_old
SELECT session_clean($1::integer);

-- name: sensor_command_clean
DELETE FROM sensor_command WHERE asked_at < now() - interval '1 minute';

-- name: sensor_greet
SELECT sensor_greet($1::uuid, $2::uuid, $3::jsonb);

-- name: sensor_leave
SELECT sensor_leave($1::uuid, $2::uuid, $3::bigint);

-- name: session_claim
SELECT id, phase, discovery_type, place, credentials FROM session_claim($1::uuid, $2::uuid, $3::uuid, $4::bigint);

-- name: session_heard
SELECT session_heard($1::uuid, $2::uuid, $3::uuid, $4, $5::integer, $6::jsonb, $7);

-- name: session_done
SELECT session_done($1::uuid, $2::uuid, $3::uuid, $4, $5::jsonb);

-- name: command_ask
WITH asked AS (
	INSERT INTO sensor_command (network_id, id, sensor_id, command)
	SELECT network_id, $1::uuid, id, $3 FROM sensor WHERE id = $2::uuid AND connected RETURNING sensor_id
)
SELECT pg_notify('netvisor_session', sensor_id::text) FROM asked;

-- name: command_claim
UPDATE sensor_command SET claimed_by = $3::uuid
WHERE network_id = $1::uuid AND sensor_id = $2::uuid AND claimed_by IS NULL AND asked_at > now() - interval '10 seconds'
RETURNING id, command;

-- name: command_answer
WITH answered AS (
	UPDATE sensor_command SET answered_at = now(), ok = $3::boolean, error = $4, data = $5::jsonb
	WHERE network_id = $1::uuid AND id = $2::uuid RETURNING id
)
SELECT pg_notify('netvisor_answer', id::text) FROM answered;

-- name: command_result
SELECT ok, error, data FROM sensor_command WHERE id = $1::uuid AND answered_at IS NOT NULL;

-- What the API does with discoveries and sessions (collector/resource.h). The network's row is locked first, as everywhere.

-- name: list_discovery
-- orders: name lower(d.name) | created_at d.created_at | next_run (d.run_type->>'next_run')::bigint | last_run (d.run_type->>'last_run')::bigint
-- filter: ($1::jsonb->>'network_id' IS NULL OR d.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR d.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->'tag_ids' IS NULL OR d.tags && json_ids($1::jsonb->'tag_ids'))
-- filter: ($1::jsonb->>'sensor_id' IS NULL OR d.sensor_id = ($1::jsonb->>'sensor_id')::uuid)
-- filter: ($1::jsonb->>'type' IS NULL OR d.discovery_type->>'type' = $1::jsonb->>'type')
-- filter: ($1::jsonb->>'run_type' IS NULL OR d.run_type->>'type' = $1::jsonb->>'run_type')
-- filter: ($1::jsonb->>'search' IS NULL OR d.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT d.network_id, d.id, d.sensor_id, d.name, d.discovery_type, d.run_type, d.failures, d.disabled_reason, d.tags,
		d.revision, seconds(d.created_at) AS created_at, seconds(d.updated_at) AS updated_at
	FROM discovery d WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM discovery d WHERE :filter);

-- name: get_discovery
SELECT live_json('discovery', 'discovery', to_jsonb(d)) || jsonb_build_object('network_id', d.network_id,
	'created_at', seconds(d.created_at), 'updated_at', seconds(d.updated_at)), d.revision
FROM discovery d WHERE d.id = $1::uuid;

-- name: create_discovery
WITH place AS (
	SELECT n.id, s.id AS sensor_id FROM network n JOIN sensor s ON s.network_id = n.id
	WHERE s.id = ($2::jsonb->>'sensor_id')::uuid AND n.id = coalesce(($2::jsonb->>'network_id')::uuid, n.id)
	FOR NO KEY UPDATE OF n
)
INSERT INTO discovery AS d (network_id, id, sensor_id, name, discovery_type, run_type, tags)
SELECT p.id, $1::uuid, p.sensor_id, r.name, r.discovery_type, r.run_type, coalesce(r.tags, '{}')
FROM place p, jsonb_populate_record(NULL::discovery, $2::jsonb) r
RETURNING live_json('discovery', 'discovery', to_jsonb(d)) || jsonb_build_object('network_id', d.network_id,
	'created_at', seconds(d.created_at), 'updated_at', seconds(d.updated_at)), d.revision;

-- Switching it on again forgets its failures.
-- name: update_discovery
UPDATE discovery d SET (name, discovery_type, run_type, tags) = (SELECT r.name, r.discovery_type,
		r.run_type || jsonb_build_object('last_run', d.run_type->'last_run'), r.tags
		FROM jsonb_populate_record(d, $2::jsonb) r),
	failures = CASE WHEN ($2::jsonb->'run_type'->>'enabled')::boolean AND d.disabled_reason IS NOT NULL THEN 0 ELSE d.failures END,
	disabled_reason = CASE WHEN ($2::jsonb->'run_type'->>'enabled')::boolean THEN NULL ELSE d.disabled_reason END
FROM (SELECT n.id FROM network n JOIN discovery o ON o.network_id = n.id WHERE o.id = $1::uuid FOR NO KEY UPDATE OF n) place
WHERE d.network_id = place.id AND d.id = $1::uuid AND ($3::integer IS NULL OR d.revision = $3::integer)
RETURNING live_json('discovery', 'discovery', to_jsonb(d)) || jsonb_build_object('network_id', d.network_id,
	'created_at', seconds(d.created_at), 'updated_at', seconds(d.updated_at)), d.revision;

-- name: delete_discovery
WITH places AS MATERIALIZED (
	SELECT n.id FROM network n WHERE n.id IN (SELECT network_id FROM discovery WHERE id = ANY ($1::uuid[])) ORDER BY n.id
	FOR NO KEY UPDATE
)
DELETE FROM discovery d USING places p
WHERE d.network_id = p.id AND d.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR d.revision = $2::integer) RETURNING d.id;

-- name: list_session
-- orders: recent -extract(epoch FROM s.created_at) | created_at s.created_at | finished_at s.finished_at | name lower(s.name) | phase s.phase
-- filter: ($1::jsonb->>'network_id' IS NULL OR s.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR s.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'sensor_id' IS NULL OR s.sensor_id = ($1::jsonb->>'sensor_id')::uuid)
-- filter: ($1::jsonb->>'discovery_id' IS NULL OR s.discovery_id = ($1::jsonb->>'discovery_id')::uuid)
-- filter: ($1::jsonb->>'phase' IS NULL OR s.phase = $1::jsonb->>'phase')
-- filter: ($1::jsonb->>'search' IS NULL OR s.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT s.network_id, s.id, s.discovery_id, s.sensor_id, s.name, s.discovery_type, s.cause, s.started_by, s.phase, s.progress,
		s.detail, s.error, s.results, seconds(s.created_at) AS created_at, seconds(s.started_at) AS started_at,
		seconds(s.finished_at) AS finished_at, seconds(s.updated_at) AS updated_at
	FROM session s WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM session s WHERE :filter);

-- name: get_session
SELECT live_json('session', 'session', to_jsonb(s)) || jsonb_build_object('network_id', s.network_id), NULL
FROM session s WHERE s.id = $1::uuid;

-- name: list_active_session
SELECT coalesce(jsonb_agg(live_json('session', 'session', to_jsonb(s)) || jsonb_build_object('network_id', s.network_id)
	ORDER BY s.created_at, s.id), '[]')
FROM session s WHERE s.finished_at IS NULL;

-- A run that a person asks for: no row when there is no such discovery, null when one of its sessions is not over.
-- name: session_begin
SELECT session_start(network_id, id, 'person') FROM discovery WHERE id = $1::uuid;

-- name: session_latest
SELECT live_json('session', 'session', to_jsonb(s)) || jsonb_build_object('network_id', s.network_id)
FROM session s WHERE s.discovery_id = $1::uuid ORDER BY s.created_at DESC, s.id LIMIT 1;

-- name: session_end_asked
SELECT session_cancel(network_id, id) FROM session WHERE id = $1::uuid;

-- SPDX-License-Identifier: BSD-2-Clause
-- Definitions of people's own, and what the definitions say.

-- name: definition_list
SELECT d.organization_id, coalesce(v.version, 0), d.id, d.definition::text, d.revision, seconds(d.created_at), seconds(d.updated_at)
FROM service_definition d LEFT JOIN service_definition_state v ON v.organization_id = d.organization_id ORDER BY d.id;

-- $1 id, $2 definition. One of their organization.
-- name: definition_add
INSERT INTO service_definition (organization_id, id, definition)
VALUES (nullif(current_setting('netvisor.organization', true), '')::uuid, $1, $2::json)
RETURNING id, definition::text, revision, seconds(created_at), seconds(updated_at);

-- $3: the revision that it must have, or null.
-- name: definition_change
UPDATE service_definition SET definition = $2::json, revision = revision + 1, updated_at = now()
WHERE id = $1 AND ($3::integer IS NULL OR revision = $3::integer)
RETURNING id, definition::text, revision, seconds(created_at), seconds(updated_at);

-- name: definition_remove
DELETE FROM service_definition WHERE id = $1 AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: definition_exists
SELECT revision FROM service_definition WHERE id = $1;

-- $1: a network, or null for all that one sees.
-- name: definition_progress
SELECT json_build_object('due', (SELECT count(DISTINCT d.host_id) FROM recognize_due d WHERE d.not_before <= now() AND d.network_id = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[])
		AND ($1::uuid IS NULL OR d.network_id = $1::uuid)),
	'hosts', (SELECT count(*) FROM host h WHERE $1::uuid IS NULL OR h.network_id = $1::uuid));

-- $1: a host.
-- name: host_conclusions
SELECT CASE WHEN c.host_id IS NULL THEN '{"concluded_at":null,"services":[],"device":{}}'
	ELSE '{"concluded_at":' || to_json(seconds(c.concluded_at)) || ',' || substr(c.reasons::text, 2) END
FROM host h LEFT JOIN conclusion c ON c.network_id = h.network_id AND c.host_id = h.id WHERE h.id = $1::uuid;

-- Hosts of a network for a trial of a definition: those that were seen last, at most $2, and how many there are.
-- name: definition_hosts
SELECT h.id, count(*) OVER () FROM host h WHERE h.network_id = $1::uuid ORDER BY h.last_seen DESC, h.id LIMIT $2::integer;

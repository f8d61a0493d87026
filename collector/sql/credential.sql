-- SPDX-License-Identifier: BSD-2-Clause
-- SNMP credentials of a network (collector/resource.h says what each statement takes and gives). Secrets come sealed, and no
-- statement here gives them.

-- name: list_snmp_credential
-- orders: name lower(c.name) | created_at c.created_at | version c.version
-- filter: ($1::jsonb->>'network_id' IS NULL OR c.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR c.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'version' IS NULL OR c.version = $1::jsonb->>'version')
-- filter: ($1::jsonb->>'search' IS NULL OR c.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (
	SELECT snmp_credential_json(c) AS shown FROM snmp_credential c WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM snmp_credential c WHERE :filter);

-- name: get_snmp_credential
SELECT snmp_credential_json(c), c.revision FROM snmp_credential c WHERE c.id = $1::uuid;

-- name: create_snmp_credential
INSERT INTO snmp_credential AS c (network_id, id, name, version, port, targets, username, context, auth_protocol, privacy_protocol,
	community, auth_password, privacy_password)
SELECT r.network_id, $1::uuid, r.name, r.version, coalesce(r.port, 161), prefixes_of(coalesce($2::jsonb->'targets', '[]')), r.username,
	r.context, r.auth_protocol, r.privacy_protocol, r.community, r.auth_password, r.privacy_password
FROM jsonb_populate_record(NULL::snmp_credential, $2::jsonb - 'targets') r
WHERE EXISTS (SELECT FROM network n WHERE n.id = r.network_id)
RETURNING snmp_credential_json(c), c.revision;

-- name: update_snmp_credential
UPDATE snmp_credential c SET (name, version, port, targets, username, context, auth_protocol, privacy_protocol, community,
	auth_password, privacy_password) = (SELECT r.name, r.version, r.port,
		CASE WHEN $2::jsonb ? 'targets' THEN prefixes_of($2::jsonb->'targets') ELSE c.targets END, r.username, r.context,
		r.auth_protocol, r.privacy_protocol, r.community, r.auth_password, r.privacy_password
		FROM jsonb_populate_record(c, $2::jsonb - 'targets') r)
WHERE c.id = $1::uuid AND ($3::integer IS NULL OR c.revision = $3::integer)
RETURNING snmp_credential_json(c), c.revision;

-- name: delete_snmp_credential
DELETE FROM snmp_credential c WHERE c.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR c.revision = $2::integer) RETURNING c.id;

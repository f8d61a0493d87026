-- SPDX-License-Identifier: BSD-2-Clause
-- People of an organization, invitations, and the audit log (collector/resource.h says what each statement takes and gives).

-- name: list_user
-- orders: email lower(a.email) | name lower(a.name) | permissions role_height(a.permissions) | created_at a.created_at | last_used a.last_used
-- filter: ($1::jsonb->>'permissions' IS NULL OR a.permissions = $1::jsonb->>'permissions')
-- filter: ($1::jsonb->'ids' IS NULL OR a.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'search' IS NULL OR a.email ILIKE '%' || ($1::jsonb->>'search') || '%' OR a.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (
	SELECT account_json(a) AS shown FROM user_account a WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM user_account a WHERE :filter);

-- name: get_user
SELECT account_json(a), a.revision FROM user_account a WHERE a.id = $1::uuid;

-- What others may change of an account: its name, its role, its networks.
-- name: update_user
SELECT a, a->>'revision' FROM account_change($1::uuid, $2::jsonb, $3::integer) a;

-- name: delete_user
DELETE FROM user_account a WHERE a.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR a.revision = $2::integer) RETURNING a.id;

-- name: list_invite
-- orders: created_at i.created_at | expires_at i.expires_at | permissions role_height(i.permissions)
-- filter: i.expires_at > now()
-- filter: ($1::jsonb->'ids' IS NULL OR i.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'search' IS NULL OR i.send_to ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (
	SELECT invite_json(i) AS shown FROM invite i WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM invite i WHERE :filter);

-- name: get_invite
SELECT invite_json(i), i.revision FROM invite i WHERE i.id = $1::uuid AND i.expires_at > now();

-- name: create_invite
SELECT invite_make($1::uuid, $2::bytea, $3::jsonb), 1;

-- name: delete_invite
DELETE FROM invite i WHERE i.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR i.revision = $2::integer) RETURNING i.id;

-- By its token, for the one who holds it. Acts for the system.
-- name: invite_show
SELECT json_build_object('organization_name', o.name, 'permissions', i.permissions, 'send_to', i.send_to,
	'expires_at', seconds(i.expires_at))
FROM invite i JOIN organization o ON o.id = i.organization_id WHERE i.token_hash = $1::bytea AND i.expires_at > now();

-- name: invite_clean
DELETE FROM invite WHERE expires_at < now();

-- name: list_audit
-- orders: at a.at
-- filter: ($1::jsonb->>'action' IS NULL OR a.action = $1::jsonb->>'action')
-- filter: ($1::jsonb->>'entity' IS NULL OR a.entity = $1::jsonb->>'entity')
-- filter: ($1::jsonb->>'entity_id' IS NULL OR a.entity_id = ($1::jsonb->>'entity_id')::uuid)
-- filter: ($1::jsonb->>'actor' IS NULL OR a.actor = ($1::jsonb->>'actor')::uuid)
-- filter: ($1::jsonb->>'search' IS NULL OR a.actor_name ILIKE '%' || ($1::jsonb->>'search') || '%' OR a.address ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT a.id, seconds(a.at) AS at, a.actor, a.actor_name, a.address, a.action, a.entity, a.entity_id, a.before, a.after
	FROM audit a WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM audit a WHERE :filter);

-- What was done is kept longer than a year, so that one can look back at the same month. Some at a time.
-- name: audit_clean
DELETE FROM audit WHERE (organization_id, id) IN (
	SELECT organization_id, id FROM audit WHERE at < now() - interval '400 days' LIMIT 20000);

-- One's own account, whole: id. Acts for the system.
-- name: account_me
SELECT json_build_object('id', a.id, 'organization_id', a.organization_id, 'organization_name', o.name, 'email', a.email,
	'name', a.name, 'permissions', a.permissions, 'network_ids', account_networks_json(a), 'has_password', a.password_hash IS NOT NULL,
	'oidc', coalesce((SELECT json_agg(json_build_object('slug', i.provider, 'name', i.provider_name, 'email', i.email,
		'linked_at', seconds(i.linked_at)) ORDER BY i.provider) FROM user_identity i WHERE i.user_id = a.id), '[]'),
	'revision', a.revision)
FROM user_account a JOIN organization o ON o.id = a.organization_id WHERE a.id = $1::uuid;

-- name: account_password
SELECT password_hash, email FROM user_account WHERE id = $1::uuid;

-- Name, e-mail, password's hash; null leaves as it is. Acts for the system, on behalf of the account.
-- name: account_update
WITH was AS (
	SELECT id, organization_id, name, email FROM user_account WHERE id = $1::uuid FOR UPDATE
), changed AS (
	UPDATE user_account a SET name = coalesce($2, a.name), email = coalesce($3, a.email),
		password_hash = coalesce($4, a.password_hash), revision = a.revision + 1, updated_at = now()
	FROM was WHERE a.id = was.id RETURNING a.id, a.name, a.email
)
SELECT audit_append(w.organization_id, what, 'user', w.id, before, after)
FROM was w JOIN changed c ON c.id = w.id, LATERAL (VALUES
	('name_changed', $2 IS NOT NULL AND w.name <> c.name, jsonb_build_object('name', w.name), jsonb_build_object('name', c.name)),
	('email_changed', $3 IS NOT NULL AND w.email <> c.email, jsonb_build_object('email', w.email), jsonb_build_object('email', c.email)),
	('password_changed', $4 IS NOT NULL, NULL, NULL)) AS entry (what, happened, before, after)
WHERE happened;

-- name: list_organization
-- orders: name lower(o.name)
-- filter: ($1::jsonb->'ids' IS NULL OR o.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'search' IS NULL OR o.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT o.id, o.name, seconds(o.created_at) AS created_at, seconds(o.updated_at) AS updated_at, o.revision
	FROM organization o WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM organization o WHERE :filter);

-- name: get_organization
SELECT jsonb_build_object('id', o.id, 'name', o.name, 'created_at', seconds(o.created_at), 'updated_at', seconds(o.updated_at),
	'revision', o.revision), o.revision
FROM organization o WHERE o.id = $1::uuid;

-- name: update_organization
WITH was AS (
	SELECT id, name FROM organization WHERE id = $1::uuid AND ($3::integer IS NULL OR revision = $3::integer) FOR UPDATE
), changed AS (
	UPDATE organization o SET name = coalesce($2::jsonb->>'name', o.name) FROM was WHERE o.id = was.id RETURNING o.*
)
SELECT jsonb_build_object('id', c.id, 'name', c.name, 'created_at', seconds(c.created_at), 'updated_at', seconds(c.updated_at),
	'revision', c.revision), c.revision,
	audit_append(c.id, 'update', 'organization', c.id, jsonb_build_object('name', w.name), jsonb_build_object('name', c.name))
FROM changed c JOIN was w ON w.id = c.id;

-- Someone takes a whole list away with them.
-- name: audit_export
SELECT audit_append(nullif(current_setting('netvisor.organization', true), '')::uuid, 'export', $1, NULL, NULL, NULL);

-- SPDX-License-Identifier: BSD-2-Clause
-- Signing in by a provider (OpenID Connect). All of these act for the system.

-- state's hash, browser's hash, provider, nonce, verifier, the account that is to be linked or null, hashes of invitation and
-- setup token or null, where to go then.
-- name: oidc_flow_add
INSERT INTO oidc_flow (state_hash, browser_hash, provider, nonce, verifier, link_user, invite_hash, setup_hash, return_to)
VALUES ($1::bytea, $2::bytea, $3, $4, $5, $6::uuid, $7::bytea, $8::bytea, $9);

-- Once, and by the browser that began it.
-- name: oidc_flow_take
DELETE FROM oidc_flow WHERE state_hash = $1::bytea
RETURNING browser_hash = $2::bytea AND created_at > now() - interval '10 minutes', provider, nonce, verifier, link_user,
	invite_hash, setup_hash, return_to;

-- name: oidc_flow_clean
DELETE FROM oidc_flow WHERE created_at < now() - interval '10 minutes';

-- name: identity_find
SELECT user_id FROM user_identity WHERE issuer = $1 AND subject = $2;

-- issuer, subject, account, provider's slug and name, e-mail. What belongs to another account stays there.
-- name: identity_add
INSERT INTO user_identity AS i (issuer, subject, organization_id, user_id, provider, provider_name, email)
SELECT $1, $2, a.organization_id, a.id, $4, $5, nullif($6, '') FROM user_account a WHERE a.id = $3::uuid
ON CONFLICT (issuer, subject) DO UPDATE SET provider = excluded.provider, provider_name = excluded.provider_name,
	email = excluded.email
WHERE i.user_id = excluded.user_id
RETURNING i.user_id;

-- The same, as something that is done once.
-- name: identity_link
WITH linked AS (
	INSERT INTO user_identity AS i (issuer, subject, organization_id, user_id, provider, provider_name, email)
	SELECT $1, $2, a.organization_id, a.id, $4, $5, nullif($6, '') FROM user_account a WHERE a.id = $3::uuid
	ON CONFLICT (issuer, subject) DO UPDATE SET provider = excluded.provider, provider_name = excluded.provider_name,
		email = excluded.email
	WHERE i.user_id = excluded.user_id
	RETURNING i.user_id, i.organization_id
)
SELECT user_id, audit_append(organization_id, 'oidc_link', 'user', user_id, NULL, jsonb_build_object('provider', $4::text))
FROM linked;

-- account, provider's slug, whether passwords let in. A row: it is gone. None: there is no such link, or nothing else lets in.
-- name: identity_remove
WITH gone AS (
	DELETE FROM user_identity i USING user_account a
	WHERE a.id = i.user_id AND i.user_id = $1::uuid AND i.provider = $2
	AND ((a.password_hash IS NOT NULL AND $3::boolean)
		OR EXISTS (SELECT FROM user_identity o WHERE o.user_id = i.user_id AND o.issuer <> i.issuer))
	RETURNING i.user_id, i.organization_id
)
SELECT user_id, audit_append(organization_id, 'oidc_unlink', 'user', user_id, jsonb_build_object('provider', $2::text), NULL)
FROM gone;

-- name: identity_exists
SELECT true FROM user_identity WHERE user_id = $1::uuid AND provider = $2;

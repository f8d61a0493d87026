-- SPDX-License-Identifier: BSD-2-Clause
-- People: other ways to sign in, invitations, keys that follow one another, and what can never happen to an account.

-- Without a hash the account signs in by a provider only.
ALTER TABLE user_account ALTER COLUMN password_hash DROP NOT NULL, ADD COLUMN last_used timestamptz,
	ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE user_session ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN address text,
	ADD COLUMN user_agent text;
CREATE UNIQUE INDEX user_session_id ON user_session (id);

-- Who someone is at an OpenID Connect provider: issuer (without a slash at its end) and subject never change, names may.
CREATE TABLE user_identity (
	issuer text NOT NULL,
	subject text NOT NULL,
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
	provider text NOT NULL,
	provider_name text NOT NULL,
	email text,
	linked_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (issuer, subject),
	UNIQUE (user_id, issuer)
);

-- A sign-in that is at its provider just now. Each is taken once, by the browser that began it.
CREATE TABLE oidc_flow (
	state_hash bytea PRIMARY KEY,
	browser_hash bytea NOT NULL,
	provider text NOT NULL,
	nonce text NOT NULL,
	verifier text NOT NULL,
	link_user uuid REFERENCES user_account ON DELETE CASCADE,
	invite_hash bytea,
	setup_hash bytea,
	return_to text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX oidc_flow_created ON oidc_flow (created_at);

-- network_ids: for a member or viewer. It goes when it is used, when its time is over, and with who made it.
CREATE TABLE invite (
	id uuid PRIMARY KEY,
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	token_hash bytea NOT NULL UNIQUE,
	permissions text NOT NULL CHECK (permissions IN ('owner', 'admin', 'member', 'viewer')),
	network_ids uuid[] NOT NULL DEFAULT '{}',
	send_to text,
	created_by uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
	expires_at timestamptz NOT NULL,
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invite_organization ON invite (organization_id);

-- A sensor may have more than one key, so that the next one is good before the last one ends.
CREATE TABLE sensor_key (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	sensor_id uuid NOT NULL,
	name text NOT NULL,
	key_hash bytea NOT NULL UNIQUE,
	prefix text NOT NULL,
	is_enabled boolean NOT NULL DEFAULT true,
	expires_at timestamptz,
	last_used timestamptz,
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	FOREIGN KEY (network_id, sensor_id) REFERENCES sensor ON DELETE CASCADE
);
CREATE INDEX sensor_key_sensor ON sensor_key (network_id, sensor_id);
INSERT INTO sensor_key (network_id, sensor_id, name, key_hash, prefix, is_enabled, expires_at, created_at)
SELECT network_id, id, name, key_hash, 'nvs_', is_enabled, expires_at, created_at FROM sensor;
ALTER TABLE sensor DROP COLUMN key_hash, DROP COLUMN is_enabled, DROP COLUMN expires_at;

SELECT protect(name, 'organization') FROM unnest(ARRAY['user_identity', 'invite']) name;
SELECT protect('sensor_key', 'managed');
SELECT protect('oidc_flow', 'system');
-- Only signing in links an account with a provider.
DROP POLICY adds ON user_identity;
DROP POLICY changes ON user_identity;
DROP POLICY removes ON user_identity;
CREATE POLICY adds ON user_identity FOR INSERT WITH CHECK (current_setting('netvisor.role', true) = 'system');
CREATE POLICY changes ON user_identity FOR UPDATE USING (current_setting('netvisor.role', true) = 'system');
CREATE POLICY removes ON user_identity FOR DELETE USING (current_setting('netvisor.role', true) = 'system');
-- What opens doors is not even listed to those who may not make it.
CREATE POLICY managers ON invite AS RESTRICTIVE FOR SELECT
	USING (current_setting('netvisor.role', true) IN ('admin', 'owner', 'system'));
CREATE POLICY managers ON sensor_key AS RESTRICTIVE FOR SELECT
	USING (current_setting('netvisor.role', true) IN ('admin', 'owner', 'system'));

-- Refuse with an HTTP status and a sentence: the API answers with both.
CREATE FUNCTION refuse(status integer, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'NV' || status, MESSAGE = refuse.message;
END $$;

-- Nobody grants, or takes away, more than they have. An owner may all; an administrator has members and viewers.
CREATE FUNCTION may_grant(permissions text) RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT CASE current_setting('netvisor.role', true) WHEN 'system' THEN true WHEN 'owner' THEN true
		WHEN 'admin' THEN permissions IN ('member', 'viewer') ELSE false END
$$;

CREATE FUNCTION grant_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF (TG_OP <> 'INSERT' AND NOT may_grant(OLD.permissions)) OR (TG_OP <> 'DELETE' AND NOT may_grant(NEW.permissions)) THEN
		PERFORM refuse(403, 'only an owner may do this to, or make, an owner or an administrator');
	END IF;
	RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER grant_guard BEFORE INSERT OR UPDATE OR DELETE ON user_account FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION grant_guard();
CREATE TRIGGER grant_guard BEFORE INSERT OR UPDATE OR DELETE ON invite FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION grant_guard();

CREATE FUNCTION key_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF role_height(NEW.permissions) > role_height(current_setting('netvisor.role', true)) THEN
		PERFORM refuse(403, 'a key can''t have more rights than you have');
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER key_guard BEFORE INSERT OR UPDATE OF permissions ON user_api_key FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION key_guard();

-- An organization that has people has an owner. Two owners who leave at once take turns at its row.
CREATE FUNCTION owner_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	PERFORM FROM organization WHERE id = OLD.organization_id FOR NO KEY UPDATE;
	IF FOUND AND NOT EXISTS (SELECT FROM user_account WHERE organization_id = OLD.organization_id AND permissions = 'owner') THEN
		PERFORM refuse(409, 'this is the last owner of the organization; make someone else an owner first');
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER owner_guard_delete AFTER DELETE ON user_account FOR EACH ROW WHEN (OLD.permissions = 'owner')
	EXECUTE FUNCTION owner_guard();
CREATE TRIGGER owner_guard_update AFTER UPDATE ON user_account FOR EACH ROW
	WHEN (OLD.permissions = 'owner' AND (NEW.permissions <> 'owner' OR NEW.organization_id <> OLD.organization_id))
	EXECUTE FUNCTION owner_guard();

-- Who may less than before signs in anew; what they had given out in their greater days is void.
CREATE FUNCTION account_end_sessions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	who uuid := CASE WHEN TG_TABLE_NAME = 'user_account' THEN (to_jsonb(OLD)->>'id')::uuid ELSE (to_jsonb(OLD)->>'user_id')::uuid END;
BEGIN
	IF TG_TABLE_NAME = 'user_account' THEN
		DELETE FROM invite WHERE created_by = who;
	ELSIF NOT EXISTS (SELECT FROM network WHERE id = (to_jsonb(OLD)->>'network_id')::uuid) THEN
		RETURN NULL; -- it went with its network, and there is nothing more to be seen
	END IF;
	DELETE FROM user_session WHERE user_id = who;
	PERFORM pg_notify('netvisor_credential', 'session');
	RETURN NULL;
END $$;
CREATE TRIGGER end_sessions AFTER UPDATE OF permissions ON user_account FOR EACH ROW
	WHEN (role_height(NEW.permissions) < role_height(OLD.permissions)) EXECUTE FUNCTION account_end_sessions();
CREATE TRIGGER end_sessions AFTER DELETE ON user_network_access FOR EACH ROW EXECUTE FUNCTION account_end_sessions();

-- All collectors read again who may come in, whoever changed it.
CREATE FUNCTION credential_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('netvisor_credential', TG_ARGV[0]);
	RETURN NULL;
END $$;
CREATE TRIGGER credential_tell AFTER DELETE OR UPDATE OF email, name, permissions, organization_id ON user_account
	EXECUTE FUNCTION credential_tell('session');
CREATE TRIGGER credential_tell AFTER INSERT OR DELETE OR UPDATE OF key_hash, permissions, network_ids, is_enabled, expires_at
	ON user_api_key EXECUTE FUNCTION credential_tell('key');
CREATE TRIGGER credential_tell AFTER INSERT OR DELETE OR UPDATE OF key_hash, is_enabled, expires_at ON sensor_key
	EXECUTE FUNCTION credential_tell('sensor');

-- Where a person is, for the audit log: the transaction says so (netvisor.address).
CREATE OR REPLACE FUNCTION audit_append(of_organization uuid, of_action text, of_entity text, of_id uuid, was jsonb, is_now jsonb,
	from_address text DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
	INSERT INTO audit (organization_id, actor, actor_name, address, action, entity, entity_id, before, after)
	SELECT of_organization, a.id, a.email, coalesce(from_address, nullif(current_setting('netvisor.address', true), '')),
		of_action, of_entity, of_id, was, is_now
	FROM (SELECT nullif(current_setting('netvisor.user', true), '')::uuid AS id) who
	LEFT JOIN user_account a ON a.id = who.id
$$;

-- A sensor's keys belong to its network, and who changes them to the organization's audit log.
CREATE FUNCTION sensor_key_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	secrets text[] := ARRAY['key_hash', 'revision', 'updated_at', 'last_used'];
	was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - secrets END;
	is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - secrets END;
	row_of jsonb := coalesce(is_now, was);
BEGIN
	PERFORM audit_append(n.organization_id, lower(TG_OP), 'sensor_key', (row_of->>'id')::uuid,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(was, is_now) ELSE was END,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(is_now, was) ELSE is_now END)
	FROM network n WHERE n.id = (row_of->>'network_id')::uuid AND was IS DISTINCT FROM is_now;
	RETURN NULL;
END $$;
CREATE TRIGGER edit_touch BEFORE UPDATE ON sensor_key FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on' AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION edit_touch();
CREATE TRIGGER edit_log AFTER INSERT OR UPDATE OR DELETE ON sensor_key FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION sensor_key_audit();
SELECT log_edits('user_account', 'user');
SELECT log_edits('invite', 'invite');
CREATE TRIGGER edit_touch BEFORE UPDATE ON organization FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on' AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION edit_touch();

-- The networks of a request's field, all of which the one who asks sees.
CREATE FUNCTION networks_of(fields jsonb) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
	wanted uuid[] := coalesce((SELECT array_agg(DISTINCT value::uuid)
		FROM jsonb_array_elements_text(CASE jsonb_typeof(fields->'network_ids') WHEN 'array' THEN fields->'network_ids' ELSE '[]' END)), '{}');
BEGIN
	IF (SELECT count(*) FROM network WHERE id = ANY (wanted)) < cardinality(wanted) THEN
		PERFORM refuse(400, '"network_ids" names a network that is not there for you');
	END IF;
	RETURN wanted;
END $$;

CREATE FUNCTION expiry_of(fields jsonb) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
	IF (fields->>'expires_at')::timestamptz <= now() THEN
		PERFORM refuse(400, '"expires_at" must be in the future');
	END IF;
	RETURN (fields->>'expires_at')::timestamptz;
END $$;

CREATE FUNCTION user_key_json(k user_api_key) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', k.id, 'name', k.name, 'prefix', k.prefix, 'permissions', k.permissions,
		'network_ids', to_jsonb(k.network_ids), 'is_enabled', k.is_enabled, 'expires_at', seconds(k.expires_at),
		'last_used', seconds(k.last_used), 'created_at', seconds(k.created_at), 'revision', k.revision)
$$;

CREATE FUNCTION sensor_key_json(k sensor_key) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', k.id, 'network_id', k.network_id, 'sensor_id', k.sensor_id,
		'sensor_name', (SELECT name FROM sensor WHERE network_id = k.network_id AND id = k.sensor_id), 'name', k.name,
		'prefix', k.prefix, 'is_enabled', k.is_enabled, 'expires_at', seconds(k.expires_at),
		'last_used', seconds(k.last_used), 'created_at', seconds(k.created_at), 'revision', k.revision)
$$;

-- A key for a sensor, which is made too unless it is named.
CREATE FUNCTION sensor_key_make(of_id uuid, of_hash bytea, of_prefix text, fields jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	place uuid;
	of_sensor uuid := (fields->>'sensor_id')::uuid;
	made sensor_key;
BEGIN
	IF of_sensor IS NOT NULL THEN
		SELECT network_id INTO place FROM sensor
		WHERE id = of_sensor AND network_id = coalesce((fields->>'network_id')::uuid, network_id);
	ELSE
		SELECT id INTO place FROM network WHERE id = coalesce((fields->>'network_id')::uuid, id) ORDER BY created_at, id LIMIT 1;
	END IF;
	IF place IS NULL THEN
		PERFORM refuse(404, CASE WHEN of_sensor IS NULL THEN 'there is no such network' ELSE 'there is no such sensor' END);
	END IF;
	IF of_sensor IS NULL THEN
		of_sensor := gen_random_uuid();
		INSERT INTO sensor (network_id, id, name) VALUES (place, of_sensor, fields->>'name');
	END IF;
	INSERT INTO sensor_key (network_id, id, sensor_id, name, key_hash, prefix, expires_at)
	VALUES (place, of_id, of_sensor, fields->>'name', of_hash, of_prefix, expiry_of(fields)) RETURNING * INTO made;
	RETURN sensor_key_json(made);
END $$;

CREATE FUNCTION account_networks_json(a user_account) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.permissions IN ('member', 'viewer') THEN coalesce((SELECT jsonb_agg(network_id ORDER BY network_id)
		FROM user_network_access WHERE user_id = a.id), '[]') END
$$;

CREATE FUNCTION account_json(a user_account) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', a.id, 'organization_id', a.organization_id, 'email', a.email, 'name', a.name,
		'permissions', a.permissions, 'network_ids', account_networks_json(a), 'has_password', a.password_hash IS NOT NULL,
		'oidc_providers', coalesce((SELECT jsonb_agg(provider ORDER BY provider) FROM user_identity WHERE user_id = a.id), '[]'),
		'created_at', seconds(a.created_at), 'updated_at', seconds(a.updated_at), 'last_used', seconds(a.last_used),
		'revision', a.revision)
$$;

CREATE FUNCTION invite_json(i invite) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', i.id, 'organization_id', i.organization_id, 'permissions', i.permissions,
		'network_ids', CASE WHEN i.permissions IN ('member', 'viewer') THEN to_jsonb(i.network_ids) END, 'send_to', i.send_to,
		'created_by', i.created_by, 'created_by_name', (SELECT name FROM user_account WHERE id = i.created_by),
		'created_at', seconds(i.created_at), 'expires_at', seconds(i.expires_at), 'revision', i.revision)
$$;

-- A network that someone starts with. It is to be seen by the transaction that makes it.
CREATE FUNCTION network_make(of_organization uuid, of_name text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	made uuid := gen_random_uuid();
BEGIN
	INSERT INTO network (id, organization_id, name) VALUES (made, of_organization, of_name);
	PERFORM set_config('netvisor.networks', (nullif(current_setting('netvisor.networks', true), '')::uuid[] || made)::text, true);
	RETURN made;
END $$;

-- A new account. With an invitation in its organization; with the setup token as the first owner of the first one; without
-- either, when everyone may register, with an organization and a network of its own. Acts for the system.
CREATE FUNCTION account_make(of_user uuid, of_email text, of_name text, of_hash text, of_organization text, of_invite bytea,
	of_setup bytea, everyone boolean) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
	invited invite;
	place uuid;
	role text := 'owner';
BEGIN
	IF of_setup IS NOT NULL THEN
		-- One of two owners that come at once finds nothing to take.
		DELETE FROM setup_token WHERE token_hash = of_setup;
		IF NOT FOUND OR EXISTS (SELECT FROM user_account) THEN
			PERFORM refuse(403, 'the setup token is wrong, or an account exists already; the collector prints the token when it starts');
		END IF;
		DELETE FROM setup_token;
		SELECT id INTO place FROM organization ORDER BY created_at, id LIMIT 1;
		UPDATE organization SET name = coalesce(nullif(of_organization, ''), name) WHERE id = place;
	ELSIF of_invite IS NOT NULL THEN
		DELETE FROM invite WHERE token_hash = of_invite AND expires_at > now() RETURNING * INTO invited;
		IF NOT FOUND THEN
			PERFORM refuse(403, 'this invitation is no longer good: it was used or revoked, or its time is over; ask for another one');
		ELSIF lower(invited.send_to) <> lower(of_email) THEN
			PERFORM refuse(400, '"email" must be the address that was invited');
		END IF;
		place := invited.organization_id;
		role := invited.permissions;
	ELSIF NOT EXISTS (SELECT FROM user_account) THEN
		PERFORM refuse(403, 'the first account needs the setup token, which the collector prints when it starts');
	ELSIF NOT everyone THEN
		PERFORM refuse(403, 'registration is by invitation only here; ask an owner or administrator for one');
	ELSE
		place := gen_random_uuid();
	END IF;
	IF EXISTS (SELECT FROM user_account WHERE lower(email) = lower(of_email)) THEN
		PERFORM refuse(409, 'this e-mail address has an account already; sign in');
	END IF;
	IF NOT EXISTS (SELECT FROM organization WHERE id = place) THEN
		INSERT INTO organization (id, name) VALUES (place, coalesce(nullif(of_organization, ''), of_name));
		PERFORM network_make(place, 'My network');
	END IF;
	INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash)
	VALUES (of_user, place, of_email, of_name, role, of_hash);
	IF role IN ('member', 'viewer') THEN
		INSERT INTO user_network_access (network_id, user_id)
		SELECT id, of_user FROM network WHERE organization_id = place AND id = ANY (invited.network_ids);
	END IF;
	PERFORM set_config('netvisor.user', of_user::text, true);
	PERFORM audit_append(place, 'register', 'user', of_user, NULL,
		jsonb_strip_nulls(jsonb_build_object('email', of_email, 'permissions', role, 'invite', invited.id)));
	RETURN of_user;
END $$;

-- What an owner or administrator changes of another account.
CREATE FUNCTION account_change(of_user uuid, fields jsonb, wanted integer) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	account user_account;
	networks uuid[];
BEGIN
	SELECT * INTO account FROM user_account WHERE id = of_user FOR UPDATE;
	IF NOT FOUND THEN
		PERFORM refuse(404, 'there is no such user');
	ELSIF wanted <> account.revision THEN
		PERFORM refuse(412, 'somebody else has changed it since you read it: read it again');
	ELSIF NOT may_grant(account.permissions) THEN
		PERFORM refuse(403, 'only an owner may do this to an owner or an administrator');
	END IF;
	IF fields ? 'network_ids' THEN
		networks := networks_of(fields);
		PERFORM audit_append(account.organization_id, 'network_access', 'user', of_user,
			jsonb_build_object('network_ids', account_networks_json(account)), jsonb_build_object('network_ids', networks));
		INSERT INTO user_network_access (network_id, user_id) SELECT n, of_user FROM unnest(networks) n ON CONFLICT DO NOTHING;
		DELETE FROM user_network_access WHERE user_id = of_user AND network_id <> ALL (networks);
	END IF;
	UPDATE user_account SET permissions = coalesce(fields->>'permissions', permissions), name = coalesce(fields->>'name', name),
		updated_at = now()
	WHERE id = of_user RETURNING * INTO account;
	RETURN account_json(account);
END $$;

CREATE FUNCTION invite_make(of_id uuid, of_hash bytea, fields jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	made invite;
	until timestamptz := coalesce((fields->>'expires_at')::timestamptz, now() + interval '7 days');
BEGIN
	IF until <= now() OR until > now() + interval '30 days' + interval '1 minute' THEN
		PERFORM refuse(400, '"expires_at" must be within the next 30 days');
	ELSIF fields->>'send_to' NOT LIKE '_%@_%' THEN
		PERFORM refuse(400, '"send_to" must be an e-mail address');
	END IF;
	INSERT INTO invite (id, organization_id, token_hash, permissions, network_ids, send_to, created_by, expires_at)
	VALUES (of_id, nullif(current_setting('netvisor.organization', true), '')::uuid, of_hash, fields->>'permissions',
		networks_of(fields), fields->>'send_to', nullif(current_setting('netvisor.user', true), '')::uuid, until)
	RETURNING * INTO made;
	RETURN invite_json(made);
END $$;
SELECT pin_functions();

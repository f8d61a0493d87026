-- SPDX-License-Identifier: BSD-2-Clause
-- Roles, and what each may do. A transaction says who it is for by act_as() or act_as_key(); these work out, once, the
-- settings that every policy reads:
--
--   netvisor.user          the account, or ''
--   netvisor.role          owner, admin, member, viewer; sensor (a network was named, no account); system; or '' for nobody
--   netvisor.organization  whose
--   netvisor.networks      the networks that it may see
--   netvisor.limited       'on' for a key that is for some networks only: it makes no others, and changes nothing of the organization
--   netvisor.edits         'on' when a person, or a person's key, acts: then each row that changes is logged by a trigger
--
-- protect(table, class) puts a table behind them. No table is without it.

-- Members and viewers see the networks that they were given; owners and admins all of their organization.
CREATE TABLE user_network_access (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
	PRIMARY KEY (network_id, user_id)
);
CREATE INDEX user_network_access_user ON user_network_access (user_id);

-- A person's key for programs. permissions: at most the person's own. network_ids: NULL for all that the person sees.
CREATE TABLE user_api_key (
	id uuid PRIMARY KEY,
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
	name text NOT NULL,
	key_hash bytea NOT NULL UNIQUE,
	prefix text NOT NULL,
	permissions text NOT NULL CHECK (permissions IN ('owner', 'admin', 'member', 'viewer')),
	network_ids uuid[],
	is_enabled boolean NOT NULL DEFAULT true,
	expires_at timestamptz,
	last_used timestamptz,
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX user_api_key_user ON user_api_key (user_id);

-- Who did what to accounts, keys and whatever else belongs to an organization rather than to a network.
CREATE TABLE audit (
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	actor uuid,
	actor_name text,
	address text,
	action text NOT NULL,
	entity text,
	entity_id uuid,
	before jsonb,
	after jsonb,
	PRIMARY KEY (organization_id, id)
);
CREATE INDEX audit_at ON audit (organization_id, at DESC, id);

-- A role's height: a higher one may do all that a lower one may.
CREATE FUNCTION role_height(role text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE role WHEN 'viewer' THEN 1 WHEN 'member' THEN 2 WHEN 'admin' THEN 3 WHEN 'owner' THEN 4 ELSE 0 END
$$;

-- What policies read. networks: a text that is an array of uuid.
CREATE FUNCTION act_set(of_user text, of_network text, of_system text, role text, organization uuid, networks uuid[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('netvisor.user', of_user, true), set_config('netvisor.network', of_network, true),
		set_config('netvisor.system', of_system, true), set_config('netvisor.role', role, true),
		set_config('netvisor.organization', coalesce(organization::text, ''), true),
		set_config('netvisor.networks', coalesce(networks, '{}')::text, true),
		set_config('netvisor.edits', CASE WHEN role_height(role) > 0 THEN 'on' ELSE '' END, true),
		set_config('netvisor.limited', '', true);
	-- What a person asks has filters that may be missing: a plan of its own leaves those out.
	IF role_height(role) > 0 THEN
		PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
	END IF;
END $$;

-- The networks of an account, of which a key may leave some out.
CREATE FUNCTION account_networks(of_user uuid, of_organization uuid, role text, network uuid, among uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT coalesce(array_agg(n.id), '{}') FROM network n
	WHERE n.organization_id = of_organization AND (network IS NULL OR n.id = network) AND (among IS NULL OR n.id = ANY (among))
	AND (role IN ('owner', 'admin')
		OR EXISTS (SELECT FROM user_network_access a WHERE a.network_id = n.id AND a.user_id = of_user))
$$;

CREATE OR REPLACE FUNCTION act_as(of_user text, of_network text, of_system text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	one uuid := nullif(of_network, '')::uuid;
	account user_account;
	place network;
BEGIN
	IF of_system = 'on' THEN
		PERFORM act_set(of_user, of_network, of_system, 'system', NULL, (SELECT array_agg(id) FROM network));
	ELSIF of_user <> '' THEN
		SELECT * INTO account FROM user_account WHERE id = of_user::uuid;
		PERFORM act_set(of_user, of_network, '', coalesce(account.permissions, ''), account.organization_id,
			account_networks(account.id, account.organization_id, account.permissions, one, NULL));
	ELSE
		SELECT * INTO place FROM network WHERE id = one;
		PERFORM act_set('', of_network, '', CASE WHEN place.id IS NULL THEN '' ELSE 'sensor' END, place.organization_id,
			CASE WHEN place.id IS NULL THEN '{}'::uuid[] ELSE ARRAY[place.id] END);
	END IF;
END $$;

-- For a person's key: never more than the person may now, nor than the key says.
CREATE FUNCTION act_as_key(of_key text, of_network text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	key user_api_key;
	account user_account;
BEGIN
	SELECT * INTO key FROM user_api_key
	WHERE id = of_key::uuid AND is_enabled AND (expires_at IS NULL OR expires_at > now());
	SELECT * INTO account FROM user_account WHERE id = key.user_id;
	PERFORM act_set(coalesce(account.id::text, ''), of_network, '',
		CASE WHEN account.id IS NULL THEN ''
			WHEN role_height(key.permissions) < role_height(account.permissions) THEN key.permissions
			ELSE account.permissions END,
		account.organization_id,
		account_networks(account.id, account.organization_id, account.permissions, nullif(of_network, '')::uuid,
			key.network_ids));
	IF key.network_ids IS NOT NULL THEN
		PERFORM set_config('netvisor.limited', 'on', true);
	END IF;
END $$;

-- Put a table behind the policies of a class, and let the collector's role use it.
--   observed      what sensors say: they and members write it
--   made          what people make: members write it
--   managed       what admins hold: keys, who may see a network
--   log           is only ever added to
--   organization  has organization_id: its people read it, its admins write it
--   system        for the collector's own work alone
CREATE FUNCTION protect(target text, class text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	-- As sub-selects, so that they are worked out once for a scan and not for each of its rows.
	networks text := 'network_id = ANY ((SELECT nullif(current_setting(''netvisor.networks'', true), '''')::uuid[])::uuid[])';
	organization text := 'organization_id = (SELECT nullif(current_setting(''netvisor.organization'', true), '''')::uuid)';
	is_system text := 'current_setting(''netvisor.role'', true) = ''system''';
	sees text := CASE class WHEN 'organization' THEN format('(%s OR %s)', is_system, organization)
		WHEN 'system' THEN is_system ELSE networks END;
	roles text := CASE class WHEN 'observed' THEN 'sensor,member,admin,owner,system' WHEN 'made' THEN 'member,admin,owner,system'
		WHEN 'log' THEN 'sensor,member,admin,owner,system' WHEN 'system' THEN 'system' ELSE 'admin,owner,system' END;
	whole text := CASE class WHEN 'organization' THEN ' AND coalesce(current_setting(''netvisor.limited'', true), '''') = ''''' ELSE '' END;
	-- Of a row that is written, worked out once a statement.
	may_write text := format('%s AND (SELECT current_setting(''netvisor.role'', true)) = ANY (%L::text[])', CASE WHEN class = 'organization'
		OR class = 'system' THEN sees ELSE 'network_id = ANY ((SELECT nullif(current_setting(''netvisor.networks'', true), '''')::uuid[])::uuid[])' END,
		'{' || roles || '}') || whole;
	may text := format('%s AND current_setting(''netvisor.role'', true) = ANY (%L::text[])', sees, '{' || roles || '}') || whole;
	cuts text := CASE class WHEN 'log' THEN format('%s AND %s', sees, is_system) ELSE may END;
	old record;
BEGIN
	FOR old IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = target LOOP
		EXECUTE format('DROP POLICY %I ON %I', old.policyname, target);
	END LOOP;
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
	EXECUTE format('CREATE POLICY reads ON %I FOR SELECT USING (%s)', target, sees);
	EXECUTE format('CREATE POLICY adds ON %I FOR INSERT WITH CHECK (%s)', target, may_write);
	EXECUTE format('CREATE POLICY changes ON %I FOR UPDATE USING (%s) WITH CHECK (%s)', target, cuts, cuts);
	EXECUTE format('CREATE POLICY removes ON %I FOR DELETE USING (%s)', target, cuts);
	EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO netvisor_app', target);
END $$;

-- An entry of the audit log by who acts. Runs as the tables' owner: nobody writes it otherwise.
CREATE FUNCTION audit_append(of_organization uuid, of_action text, of_entity text, of_id uuid, was jsonb, is_now jsonb,
	from_address text DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
	INSERT INTO audit (organization_id, actor, actor_name, address, action, entity, entity_id, before, after)
	SELECT of_organization, a.id, a.email, from_address, of_action, of_entity, of_id, was, is_now
	FROM (SELECT nullif(current_setting('netvisor.user', true), '')::uuid AS id) who
	LEFT JOIN user_account a ON a.id = who.id
$$;

-- A row that a person changes: raise its revision, by which two editors find out about each other.
CREATE FUNCTION edit_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.revision := OLD.revision + 1;
	NEW.updated_at := now();
	RETURN NEW;
END $$;

CREATE FUNCTION json_only_changed(of jsonb, than jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(of) WHERE value IS DISTINCT FROM than->key
$$;

-- A row of a table as the live view of its entity shows it: the columns that the view has too, times as seconds.
CREATE FUNCTION live_json(entity text, of_table regclass, full_row jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_object_agg(v.attname, CASE
		WHEN t.atttypid = 'timestamptz'::regtype THEN to_jsonb(extract(epoch FROM (full_row->>v.attname)::timestamptz)::float8)
		ELSE full_row->v.attname END)
	FROM pg_attribute v JOIN pg_attribute t ON t.attrelid = of_table AND t.attname = v.attname AND t.attnum > 0
	WHERE full_row IS NOT NULL AND v.attrelid = ('live_' || entity)::regclass AND v.attnum > 0 AND NOT v.attisdropped
$$;

-- What a person did to a row of a network goes to its change log, as the live feed shows it.
CREATE FUNCTION edit_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	entity text := TG_ARGV[0];
	was jsonb;
	is_now jsonb;
BEGIN
	IF TG_OP <> 'INSERT' THEN
		was := live_json(entity, TG_RELID, to_jsonb(OLD));
	END IF;
	IF TG_OP <> 'DELETE' THEN
		is_now := live_json(entity, TG_RELID, to_jsonb(NEW));
	END IF;
	IF TG_OP = 'DELETE' THEN
		-- With its network goes its log.
		PERFORM change_append(OLD.network_id, entity, OLD.id, was, NULL) FROM network WHERE id = OLD.network_id;
	ELSIF TG_OP = 'INSERT' THEN
		PERFORM change_append(NEW.network_id, entity, NEW.id, NULL, is_now);
	ELSIF was <> is_now THEN
		PERFORM change_append(NEW.network_id, entity, NEW.id, json_only_changed(was, is_now), json_only_changed(is_now, was));
	END IF;
	RETURN NULL;
END $$;

-- The same for what belongs to an organization, without what is secret.
CREATE FUNCTION edit_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	secrets text[] := ARRAY['password_hash', 'key_hash', 'token_hash', 'revision', 'updated_at', 'last_used'];
	was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - secrets END;
	is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - secrets END;
	row_of jsonb := coalesce(is_now, was);
BEGIN
	IF TG_OP = 'UPDATE' AND was = is_now THEN
		RETURN NULL;
	END IF;
	PERFORM audit_append((row_of->>'organization_id')::uuid, lower(TG_OP), TG_ARGV[0], (row_of->>'id')::uuid,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(was, is_now) ELSE was END,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(is_now, was) ELSE is_now END)
	FROM organization WHERE id = (row_of->>'organization_id')::uuid;
	RETURN NULL;
END $$;

-- Log what people do to this table. The table has revision and updated_at.
CREATE FUNCTION log_edits(target text, entity text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	by_person text := 'current_setting(''netvisor.edits'', true) = ''on''';
	writer text := CASE WHEN EXISTS (SELECT FROM information_schema.columns WHERE table_schema = current_schema()
		AND table_name = target AND column_name = 'network_id') THEN 'edit_log' ELSE 'edit_audit' END;
BEGIN
	EXECUTE format('CREATE TRIGGER edit_touch BEFORE UPDATE ON %I FOR EACH ROW
		WHEN (%s AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION edit_touch()', target, by_person);
	EXECUTE format('CREATE TRIGGER edit_log AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
		WHEN (%s) EXECUTE FUNCTION %I(%L)', target, by_person, writer, entity);
END $$;

-- Functions name tables without their schema: fix where they look. Migrations call this for what they add.
CREATE FUNCTION pin_functions() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	one record;
BEGIN
	FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
		WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f' AND p.proconfig IS NULL
		AND (p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'sql') OR p.prosecdef OR p.provolatile <> 'i')
	LOOP
		EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_catalog, pg_temp', one.name, current_schema());
	END LOOP;
END $$;
SELECT pin_functions();

SELECT protect(name, 'observed') FROM unnest(ARRAY['sensor', 'sensor_outbox', 'host', 'interface', 'service', 'flow', 'evidence']) name;
SELECT protect('change', 'log');
SELECT protect('user_network_access', 'managed');
SELECT protect('user_account', 'organization');
SELECT protect(name, 'system') FROM unnest(ARRAY['user_session', 'login_failure', 'setup_token']) name;
SELECT protect('user_api_key', 'organization');
SELECT protect('audit', 'organization');

-- One's own keys only, also among admins.
DROP POLICY reads ON user_api_key;
CREATE POLICY reads ON user_api_key FOR SELECT USING (current_setting('netvisor.role', true) = 'system'
	OR user_id = nullif(current_setting('netvisor.user', true), '')::uuid);
DROP POLICY changes ON user_api_key;
CREATE POLICY changes ON user_api_key FOR UPDATE USING (current_setting('netvisor.role', true) = 'system'
	OR user_id = nullif(current_setting('netvisor.user', true), '')::uuid);
DROP POLICY removes ON user_api_key;
CREATE POLICY removes ON user_api_key FOR DELETE USING (current_setting('netvisor.role', true) = 'system'
	OR user_id = nullif(current_setting('netvisor.user', true), '')::uuid);
DROP POLICY adds ON user_api_key;
CREATE POLICY adds ON user_api_key FOR INSERT WITH CHECK (current_setting('netvisor.role', true) = 'system'
	OR (user_id = nullif(current_setting('netvisor.user', true), '')::uuid
		AND organization_id = nullif(current_setting('netvisor.organization', true), '')::uuid
		AND role_height(permissions) <= role_height(current_setting('netvisor.role', true))));

-- The audit log is for those who answer for it, and is written by audit_append() alone.
DROP POLICY reads ON audit;
CREATE POLICY reads ON audit FOR SELECT USING (current_setting('netvisor.role', true) = 'system'
	OR (organization_id = nullif(current_setting('netvisor.organization', true), '')::uuid
		AND current_setting('netvisor.role', true) IN ('admin', 'owner')));
DROP POLICY adds ON audit;
DROP POLICY changes ON audit;
DROP POLICY removes ON audit;
CREATE POLICY removes ON audit FOR DELETE USING (current_setting('netvisor.role', true) = 'system');

DROP POLICY visible ON network;
ALTER TABLE network ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads ON network FOR SELECT USING (
	id = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[]) OR current_setting('netvisor.role', true) = 'system'
	-- One that is being made is not in the list yet.
	OR (current_setting('netvisor.role', true) IN ('admin', 'owner') AND current_setting('netvisor.network', true) = ''
		AND current_setting('netvisor.limited', true) = ''
		AND organization_id = nullif(current_setting('netvisor.organization', true), '')::uuid));
CREATE POLICY adds ON network FOR INSERT WITH CHECK (current_setting('netvisor.role', true) = 'system'
	OR (organization_id = nullif(current_setting('netvisor.organization', true), '')::uuid
		AND current_setting('netvisor.limited', true) = ''
		AND current_setting('netvisor.role', true) IN ('admin', 'owner')));
-- Whoever writes to a network locks its row and counts its log on; what else it holds is for admins (network_guard).
CREATE POLICY changes ON network FOR UPDATE USING (current_setting('netvisor.role', true) = 'system'
	OR (id = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[])
		AND current_setting('netvisor.role', true) IN ('sensor', 'member', 'admin', 'owner')));
CREATE POLICY removes ON network FOR DELETE USING (current_setting('netvisor.role', true) = 'system'
	OR (id = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[])
		AND current_setting('netvisor.role', true) IN ('admin', 'owner')));

CREATE FUNCTION network_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = 'only an owner or an administrator may change a network';
END $$;
CREATE TRIGGER network_guard BEFORE UPDATE OF organization_id, name ON network FOR EACH ROW
	WHEN (current_setting('netvisor.role', true) IN ('sensor', 'member', 'viewer')
		AND (OLD.name, OLD.organization_id) IS DISTINCT FROM (NEW.name, NEW.organization_id))
	EXECUTE FUNCTION network_guard();

DROP POLICY visible ON organization;
CREATE POLICY reads ON organization FOR SELECT USING (current_setting('netvisor.role', true) = 'system'
	OR id = nullif(current_setting('netvisor.organization', true), '')::uuid);
CREATE POLICY changes ON organization FOR UPDATE USING (current_setting('netvisor.role', true) = 'system'
	OR (id = nullif(current_setting('netvisor.organization', true), '')::uuid
		AND current_setting('netvisor.limited', true) = ''
		AND current_setting('netvisor.role', true) IN ('admin', 'owner')));
CREATE POLICY adds ON organization FOR INSERT WITH CHECK (current_setting('netvisor.role', true) = 'system');
CREATE POLICY removes ON organization FOR DELETE USING (current_setting('netvisor.role', true) = 'system');
SELECT pin_functions();

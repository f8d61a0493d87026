-- SPDX-License-Identifier: BSD-2-Clause
-- Organizations, accounts, sessions, networks and sensors; who sees what.
--
-- The collector serves as netvisor_app, which does not own these tables, so that row-level security binds it.
-- A transaction says who it is for with set_config(…, true): netvisor.user (an account), netvisor.network (one
-- network: a sensor's, or the one that a user looks at) or netvisor.system (sign-in and upkeep). Without any of
-- them every table is empty.

DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'netvisor_app') THEN
		CREATE ROLE netvisor_app NOLOGIN;
	END IF;
	IF NOT pg_has_role(current_user, 'netvisor_app', 'MEMBER') THEN
		EXECUTE format('GRANT netvisor_app TO %I', current_user);
	END IF;
END $$;

CREATE TABLE organization (
	id uuid PRIMARY KEY,
	name text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_account (
	id uuid PRIMARY KEY,
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	email text NOT NULL,
	name text NOT NULL,
	permissions text NOT NULL CHECK (permissions IN ('owner', 'admin', 'member', 'viewer')),
	password_hash text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX user_account_email ON user_account (lower(email));

-- token_hash: all that is kept of the cookie.
CREATE TABLE user_session (
	token_hash bytea PRIMARY KEY,
	user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now(),
	last_used timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX user_session_user ON user_session (user_id);

-- subject: `account:EMAIL` or `address:IP`.
CREATE TABLE login_failure (
	subject text PRIMARY KEY,
	failures integer NOT NULL,
	last_failure timestamptz NOT NULL,
	locked_until timestamptz
);

CREATE TABLE setup_token (
	token_hash bytea PRIMARY KEY,
	created_at timestamptz NOT NULL DEFAULT now()
);

-- change_seq: of the last entry in its change log. A batch locks this row, so a network's batches follow one another.
CREATE TABLE network (
	id uuid PRIMARY KEY,
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	name text NOT NULL,
	change_seq bigint NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT now()
);

-- counters: the latest status message. losses: totals of its loss facts.
CREATE TABLE sensor (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	name text NOT NULL,
	key_hash bytea NOT NULL UNIQUE,
	is_enabled boolean NOT NULL DEFAULT true,
	expires_at timestamptz,
	hostname text,
	software text,
	connected boolean NOT NULL DEFAULT false,
	last_seen timestamptz,
	capabilities jsonb NOT NULL DEFAULT '{}',
	interfaces jsonb NOT NULL DEFAULT '[]',
	counters jsonb NOT NULL DEFAULT '{}',
	losses jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id)
);

CREATE TABLE sensor_outbox (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	sensor_id uuid NOT NULL,
	outbox text NOT NULL,
	batch bigint NOT NULL,
	PRIMARY KEY (network_id, sensor_id, outbox),
	FOREIGN KEY (network_id, sensor_id) REFERENCES sensor ON DELETE CASCADE
);

-- The only source of live updates and of history. before and after hold the columns that changed.
CREATE TABLE change (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	seq bigint NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	entity text NOT NULL,
	id uuid NOT NULL,
	before jsonb,
	after jsonb,
	evidence uuid[],
	PRIMARY KEY (network_id, seq)
);
CREATE INDEX change_at ON change (at);
CREATE INDEX change_entity ON change (network_id, entity, id, seq);

CREATE FUNCTION acts_as_system() RETURNS boolean
LANGUAGE sql STABLE AS $$
	SELECT coalesce(current_setting('netvisor.system', true), '') = 'on'
$$;

CREATE FUNCTION acting_user() RETURNS uuid
LANGUAGE sql STABLE AS $$
	SELECT nullif(current_setting('netvisor.user', true), '')::uuid
$$;

CREATE FUNCTION acting_network() RETURNS uuid
LANGUAGE sql STABLE AS $$
	SELECT nullif(current_setting('netvisor.network', true), '')::uuid
$$;

-- Runs as the owner of the tables: the policies below call it, and so it must not be bound by them.
CREATE FUNCTION visible_networks() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT coalesce(array_agg(n.id), '{}')
	FROM network n
	WHERE CASE
		WHEN acts_as_system() THEN true
		WHEN acting_user() IS NOT NULL THEN
			n.organization_id = (SELECT organization_id FROM user_account WHERE id = acting_user())
			AND (acting_network() IS NULL OR n.id = acting_network())
		ELSE n.id = acting_network()
	END
$$;

CREATE FUNCTION visible_organization() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT organization_id FROM user_account WHERE id = acting_user()
$$;

-- One entry of the change log, and the word that there is one. Entries of a batch are written by a statement of their own.
CREATE FUNCTION change_append(of_network uuid, of_entity text, of_id uuid, was jsonb, is_now jsonb) RETURNS void
LANGUAGE sql AS $$
	WITH counted AS (
		UPDATE network SET change_seq = change_seq + 1 WHERE id = of_network RETURNING change_seq
	)
	INSERT INTO change (network_id, seq, at, entity, id, before, after)
	SELECT of_network, change_seq, clock_timestamp(), of_entity, of_id, was, is_now FROM counted;
	SELECT pg_notify('netvisor_change', of_network::text);
$$;

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['sensor', 'sensor_outbox', 'change'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY of_visible_networks ON %I
			USING (network_id = ANY ((SELECT visible_networks())::uuid[]))', name);
	END LOOP;
	FOREACH name IN ARRAY ARRAY['user_session', 'login_failure', 'setup_token'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY for_the_system ON %I USING ((SELECT acts_as_system()))', name);
	END LOOP;
	-- Function bodies name tables without their schema: fix where they are looked for.
	FOREACH name IN ARRAY ARRAY['acts_as_system', 'acting_user', 'acting_network', 'visible_networks',
		'visible_organization'] LOOP
		EXECUTE format('ALTER FUNCTION %I() SET search_path = %I, pg_catalog, pg_temp', name, current_schema());
	END LOOP;
	EXECUTE format('ALTER FUNCTION change_append(uuid, text, uuid, jsonb, jsonb) SET search_path = %I, pg_catalog, pg_temp',
		current_schema());
	EXECUTE format('GRANT USAGE ON SCHEMA %I TO netvisor_app', current_schema());
END $$;

ALTER TABLE network ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON network USING ((SELECT acts_as_system()) OR id = ANY ((SELECT visible_networks())::uuid[]));
ALTER TABLE organization ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON organization
	USING ((SELECT acts_as_system()) OR id = (SELECT visible_organization()));
ALTER TABLE user_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON user_account
	USING ((SELECT acts_as_system()) OR organization_id = (SELECT visible_organization()));

GRANT SELECT, INSERT, UPDATE, DELETE ON organization, user_account, user_session, login_failure, setup_token, network,
	sensor, sensor_outbox, change TO netvisor_app;

CREATE VIEW live_network WITH (security_invoker = true) AS
	SELECT id, name FROM network;

CREATE VIEW live_sensor WITH (security_invoker = true) AS
	SELECT id, name, hostname, software, connected, extract(epoch FROM last_seen)::float8 AS last_seen,
		capabilities, interfaces, counters, losses
	FROM sensor;

GRANT SELECT ON live_network, live_sensor TO netvisor_app;

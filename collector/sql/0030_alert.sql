-- SPDX-License-Identifier: BSD-2-Clause
-- What deserves a person's attention: rules of a network, the alerts that they make, and whom they are told to. What makes an alert
-- is in 0032_alert_find.sql.

-- The kinds: of how much weight, what a rule of it is called at first, and its threshold: minutes, hours, days or a number, as docs/alerts.md says.
CREATE FUNCTION alert_kinds() RETURNS TABLE (kind text, severity text, name text, threshold integer, low integer, high integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	VALUES ('new_device', 'note', 'A new device', NULL::integer, NULL::integer, NULL::integer),
		('device_gone', 'warn', 'A device that is gone', 30, 1, 10080),
		('address_conflict', 'bad', 'An address that several claim', 24, 1, 720),
		('impostor', 'bad', 'Somebody who pretends to be another', 24, 1, 720),
		('service_opened', 'note', 'A new open service', 49151, 1, 65535),
		('service_gone', 'warn', 'A service that does not answer', 1, 0, 1000000),
		('certificate_expiring', 'warn', 'A certificate that runs out', 21, 1, 365),
		('sensor_loss', 'warn', 'A sensor that loses something', 1, 1, 1000000000),
		('sensor_silent', 'bad', 'A sensor that is silent', 15, 1, 10080),
		('discovery_failed', 'warn', 'A discovery that fails', 1, 1, 100)
$$;
CREATE FUNCTION severity_rank(severity text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE severity WHEN 'bad' THEN 2 WHEN 'warn' THEN 1 ELSE 0 END
$$;

-- tags, subnet_ids, host_kinds: only hosts that have one of each that is named. quiet_*: times of day ("22:00") in timezone, on days that
-- begin so (1 is Monday; none: every day), in which nobody is told. channel_ids: whom; null: all channels of the network.
CREATE TABLE alert_rule (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	kind text NOT NULL,
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	enabled boolean NOT NULL DEFAULT true,
	severity text NOT NULL CHECK (severity IN ('note', 'warn', 'bad')),
	threshold integer,
	tags uuid[] NOT NULL DEFAULT '{}',
	subnet_ids uuid[] NOT NULL DEFAULT '{}',
	host_kinds text[] NOT NULL DEFAULT '{}',
	quiet_from text CHECK (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
	quiet_to text CHECK (quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
	quiet_days integer[] NOT NULL DEFAULT '{}' CHECK (quiet_days <@ '{1,2,3,4,5,6,7}'),
	timezone text NOT NULL DEFAULT 'UTC',
	channel_ids uuid[],
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- What is so, or was. subject: what it is of; of a kind and a subject one alert is not over at a time. detail: what its words are
-- made of, and title those words in English, for who is told. times: it came back so often. told_at: when somebody was told last.
CREATE TABLE alert (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	rule_id uuid,
	kind text NOT NULL,
	subject text NOT NULL,
	severity text NOT NULL CHECK (severity IN ('note', 'warn', 'bad')),
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'snoozed', 'resolved')),
	host_id uuid,
	service_id uuid,
	sensor_id uuid,
	title text NOT NULL,
	detail jsonb NOT NULL,
	times integer NOT NULL DEFAULT 1,
	opened_at timestamptz NOT NULL DEFAULT now(),
	told_at timestamptz,
	resolved_at timestamptz,
	acknowledged_at timestamptz,
	acknowledged_by uuid,
	note text CHECK (char_length(note) <= 500),
	snoozed_until timestamptz,
	PRIMARY KEY (network_id, id),
	CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
	CHECK ((state = 'snoozed') = (snoozed_until IS NOT NULL))
);
CREATE UNIQUE INDEX alert_open ON alert (network_id, kind, subject) WHERE state <> 'resolved';
CREATE INDEX alert_subject ON alert (network_id, kind, subject, resolved_at);
CREATE INDEX alert_opened ON alert (network_id, opened_at DESC, id);

-- Whom a network tells. Secrets (url, secret, password) are sealed by the collector as those of SNMP are (0024_credential.sql). failures: in a
-- row; not_before: of the next try; busy_*: the collector that is at it; home_at: when it told last who is there; dropped: what could not be told and was given up.
CREATE TABLE alert_channel (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	kind text NOT NULL CHECK (kind IN ('Webhook', 'Mqtt', 'Email')),
	enabled boolean NOT NULL DEFAULT true,
	min_severity text NOT NULL DEFAULT 'note' CHECK (min_severity IN ('note', 'warn', 'bad')),
	tells_resolved boolean NOT NULL DEFAULT true,
	url bytea,
	url_shown text,
	secret bytea,
	host text,
	port integer CHECK (port BETWEEN 1 AND 65535),
	tls text NOT NULL DEFAULT 'none' CHECK (tls IN ('none', 'starttls', 'tls')),
	ca_certificate text,
	username text,
	password bytea,
	from_address text,
	to_addresses text[] NOT NULL DEFAULT '{}',
	topic text,
	home_assistant boolean NOT NULL DEFAULT false,
	discovery_prefix text,
	presence_tags uuid[] NOT NULL DEFAULT '{}',
	away_minutes integer NOT NULL DEFAULT 10 CHECK (away_minutes BETWEEN 1 AND 1440),
	failures integer NOT NULL DEFAULT 0,
	not_before timestamptz NOT NULL DEFAULT '-infinity',
	busy_until timestamptz NOT NULL DEFAULT '-infinity',
	busy_by uuid,
	last_told_at timestamptz,
	last_error text,
	last_error_at timestamptz,
	home_at timestamptz NOT NULL DEFAULT '-infinity',
	dropped bigint NOT NULL DEFAULT 0,
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id)
);

-- What is to be told, in its order, until it is; told: kept for some days, for people to see. held: its rule's quiet hours keep it.
CREATE TABLE alert_outbox (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	channel_id uuid NOT NULL,
	number bigint GENERATED BY DEFAULT AS IDENTITY,
	alert_id uuid,
	event text NOT NULL CHECK (event IN ('opened', 'resolved', 'test')),
	body jsonb NOT NULL,
	held boolean NOT NULL DEFAULT false,
	created_at timestamptz NOT NULL DEFAULT now(),
	due_at timestamptz NOT NULL DEFAULT now(),
	attempts integer NOT NULL DEFAULT 0,
	error text,
	told_at timestamptz,
	PRIMARY KEY (network_id, id),
	FOREIGN KEY (network_id, channel_id) REFERENCES alert_channel ON DELETE CASCADE
);
CREATE INDEX alert_outbox_waiting ON alert_outbox (network_id, channel_id, number) WHERE told_at IS NULL;
CREATE INDEX alert_outbox_alert ON alert_outbox (network_id, alert_id) WHERE told_at IS NULL;
CREATE INDEX alert_outbox_created ON alert_outbox (created_at);

-- How far the log was looked through; when the network's first host was seen; since when no sensor hears anything; what sensors had
-- lost: {sensor: {total, at, lost, counters}}.
CREATE TABLE alert_cursor (
	network_id uuid PRIMARY KEY REFERENCES network ON DELETE CASCADE,
	seq bigint NOT NULL DEFAULT 0,
	born timestamptz,
	deaf_since timestamptz,
	losses jsonb NOT NULL DEFAULT '{}'
);

CREATE FUNCTION alert_seed(of_network uuid) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
	INSERT INTO alert_rule (network_id, kind, name, severity, threshold)
	SELECT of_network, k.kind, k.name, k.severity, k.threshold FROM alert_kinds() k
$$;
-- Whoever makes a network has not made these rules.
CREATE FUNCTION network_alerts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	edits text := coalesce(current_setting('netvisor.edits', true), '');
BEGIN
	PERFORM set_config('netvisor.edits', '', true);
	INSERT INTO alert_cursor (network_id) VALUES (NEW.id);
	PERFORM alert_seed(NEW.id);
	PERFORM set_config('netvisor.edits', edits, true);
	RETURN NULL;
END $$;
CREATE TRIGGER network_alerts AFTER INSERT ON network FOR EACH ROW EXECUTE FUNCTION network_alerts();
-- What was before is not news.
INSERT INTO alert_cursor (network_id, seq, born)
SELECT n.id, n.change_seq, (SELECT min(h.first_seen) FROM host h WHERE h.network_id = n.id) FROM network n;
SELECT alert_seed(id) FROM network;

-- The same for what the finders of 0032 look for.
CREATE INDEX evidence_certificate ON evidence (network_id, ip) WHERE kind = 'trait' AND fact->>'key' = 'tls.not_after';
CREATE INDEX evidence_route ON evidence (network_id, id) WHERE kind = 'route';

CREATE VIEW live_alert WITH (security_invoker = true) AS
	SELECT id, rule_id, kind, severity, state, host_id, service_id, sensor_id, title, detail, times, seconds(opened_at) AS opened_at,
		seconds(resolved_at) AS resolved_at, seconds(acknowledged_at) AS acknowledged_at, acknowledged_by, note,
		seconds(snoozed_until) AS snoozed_until
	FROM alert WHERE state <> 'resolved' OR resolved_at > now() - interval '7 days';
GRANT SELECT ON live_alert TO netvisor_app;
CREATE TRIGGER edit_log AFTER INSERT OR UPDATE OR DELETE ON alert FOR EACH ROW EXECUTE FUNCTION edit_log('alert');

ALTER FUNCTION history_label(text, jsonb) RENAME TO history_label_before_alerts;
CREATE FUNCTION history_label(entity text, content jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE entity WHEN 'alert' THEN content->>'title' ELSE history_label_before_alerts(entity, content) END
$$;
ALTER FUNCTION history_kind(text, jsonb, jsonb, boolean) RENAME TO history_kind_before_alerts;
CREATE FUNCTION history_kind(entity text, before jsonb, after jsonb, edited boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN entity = 'alert' AND before IS NULL THEN 'appeared' WHEN entity = 'alert' AND after->>'state' = 'resolved' THEN 'gone'
		ELSE history_kind_before_alerts(entity, before, after, edited) END
$$;

-- What it needs must be there; after the policies have said whether one may at all.
CREATE FUNCTION alert_rule_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	rules_max constant integer := 100;
	one record;
BEGIN
	SELECT * INTO one FROM alert_kinds() k WHERE k.kind = NEW.kind;
	IF one.kind IS NULL THEN
		PERFORM refuse(400, format('"kind": there is no kind of alert that is called %s', NEW.kind));
	ELSIF one.low IS NULL AND NEW.threshold IS NOT NULL THEN
		PERFORM refuse(400, format('"threshold": a rule of kind %s has none', NEW.kind));
	ELSIF NEW.threshold NOT BETWEEN one.low AND one.high THEN
		PERFORM refuse(400, format('"threshold": of kind %s it must be %s to %s', NEW.kind, one.low, one.high));
	ELSIF EXISTS (SELECT FROM unnest(NEW.channel_ids) c WHERE NOT EXISTS (SELECT FROM alert_channel a
		WHERE a.network_id = NEW.network_id AND a.id = c)) THEN
		PERFORM refuse(400, '"channel_ids": one of them is no channel of this network');
	ELSIF EXISTS (SELECT FROM unnest(NEW.subnet_ids) c WHERE NOT EXISTS (SELECT FROM subnet s
		WHERE s.network_id = NEW.network_id AND s.id = c)) THEN
		PERFORM refuse(400, '"subnet_ids": one of them is no subnet of this network');
	ELSIF TG_OP = 'INSERT' AND (SELECT count(*) FROM alert_rule WHERE network_id = NEW.network_id) > rules_max THEN
		PERFORM refuse(409, format('a network has at most %s rules', rules_max));
	END IF;
	BEGIN
		PERFORM now() AT TIME ZONE NEW.timezone;
	EXCEPTION WHEN invalid_parameter_value THEN
		PERFORM refuse(400, format('"timezone": there is no time zone that is called %s; names are like Europe/Berlin', NEW.timezone));
	END;
	PERFORM pg_notify('netvisor_alert', NEW.network_id::text);
	RETURN NULL;
END $$;
CREATE TRIGGER alert_rule_check AFTER INSERT OR UPDATE ON alert_rule FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION alert_rule_check();

CREATE FUNCTION alert_rule_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('netvisor_alert', OLD.network_id::text);
	RETURN NULL;
END $$;
CREATE TRIGGER alert_rule_gone AFTER DELETE ON alert_rule FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION alert_rule_gone();

CREATE FUNCTION alert_channel_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	channels_max constant integer := 20;
BEGIN
	IF NEW.kind = 'Webhook' AND NEW.url IS NULL THEN
		PERFORM refuse(400, '"url" is missing: a webhook is asked there');
	ELSIF NEW.kind <> 'Webhook' AND coalesce(NEW.host, '') = '' THEN
		PERFORM refuse(400, '"host" is missing: the server''s name or address');
	ELSIF NEW.kind = 'Email' AND (coalesce(NEW.from_address, '') = '' OR NEW.to_addresses = '{}') THEN
		PERFORM refuse(400, '"from_address" and "to_addresses" are needed: who writes to whom');
	ELSIF NEW.kind = 'Mqtt' AND NEW.tls = 'starttls' THEN
		PERFORM refuse(400, '"tls": MQTT knows no STARTTLS, use tls (its port is usually 8883)');
	ELSIF NEW.password IS NOT NULL AND NEW.username IS NULL THEN
		PERFORM refuse(400, '"username" is missing for "password"');
	ELSIF TG_OP = 'UPDATE' AND NEW.password = OLD.password AND ((NEW.host, NEW.port) IS DISTINCT FROM (OLD.host, OLD.port)
		OR (NEW.tls = 'none' AND OLD.tls <> 'none')) THEN
		-- Or whoever may change a channel could have the password told to a server of their own.
		PERFORM refuse(400, '"password" is needed again: the one that is kept was given for another server, or for an encrypted connection');
	ELSIF TG_OP = 'INSERT' AND (SELECT count(*) FROM alert_channel WHERE network_id = NEW.network_id) > channels_max THEN
		PERFORM refuse(409, format('a network has at most %s channels', channels_max));
	END IF;
	PERFORM pg_notify('netvisor_outbox', NEW.network_id::text);
	RETURN NULL;
END $$;
CREATE TRIGGER alert_channel_check AFTER INSERT OR UPDATE ON alert_channel FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION alert_channel_check();

-- What a person changed is tried at once.
CREATE FUNCTION alert_channel_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.failures := 0;
	NEW.not_before := '-infinity';
	RETURN NEW;
END $$;
CREATE TRIGGER alert_channel_again BEFORE UPDATE ON alert_channel FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION alert_channel_again();

CREATE TRIGGER check_tags BEFORE INSERT OR UPDATE OF tags ON alert_rule FOR EACH ROW
	WHEN (NEW.tags <> '{}' AND current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION tags_check();
CREATE FUNCTION alert_tag_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	-- A rule whose last tag goes would be about everything.
	UPDATE alert_rule SET tags = array_remove(tags, OLD.id), enabled = enabled AND cardinality(array_remove(tags, OLD.id)) > 0
	WHERE OLD.id = ANY (tags);
	UPDATE alert_channel SET presence_tags = array_remove(presence_tags, OLD.id),
		home_assistant = home_assistant AND cardinality(array_remove(presence_tags, OLD.id)) > 0 WHERE OLD.id = ANY (presence_tags);
	RETURN NULL;
END $$;
CREATE TRIGGER alert_tag_gone AFTER DELETE ON tag FOR EACH ROW EXECUTE FUNCTION alert_tag_gone();

-- Who changes rules and channels is in the organization's audit log; of a secret only that it is another.
CREATE FUNCTION alert_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	secrets constant text[] := ARRAY['url', 'secret', 'password'];
	hidden constant text[] := secrets || ARRAY['revision', 'updated_at', 'failures', 'not_before', 'busy_until', 'busy_by', 'last_told_at',
		'last_error', 'last_error_at', 'home_at', 'dropped'];
	was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
	is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
	row_of jsonb := coalesce(is_now, was);
	changed jsonb := '{}';
BEGIN
	IF TG_OP = 'UPDATE' THEN
		SELECT coalesce(jsonb_object_agg(s, 'another'), '{}') INTO changed FROM unnest(secrets) s
		WHERE to_jsonb(OLD)->s IS DISTINCT FROM to_jsonb(NEW)->s;
	END IF;
	PERFORM audit_append(n.organization_id, lower(TG_OP), TG_TABLE_NAME, (row_of->>'id')::uuid,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(was, is_now) ELSE was END,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(is_now, was) || changed ELSE is_now END)
	FROM network n WHERE n.id = (row_of->>'network_id')::uuid AND (was IS DISTINCT FROM is_now OR changed <> '{}');
	RETURN NULL;
END $$;
DO $$
DECLARE
	one text;
BEGIN
	FOREACH one IN ARRAY ARRAY['alert_rule', 'alert_channel'] LOOP
		EXECUTE format('CREATE TRIGGER edit_touch BEFORE UPDATE ON %I FOR EACH ROW WHEN (current_setting(''netvisor.edits'', true) = ''on''
			AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION edit_touch()', one);
		EXECUTE format('CREATE TRIGGER edit_log AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
			WHEN (current_setting(''netvisor.edits'', true) = ''on'') EXECUTE FUNCTION alert_audit()', one);
	END LOOP;
END $$;

SELECT protect('alert', 'made'), protect('alert_rule', 'managed'), protect('alert_channel', 'managed'), protect('alert_outbox', 'managed'),
	protect('alert_cursor', 'system');
-- Addresses of people and names of servers are not for everybody.
CREATE POLICY members ON alert_channel AS RESTRICTIVE FOR SELECT
	USING (current_setting('netvisor.role', true) IN ('member', 'admin', 'owner', 'system'));
CREATE POLICY members ON alert_outbox AS RESTRICTIVE FOR SELECT
	USING (current_setting('netvisor.role', true) IN ('member', 'admin', 'owner', 'system'));
SELECT pin_functions();

-- SPDX-License-Identifier: BSD-2-Clause
-- What is concluded of hosts from what was heard of them: services, what kind of device each is, and why (docs/definitions.md).

-- definition: the id of what names the service. certainty: of that. Both NULL when nothing is known of it. Services that are of a host as a whole
-- (its containers, that it is a gateway) have no place on the wire; their source is concluded.
ALTER TABLE service ADD COLUMN certainty text CHECK (certainty IN ('low', 'medium', 'high', 'certain'));
CREATE OR REPLACE VIEW live_service WITH (security_invoker = true) AS
	SELECT id, host_id, host(ip) AS ip, port, proto, vlan, state, name, source, confidence, clients,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen, service_definition, name_source, tags,
		virtualization, origin, revision, definition, certainty
	FROM service;

-- device: {"kind": {"value", "certainty", "source"}, "vendor": …, "model": …, "os": …, "os_version": …}, each only where something is known.
ALTER TABLE host ADD COLUMN device jsonb;
CREATE OR REPLACE VIEW live_host WITH (security_invoker = true) AS
	SELECT id, name, name_source, vendor, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen,
		seconds(present_since) AS present_since, description, hidden, tags, virtualization, origin, revision, device
	FROM host;

-- A shared picture tells them too, without models where it does not tell of things.
DO $$
DECLARE
	was text := pg_get_functiondef('share_rows_before_links(uuid, text, text, uuid, integer)'::regprocedure);
	is_now text := replace(replace(was, 'o.revision, o.definition', 'o.revision, o.definition, o.certainty'), 'h.origin, h.revision',
		'h.origin, h.revision, CASE WHEN plain THEN h.device WHEN h.device ? ''kind'' THEN jsonb_build_object(''kind'', h.device->''kind'') END AS device');
BEGIN
	IF is_now NOT LIKE '%o.certainty%' OR is_now NOT LIKE '%h.device%' THEN
		RAISE EXCEPTION 'share_rows_before_links() is not as it was';
	END IF;
	EXECUTE is_now;
END $$;

-- Why, of each host, as GET /api/hosts/{id}/conclusions has it (docs/definitions.md, "Reasons"). hash: of it, so that what is as it was is not
-- written again; concluded_at: since when it is so.
CREATE TABLE conclusion (
	network_id uuid NOT NULL,
	host_id uuid NOT NULL,
	hash bigint NOT NULL,
	concluded_at timestamptz NOT NULL DEFAULT now(),
	reasons json NOT NULL,
	PRIMARY KEY (network_id, host_id)
);

-- Hosts of which something is new, so that they are to be concluded anew; several rows of one host are worked off together. Rows are only added
-- and removed, never held on to: whoever adds one waits for nobody. slow: not for something new but for all hosts of a network at once.
CREATE TABLE recognize_due (
	network_id uuid NOT NULL,
	id bigint GENERATED ALWAYS AS IDENTITY,
	host_id uuid NOT NULL,
	slow boolean NOT NULL DEFAULT false,
	PRIMARY KEY (network_id, slow, id)
);

-- By which definitions all hosts of a network were last told to be concluded: a hash of all of them.
CREATE TABLE recognize_state (
	network_id uuid PRIMARY KEY REFERENCES network ON DELETE CASCADE,
	rules text NOT NULL
);

-- Definitions of people, of their organization; one takes the place of a built-in of the same id.
CREATE TABLE service_definition (
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	id text NOT NULL CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	definition json NOT NULL,
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (organization_id, id)
);
-- Raised by each change of them.
CREATE TABLE service_definition_state (
	organization_id uuid PRIMARY KEY REFERENCES organization ON DELETE CASCADE,
	version bigint NOT NULL
);

SELECT protect(name, 'observed') FROM unnest(ARRAY['conclusion', 'recognize_due', 'recognize_state']) name;
SELECT protect(name, 'organization') FROM unnest(ARRAY['service_definition', 'service_definition_state']) name;

-- How many there may be (DEFINITIONS_OWN_MAX); a change is audited, raises the version, and wakes the collectors.
CREATE FUNCTION definition_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	of_organization uuid := coalesce(NEW.organization_id, OLD.organization_id);
BEGIN
	IF NOT EXISTS (SELECT FROM organization WHERE id = of_organization) THEN
		RETURN NULL;
	END IF;
	INSERT INTO service_definition_state AS s (organization_id, version) VALUES (of_organization, 1)
	ON CONFLICT (organization_id) DO UPDATE SET version = s.version + 1;
	IF TG_OP = 'INSERT' AND (SELECT count(*) FROM service_definition WHERE organization_id = of_organization) > 1000 THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = 'there are 1000 definitions of your own already: remove one first';
	END IF;
	PERFORM audit_append(of_organization, lower(TG_OP), 'definition', NULL, jsonb_build_object('id', OLD.id), jsonb_build_object('id', NEW.id)),
		pg_notify('netvisor_definitions', of_organization::text);
	RETURN NULL;
END $$;
CREATE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON service_definition FOR EACH ROW EXECUTE FUNCTION definition_changed();

-- Something of these hosts is new.
CREATE FUNCTION recognize_mark(of_network uuid, hosts uuid[]) RETURNS void LANGUAGE sql AS $$
	INSERT INTO recognize_due (network_id, host_id) SELECT of_network, h FROM (SELECT DISTINCT unnest(hosts) AS h) x WHERE h IS NOT NULL
$$;

-- Other definitions than those of before: all hosts of the network are due. Whether they are.
CREATE FUNCTION recognize_begin(of_network uuid, now_rules text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO recognize_state AS s (network_id, rules) SELECT id, now_rules FROM network WHERE id = of_network
	ON CONFLICT (network_id) DO UPDATE SET rules = now_rules WHERE s.rules <> now_rules;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	DELETE FROM recognize_due WHERE network_id = of_network AND slow;
	INSERT INTO recognize_due (network_id, host_id, slow) SELECT of_network, id, true FROM host WHERE network_id = of_network ORDER BY id;
	RETURN true;
END $$;

-- What belongs to a host changes by other ways than facts: people, merges, engines of containers, types of subnets.
CREATE FUNCTION recognize_interface() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	PERFORM recognize_mark(OLD.network_id, CASE TG_OP WHEN 'DELETE' THEN ARRAY[OLD.host_id] ELSE ARRAY[OLD.host_id, NEW.host_id] END);
	RETURN NULL;
END $$;
CREATE TRIGGER recognize_moved AFTER UPDATE ON interface FOR EACH ROW
	WHEN (OLD.host_id <> NEW.host_id OR OLD.mac IS DISTINCT FROM NEW.mac OR OLD.subnet_id IS DISTINCT FROM NEW.subnet_id)
	EXECUTE FUNCTION recognize_interface();
CREATE TRIGGER recognize_removed AFTER DELETE ON interface FOR EACH ROW WHEN (current_setting('netvisor.edits', true) = 'on')
	EXECUTE FUNCTION recognize_interface();
CREATE FUNCTION recognize_service() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	PERFORM recognize_mark(NEW.network_id, ARRAY[NEW.host_id]);
	RETURN NULL;
END $$;
CREATE TRIGGER recognize_container AFTER INSERT ON service FOR EACH ROW WHEN (NEW.source = 'docker') EXECUTE FUNCTION recognize_service();
CREATE TRIGGER recognize_changed AFTER UPDATE ON service FOR EACH ROW
	WHEN (OLD.virtualization IS DISTINCT FROM NEW.virtualization OR OLD.host_id <> NEW.host_id OR (NEW.source = 'docker' AND OLD.state <> NEW.state))
	EXECUTE FUNCTION recognize_service();
CREATE FUNCTION recognize_subnet() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	PERFORM recognize_mark(NEW.network_id, ARRAY(SELECT host_id FROM interface WHERE network_id = NEW.network_id AND subnet_id = NEW.id));
	RETURN NULL;
END $$;
CREATE TRIGGER recognize_subnet AFTER UPDATE ON subnet FOR EACH ROW WHEN (OLD.subnet_type <> NEW.subnet_type) EXECUTE FUNCTION recognize_subnet();

-- What was said long ago leaves, and with it what was concluded of it.
CREATE FUNCTION recognize_forgotten() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	INSERT INTO recognize_due (network_id, host_id)
	SELECT DISTINCT i.network_id, i.host_id FROM forgotten f JOIN interface i ON i.network_id = f.network_id AND i.mac = f.mac
	WHERE f.kind IN ('trait', 'name', 'service', 'neighbor', 'route')
	UNION
	SELECT i.network_id, i.host_id FROM forgotten f JOIN interface i ON i.network_id = f.network_id AND i.ip = f.ip AND i.vlan = f.vlan
	WHERE f.mac IS NULL AND f.kind IN ('trait', 'name', 'service', 'neighbor', 'route');
	RETURN NULL;
END $$;
CREATE TRIGGER recognize_forgotten AFTER DELETE ON evidence REFERENCING OLD TABLE AS forgotten
	FOR EACH STATEMENT EXECUTE FUNCTION recognize_forgotten();

-- With a host goes what was concluded of it; with a network, of all of it.
CREATE FUNCTION host_conclusion_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	DELETE FROM conclusion c USING gone g WHERE c.network_id = g.network_id AND c.host_id = g.id;
	RETURN NULL;
END $$;
CREATE TRIGGER host_conclusion_gone AFTER DELETE ON host REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION host_conclusion_gone();
CREATE FUNCTION network_forget_conclusions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	DELETE FROM conclusion WHERE network_id = OLD.id;
	DELETE FROM recognize_due WHERE network_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER network_forget_conclusions AFTER DELETE ON network FOR EACH ROW EXECUTE FUNCTION network_forget_conclusions();

-- Services of one host that the other has too, as in 0013_identity.sql; what was concluded of both is one.
CREATE OR REPLACE FUNCTION equal_services(of_network uuid, of_host uuid, other uuid) RETURNS TABLE (id uuid, into_id uuid)
LANGUAGE sql STABLE AS $$
	SELECT DISTINCT ON (f.id) f.id, t.id FROM service f JOIN service t ON t.host_id = of_host
		AND t.vlan = f.vlan AND t.ip IS NOT DISTINCT FROM f.ip AND t.port IS NOT DISTINCT FROM f.port
		AND t.proto IS NOT DISTINCT FROM f.proto
		AND (f.port IS NOT NULL OR (f.source = 'concluded' AND t.source = 'concluded' AND f.definition = t.definition)
			OR (lower(t.name) = lower(f.name) AND t.service_definition IS NOT DISTINCT FROM f.service_definition))
	WHERE f.host_id = other ORDER BY f.id, t.id
$$;

-- What hosts are, those that are another now: with their entries.
CREATE FUNCTION devices_write(of_network uuid, ids uuid[], devices jsonb[]) RETURNS void LANGUAGE sql AS $$
	WITH moved AS (
		UPDATE host h SET device = o.device
		FROM (SELECT h.id, h.device AS was, u.device FROM unnest(ids, devices) AS u (id, device)
			JOIN host h ON h.network_id = of_network AND h.id = u.id AND h.device IS DISTINCT FROM u.device) o
		WHERE h.network_id = of_network AND h.id = o.id
		RETURNING h.id, o.was, h.device
	)
	SELECT change_write(of_network, array_agg(text 'host'), array_agg(m.id), array_agg(jsonb_build_object('device', m.was)),
		array_agg(jsonb_build_object('device', m.device)))
	FROM moved m
$$;

-- What services are; how many became another.
CREATE FUNCTION services_write(of_network uuid, ids uuid[], definitions text[], certainties text[]) RETURNS bigint LANGUAGE sql AS $$
	WITH moved AS (
		UPDATE service s SET definition = o.is_definition, certainty = o.is_certainty
		FROM (SELECT s.id, s.definition, s.certainty, u.definition AS is_definition, u.certainty AS is_certainty
			FROM unnest(ids, definitions, certainties) AS u (id, definition, certainty)
			JOIN service s ON s.network_id = of_network AND s.id = u.id
				AND (s.definition, s.certainty) IS DISTINCT FROM (u.definition, u.certainty)) o
		WHERE s.network_id = of_network AND s.id = o.id
		RETURNING s.id, jsonb_build_object('definition', o.definition, 'certainty', o.certainty) AS was,
			jsonb_build_object('definition', s.definition, 'certainty', s.certainty) AS is_now
	), told AS (
		SELECT change_write(of_network, array_agg(text 'service'), array_agg(m.id), array_agg(json_only_changed(m.was, m.is_now)),
			array_agg(json_only_changed(m.is_now, m.was)))
		FROM moved m
	)
	SELECT count(*) FROM moved, told
$$;

-- Services of hosts as a whole. Those that are there again, after a person kept them, are open again.
CREATE FUNCTION concluded_add(of_network uuid, ids uuid[], hosts uuid[], definitions text[], certainties text[]) RETURNS void LANGUAGE sql AS $$
	WITH made AS (
		INSERT INTO service (network_id, id, host_id, vlan, state, source, confidence, first_seen, last_seen, definition, certainty)
		SELECT of_network, u.id, h.id, '{}', 'open', 'concluded', 'inferred', now(), h.last_seen, u.definition, u.certainty
		FROM unnest(ids, hosts, definitions, certainties) AS u (id, host_id, definition, certainty)
			JOIN host h ON h.network_id = of_network AND h.id = u.host_id
		RETURNING *
	)
	SELECT change_write(of_network, array_agg(text 'service'), array_agg(m.id), array_agg(NULL::jsonb),
		array_agg(live_json('service', 'service', to_jsonb(m))))
	FROM made m
$$;
CREATE FUNCTION concluded_open(of_network uuid, ids uuid[], is_open boolean) RETURNS void LANGUAGE sql AS $$
	WITH moved AS (
		UPDATE service s SET state = CASE WHEN is_open THEN 'open' ELSE 'closed' END
		WHERE s.network_id = of_network AND s.id = ANY (ids) AND s.state <> CASE WHEN is_open THEN 'open' ELSE 'closed' END RETURNING s.id
	)
	SELECT change_write(of_network, array_agg(text 'service'), array_agg(m.id),
		array_agg(jsonb_build_object('state', CASE WHEN is_open THEN 'closed' ELSE 'open' END)),
		array_agg(jsonb_build_object('state', CASE WHEN is_open THEN 'open' ELSE 'closed' END)))
	FROM moved m
$$;
-- Those that are concluded no more go; what a person wrote to stays, closed.
CREATE FUNCTION concluded_remove(of_network uuid, ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	touched uuid[] := ARRAY(SELECT id FROM service WHERE network_id = of_network AND id = ANY (ids) AND revision > 1);
	going uuid[];
	befores jsonb[];
BEGIN
	PERFORM concluded_open(of_network, touched, false);
	SELECT array_agg(r.id ORDER BY r.id), array_agg(r.content ORDER BY r.id) INTO going, befores
	FROM live_rows('service', ARRAY(SELECT id FROM unnest(ids) id WHERE id <> ALL (touched))) r;
	IF going IS NOT NULL THEN
		DELETE FROM service WHERE network_id = of_network AND id = ANY (going);
		PERFORM changes_append(of_network, 'service', going, befores, array_fill(NULL::jsonb, ARRAY[cardinality(going)]));
	END IF;
END $$;

-- They are there as long as their host is.
CREATE FUNCTION concluded_seen() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	place uuid;
	ids uuid[];
BEGIN
	FOR place IN SELECT id FROM network ORDER BY id LOOP
		WITH moved AS (
			UPDATE service s SET last_seen = h.last_seen FROM host h
			WHERE s.network_id = place AND s.source = 'concluded' AND s.state = 'open' AND h.network_id = place AND h.id = s.host_id
				AND h.last_seen > s.last_seen RETURNING s.id
		)
		SELECT array_agg(id) INTO ids FROM moved;
		PERFORM change_seen(place, NULL, NULL, ids, NULL) WHERE ids IS NOT NULL;
	END LOOP;
END $$;
CREATE INDEX service_concluded ON service (network_id, host_id) WHERE source = 'concluded';

-- As it was by the pages of web servers alone (0027_definition.sql).
DROP FUNCTION services_define(jsonb, boolean);
DROP FUNCTION services_told(uuid, jsonb);
DROP INDEX evidence_page;

SELECT pin_functions();

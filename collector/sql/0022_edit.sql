-- SPDX-License-Identifier: BSD-2-Clause
-- A host with all that it has, edited in one step. And whoever changes what a host has changes the host: its revision tells two editors.

-- Once a transaction: edit_touch() sets updated_at to its beginning. What facts make of hosts is no edit.
CREATE FUNCTION host_touch(of_network uuid, of_host uuid) RETURNS void LANGUAGE sql AS $$
	UPDATE host SET updated_at = clock_timestamp() WHERE network_id = of_network AND id = of_host AND updated_at < now()
$$;
CREATE FUNCTION child_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	one jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
BEGIN
	PERFORM host_touch((one->>'network_id')::uuid, coalesce((one->>'host_id')::uuid,
		(SELECT s.host_id FROM service s WHERE s.network_id = (one->>'network_id')::uuid AND s.id = (one->>'service_id')::uuid)));
	RETURN NULL;
END $$;
DO $$
DECLARE
	name text;
	by_person text := 'current_setting(''netvisor.edits'', true) = ''on'' AND current_setting(''netvisor.role'', true) IN (''member'', ''admin'', ''owner'')';
BEGIN
	-- Its name comes last: what the edit itself does is logged before it.
	FOREACH name IN ARRAY ARRAY['interface', 'port', 'service', 'binding'] LOOP
		EXECUTE format('CREATE TRIGGER z_child_touch AFTER INSERT OR DELETE ON %I FOR EACH ROW WHEN (%s) EXECUTE FUNCTION child_touch()', name, by_person);
		EXECUTE format('CREATE TRIGGER z_child_touched AFTER UPDATE ON %I FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.* AND %s)
			EXECUTE FUNCTION child_touch()', name, by_person);
	END LOOP;
END $$;

-- Of the first binding, for a service that a person noted; one without any stays as it is.
CREATE OR REPLACE FUNCTION service_place(s service) RETURNS service LANGUAGE plpgsql AS $$
DECLARE
	placed service;
BEGIN
	UPDATE service o SET ip = p.ip, port = p.number, proto = p.protocol FROM (
		SELECT i.ip, port.number, port.protocol FROM binding b
		LEFT JOIN port ON port.network_id = b.network_id AND port.id = b.port_id
		LEFT JOIN interface i ON i.network_id = b.network_id AND i.id = b.interface_id
		WHERE b.network_id = s.network_id AND b.service_id = s.id ORDER BY b.created_at, b.id LIMIT 1) p
	WHERE o.network_id = s.network_id AND o.id = s.id AND o.origin = 'manual' RETURNING o.* INTO placed;
	RETURN CASE WHEN placed.id IS NULL THEN s ELSE placed END;
END $$;

-- What one of a host's children in a body may hold; refused in words.
CREATE FUNCTION host_child_check(what text, item jsonb) RETURNS void LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	wrong text := CASE
		WHEN jsonb_typeof(item) IS DISTINCT FROM 'object' THEN 'each must be an object'
		WHEN item ? 'id' AND NOT coalesce(item->>'id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false) THEN '"id" must be a UUID'
		WHEN item ? 'key' AND (jsonb_typeof(item->'key') <> 'string' OR octet_length(item->>'key') > 100) THEN '"key" must be a text of at most 100 bytes'
		WHEN item ? 'deleted' AND jsonb_typeof(item->'deleted') <> 'boolean' THEN '"deleted" must be true or false'
		WHEN (item->'deleted')::boolean AND NOT item ? 'id' THEN 'what is "deleted" has an "id"'
		WHEN item ? 'name' AND (jsonb_typeof(item->'name') NOT IN ('string', 'null') OR octet_length(item->>'name') > 100)
			THEN '"name" must be a text of at most 100 bytes'
		WHEN item ? 'position' AND CASE jsonb_typeof(item->'position') WHEN 'number' THEN (item->>'position')::numeric NOT BETWEEN 0 AND 10000
			OR (item->>'position')::numeric % 1 <> 0 ELSE true END THEN '"position" must be 0 to 10000'
		WHEN what = 'interfaces' AND NOT item ? 'id' AND item->>'ip_address' IS NULL AND item->>'mac_address' IS NULL
			THEN 'a new one has an "ip_address", a "mac_address" or both'
		WHEN what = 'ports' AND (NOT item ? 'id' OR item ? 'number') AND CASE jsonb_typeof(item->'number') WHEN 'number'
			THEN (item->>'number')::numeric NOT BETWEEN 0 AND 65535 OR (item->>'number')::numeric % 1 <> 0 ELSE true END THEN '"number" must be 0 to 65535'
		WHEN what = 'ports' AND item ? 'protocol' AND item->>'protocol' NOT IN ('tcp', 'udp') THEN '"protocol" must be tcp or udp'
		WHEN what = 'services' AND item ? 'service_definition' AND (jsonb_typeof(item->'service_definition') NOT IN ('string', 'null')
			OR octet_length(item->>'service_definition') > 100) THEN '"service_definition" must be a text of at most 100 bytes'
		WHEN what = 'services' AND item ? 'virtualization' AND jsonb_typeof(item->'virtualization') NOT IN ('object', 'null')
			THEN '"virtualization" must be an object or null'
		WHEN what = 'services' AND item ? 'tags' AND CASE jsonb_typeof(item->'tags') WHEN 'array' THEN jsonb_array_length(item->'tags') > 50 ELSE true END
			THEN '"tags" must be an array of at most 50'
		WHEN what = 'services' AND item ? 'bindings' AND CASE jsonb_typeof(item->'bindings') WHEN 'array' THEN EXISTS (
			SELECT FROM jsonb_array_elements(item->'bindings') b WHERE jsonb_typeof(b) <> 'object') ELSE true END
			THEN '"bindings" must be an array of objects'
		END;
BEGIN
	IF wrong IS NOT NULL THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = format('"%s": %s', what, wrong);
	END IF;
END $$;

-- Interfaces, ports and services of a body: those with an id are changed (what is not named stays) or, deleted, removed; the others are
-- new, and may be named by their key in the bindings of a service. What the body does not name is left alone.
CREATE FUNCTION host_children_set(h host, body jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	what text;
	item jsonb;
	one_id uuid;
	found boolean;
	keys jsonb := '{"ports": {}, "interfaces": {}}';
	bound jsonb;
	place integer := 0;
BEGIN
	FOREACH what IN ARRAY ARRAY['services', 'ports', 'interfaces'] LOOP
		FOR item IN SELECT * FROM jsonb_array_elements(coalesce(nullif(body->what, 'null'), '[]')) LOOP
			PERFORM host_child_check(what, item);
			CONTINUE WHEN NOT item ? 'id';
			EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE network_id = $1 AND host_id = $2 AND id = $3)', rtrim(what, 's')) INTO found
				USING h.network_id, h.id, (item->>'id')::uuid;
			IF (item->'deleted')::boolean THEN
				EXECUTE format('DELETE FROM %I WHERE network_id = $1 AND host_id = $2 AND id = $3', rtrim(what, 's'))
					USING h.network_id, h.id, (item->>'id')::uuid;
			ELSIF NOT found THEN
				RAISE SQLSTATE 'NV409' USING MESSAGE = format('"%s": %s is none of this host''s, or is gone since you read it', what, item->>'id');
			END IF;
		END LOOP;
	END LOOP;
	FOR item IN SELECT * FROM jsonb_array_elements(coalesce(nullif(body->'interfaces', 'null'), '[]')) LOOP
		CONTINUE WHEN (item->'deleted')::boolean;
		one_id := (item->>'id')::uuid;
		IF one_id IS NULL THEN
			one_id := gen_random_uuid();
			INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, subnet_id, name, position, origin, first_seen, last_seen)
			VALUES (h.network_id, one_id, h.id, (item->>'mac_address')::macaddr, (item->>'ip_address')::inet, '{}', (item->>'subnet_id')::uuid, item->>'name',
				coalesce((item->>'position')::integer, place), 'manual', now(), now());
		ELSE
			UPDATE interface i SET
				mac = CASE WHEN item ? 'mac_address' AND i.origin = 'manual' THEN (item->>'mac_address')::macaddr ELSE i.mac END,
				ip = CASE WHEN item ? 'ip_address' AND i.origin = 'manual' THEN (item->>'ip_address')::inet ELSE i.ip END,
				subnet_id = CASE WHEN item ? 'subnet_id' THEN (item->>'subnet_id')::uuid ELSE i.subnet_id END,
				name = CASE WHEN item ? 'name' THEN item->>'name' ELSE i.name END,
				position = coalesce((item->>'position')::integer, i.position)
			WHERE i.network_id = h.network_id AND i.id = one_id;
		END IF;
		keys := jsonb_set(keys, ARRAY['interfaces', coalesce(item->>'key', one_id::text)], to_jsonb(one_id));
		place := place + 1;
	END LOOP;
	FOR item IN SELECT * FROM jsonb_array_elements(coalesce(nullif(body->'ports', 'null'), '[]')) LOOP
		CONTINUE WHEN (item->'deleted')::boolean;
		one_id := (item->>'id')::uuid;
		IF one_id IS NULL THEN
			INSERT INTO port (network_id, id, host_id, number, protocol)
			VALUES (h.network_id, gen_random_uuid(), h.id, (item->>'number')::integer, coalesce(item->>'protocol', 'tcp')) ON CONFLICT DO NOTHING;
			SELECT p.id INTO one_id FROM port p WHERE p.network_id = h.network_id AND p.host_id = h.id AND p.number = (item->>'number')::integer
				AND p.protocol = coalesce(item->>'protocol', 'tcp');
		ELSE
			UPDATE port p SET number = coalesce((item->>'number')::integer, p.number), protocol = coalesce(item->>'protocol', p.protocol)
			WHERE p.network_id = h.network_id AND p.id = one_id;
		END IF;
		keys := jsonb_set(keys, ARRAY['ports', coalesce(item->>'key', one_id::text)], to_jsonb(one_id));
	END LOOP;
	FOR item IN SELECT * FROM jsonb_array_elements(coalesce(nullif(body->'services', 'null'), '[]')) LOOP
		CONTINUE WHEN (item->'deleted')::boolean;
		IF item ? 'bindings' THEN
			IF EXISTS (SELECT FROM jsonb_array_elements(item->'bindings') b WHERE (b->>'port_key' IS NOT NULL AND NOT keys->'ports' ? (b->>'port_key'))
				OR (b->>'interface_key' IS NOT NULL AND NOT keys->'interfaces' ? (b->>'interface_key'))) THEN
				RAISE SQLSTATE 'NV400' USING MESSAGE = '"services": a binding names a "port_key" or "interface_key" that nothing in this body has';
			END IF;
			SELECT coalesce(jsonb_agg(jsonb_build_object('port_id', coalesce(b->'port_id', keys->'ports'->(b->>'port_key')), 'interface_id',
				coalesce(b->'interface_id', keys->'interfaces'->(b->>'interface_key')))), '[]') INTO bound FROM jsonb_array_elements(item->'bindings') b;
			IF EXISTS (SELECT FROM jsonb_array_elements(bound) b WHERE b->>'port_id' IS NULL AND b->>'interface_id' IS NULL) THEN
				RAISE SQLSTATE 'NV400' USING MESSAGE = '"services": a binding has a port, an interface, or both';
			END IF;
			item := item || jsonb_build_object('bindings', bound);
		END IF;
		one_id := (item->>'id')::uuid;
		-- What else was read with it is not taken.
		SELECT coalesce(jsonb_object_agg(key, value), '{}') INTO item FROM jsonb_each(item)
		WHERE key IN ('name', 'service_definition', 'tags', 'virtualization', 'position', 'bindings');
		IF one_id IS NOT NULL THEN
			PERFORM service_update(one_id, item, NULL);
		ELSE
			PERFORM service_create(gen_random_uuid(), item || jsonb_build_object('network_id', h.network_id, 'host_id', h.id));
		END IF;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION host_create(of_id uuid, body jsonb) RETURNS host LANGUAGE plpgsql AS $$
DECLARE
	made host;
BEGIN
	INSERT INTO host (network_id, id, name, name_source, first_seen, last_seen, description, hidden, tags, virtualization, origin)
	SELECT r.network_id, of_id, r.name, 'manual', now(), now(), r.description, coalesce(r.hidden, false), coalesce(r.tags, '{}'),
		r.virtualization, 'manual'
	FROM jsonb_populate_record(NULL::host, body) r RETURNING * INTO made;
	PERFORM host_children_set(made, body);
	RETURN made;
END $$;

-- A name that a person gives is the person's; without one, what is discovered counts again.
CREATE FUNCTION host_edit(of_id uuid, body jsonb, revision_is integer) RETURNS host LANGUAGE plpgsql AS $$
DECLARE
	made host;
BEGIN
	UPDATE host h SET (name, name_source, description, hidden, tags, virtualization) = (
		SELECT nullif(r.name, ''), CASE WHEN NOT body ? 'name' THEN h.name_source WHEN nullif(r.name, '') IS NULL THEN NULL
			WHEN r.name IS NOT DISTINCT FROM h.name THEN h.name_source ELSE 'manual' END,
			r.description, r.hidden, r.tags, r.virtualization FROM jsonb_populate_record(h, body) r)
	WHERE h.id = of_id AND (revision_is IS NULL OR h.revision = revision_is) RETURNING h.* INTO made;
	IF made.id IS NULL OR NOT body ?| '{interfaces,ports,services}' THEN
		RETURN made;
	END IF;
	PERFORM host_children_set(made, body);
	SELECT * INTO made FROM host h WHERE h.network_id = made.network_id AND h.id = made.id;
	RETURN made;
END $$;

SELECT pin_functions();

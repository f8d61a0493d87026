-- SPDX-License-Identifier: BSD-2-Clause
-- Two hosts become one, and two again. Everything is done in one transaction with the network's row locked, and each row that
-- changes is in the change log, so that browsers follow.

-- All that one host has becomes the other's: interfaces, services with their bindings, ports, flows, what people said. Rows
-- that the other has too give way to those, and groups follow. Returns which row became which. The host itself stays.
CREATE FUNCTION host_absorb(of_network uuid, into_id uuid, from_id uuid) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	edits text := current_setting('netvisor.edits', true);
	by_person boolean := coalesce(edits, '') = 'on';
	mapped jsonb := '{}';
	face interface;
	pair record;
	b binding;
	twin uuid;
	to_port uuid;
	ids uuid[];
	one uuid;
BEGIN
	-- Every row is logged by the trigger that logs what people do.
	PERFORM set_config('netvisor.edits', 'on', true);
	IF EXISTS (SELECT FROM interface WHERE host_id = from_id) THEN
		WITH moved AS (
			UPDATE flow w SET client_host_id = into_id FROM (SELECT DISTINCT ip, vlan FROM interface
				WHERE host_id = from_id AND ip IS NOT NULL) i
			WHERE w.client = i.ip AND w.vlan = i.vlan AND w.client_host_id = from_id RETURNING w.id
		) SELECT coalesce(array_agg(id), '{}') INTO ids FROM moved;
		PERFORM flows_log(of_network, 'client_host_id', ids, from_id, into_id);
		WITH moved AS (
			UPDATE flow w SET server_host_id = into_id FROM (SELECT DISTINCT ip, vlan FROM interface
				WHERE host_id = from_id AND ip IS NOT NULL) i
			WHERE w.server = i.ip AND w.vlan = i.vlan AND w.server_host_id = from_id RETURNING w.id
		) SELECT coalesce(array_agg(id), '{}') INTO ids FROM moved;
		PERFORM flows_log(of_network, 'server_host_id', ids, from_id, into_id);

		FOR one IN SELECT id FROM equal_interfaces(of_network, into_id, from_id) LOOP
			-- Asked again for each: the one before may have given its MAC.
			SELECT e.into_id INTO twin FROM equal_interfaces(of_network, into_id, from_id) e WHERE e.id = one;
			CONTINUE WHEN twin IS NULL;
			SELECT * INTO face FROM interface WHERE id = one;
			UPDATE interface i SET mac = coalesce(i.mac, face.mac), vendor = coalesce(i.vendor, face.vendor),
				random_mac = i.random_mac OR face.random_mac, via = CASE WHEN coalesce(i.mac, face.mac) IS NULL THEN coalesce(i.via, face.via) END,
				name = coalesce(i.name, face.name), packets = i.packets + face.packets, bytes = i.bytes + face.bytes,
				packets_in = i.packets_in + face.packets_in, bytes_in = i.bytes_in + face.bytes_in,
				first_seen = least(i.first_seen, face.first_seen), last_seen = greatest(i.last_seen, face.last_seen)
			WHERE id = twin;
			UPDATE binding SET interface_id = twin WHERE interface_id = one;
			DELETE FROM interface WHERE id = one;
			mapped := json_put(mapped, one::text, twin);
		END LOOP;
		UPDATE interface SET host_id = into_id WHERE host_id = from_id;
	END IF;

	IF EXISTS (SELECT FROM service WHERE host_id = from_id) THEN
		FOR pair IN SELECT * FROM equal_services(of_network, into_id, from_id) LOOP
			FOR b IN SELECT * FROM binding WHERE service_id = pair.id LOOP
				SELECT o.id INTO to_port FROM port p JOIN port o ON o.host_id = into_id
					AND o.number = p.number AND o.protocol = p.protocol WHERE p.id = b.port_id;
				SELECT o.id INTO twin FROM binding o WHERE o.service_id = pair.into_id
					AND o.port_id IS NOT DISTINCT FROM coalesce(to_port, b.port_id)
					AND o.interface_id IS NOT DISTINCT FROM b.interface_id LIMIT 1;
				IF twin IS NULL THEN
					UPDATE binding SET service_id = pair.into_id, port_id = coalesce(to_port, port_id)
					WHERE id = b.id;
				ELSE
					PERFORM group_member_becomes(of_network, b.id, twin);
					DELETE FROM binding WHERE id = b.id;
					mapped := json_put(mapped, b.id::text, twin);
				END IF;
			END LOOP;
			UPDATE service s SET name = CASE WHEN s.name_source = 'manual' THEN s.name ELSE coalesce(
					CASE WHEN f.name_source = 'manual' THEN f.name END, s.name, f.name) END,
				name_source = CASE WHEN 'manual' IN (s.name_source, f.name_source) THEN 'manual' ELSE s.name_source END,
				tags = ARRAY(SELECT DISTINCT unnest(s.tags || f.tags)), clients = greatest(s.clients, f.clients),
				service_definition = coalesce(s.service_definition, f.service_definition),
				first_seen = least(s.first_seen, f.first_seen), last_seen = greatest(s.last_seen, f.last_seen)
			FROM service f WHERE s.id = pair.into_id AND f.id = pair.id;
			DELETE FROM service WHERE id = pair.id;
			mapped := json_put(mapped, pair.id::text, pair.into_id);
		END LOOP;
		UPDATE service SET host_id = into_id WHERE host_id = from_id;
	END IF;

	IF EXISTS (SELECT FROM port WHERE host_id = from_id) THEN
		FOR pair IN SELECT f.id, o.id AS into_id FROM port f JOIN port o ON o.host_id = host_absorb.into_id
			AND o.number = f.number AND o.protocol = f.protocol WHERE f.host_id = from_id LOOP
			UPDATE binding SET port_id = pair.into_id WHERE port_id = pair.id;
			DELETE FROM port WHERE id = pair.id;
			mapped := json_put(mapped, pair.id::text, pair.into_id);
		END LOOP;
		UPDATE port SET host_id = into_id WHERE host_id = from_id;
	END IF;

	WITH old AS (
		DELETE FROM presence WHERE host_id = from_id RETURNING *
	) INSERT INTO presence SELECT of_network, into_id, since, until FROM old
	ON CONFLICT (network_id, host_id, since) DO UPDATE SET until = greatest(presence.until, excluded.until);

	PERFORM rules_follow(of_network, into_id, from_id);
	-- What facts wrote of the two is one already. A person's edits win; of two persons', the host's that stays.
	UPDATE host h SET
		(name, name_source, name_kind, name_last) = (SELECT n.name, n.name_source, n.name_kind, n.name_last
			FROM (VALUES (h.name, h.name_source, h.name_kind, h.name_last, 0), (f.name, f.name_source, f.name_kind, f.name_last, 1))
				n (name, name_source, name_kind, name_last, place)
			ORDER BY n.name IS NULL, n.name_source IS DISTINCT FROM 'manual', name_rank(n.name_source, n.name_kind), n.place LIMIT 1),
		vendor = coalesce(h.vendor, f.vendor), chassis = coalesce(h.chassis, f.chassis),
		first_seen = least(h.first_seen, f.first_seen), last_seen = greatest(h.last_seen, f.last_seen),
		present_since = CASE WHEN by_person THEN least(h.present_since, f.present_since) ELSE h.present_since END,
		description = coalesce(h.description, f.description), hidden = h.hidden AND f.hidden,
		tags = ARRAY(SELECT DISTINCT unnest(h.tags || f.tags) ORDER BY 1), virtualization = coalesce(h.virtualization, f.virtualization),
		origin = CASE WHEN 'manual' IN (h.origin, f.origin) THEN 'manual' ELSE h.origin END
	FROM host f WHERE h.id = into_id AND f.id = from_id
		AND (by_person OR f.description IS NOT NULL OR f.tags <> '{}' OR f.virtualization IS NOT NULL OR f.origin = 'manual');
	PERFORM set_config('netvisor.edits', coalesce(edits, ''), true);
	RETURN mapped;
END $$;

-- The same for what facts decided: the row that keeps what undoing needs is there already (consolidation_record).
CREATE FUNCTION host_absorb_noted(of_network uuid, into_id uuid, from_id uuid, of_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	mapped jsonb := host_absorb(of_network, into_id, from_id);
BEGIN
	UPDATE consolidation SET kept = kept || jsonb_build_object('mapped', mapped, 'merged', (SELECT to_jsonb(h) FROM host h
		WHERE h.id = into_id)) WHERE id = of_id;
END $$;

-- Flows went from one host to another on this side: their entries, and their traffic.
CREATE FUNCTION flows_log(of_network uuid, side text, ids uuid[], was uuid, is_now uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF cardinality(ids) = 0 THEN
		RETURN;
	ELSIF side = 'client_host_id' THEN
		UPDATE traffic_minute SET client_host_id = is_now WHERE flow_id = ANY (ids) AND client_host_id = was;
	ELSE
		UPDATE traffic_minute SET server_host_id = is_now WHERE flow_id = ANY (ids) AND server_host_id = was;
	END IF;
	PERFORM changes_append(of_network, 'flow', ids, array_fill(jsonb_build_object(side, was), ARRAY[cardinality(ids)]),
		array_fill(jsonb_build_object(side, is_now), ARRAY[cardinality(ids)]));
END $$;

-- The network of two hosts, with its row locked; refused when they can't be made one.
CREATE FUNCTION consolidation_lock(into_id uuid, other_id uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	ours uuid := (SELECT network_id FROM host WHERE id = into_id);
	theirs uuid := (SELECT network_id FROM host WHERE id = other_id);
BEGIN
	IF ours IS NULL OR theirs IS NULL THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such host';
	ELSIF into_id = other_id THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = 'a host can''t be consolidated with itself: choose another one';
	ELSIF ours <> theirs THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = 'these hosts are of different networks, where the same address may be another device';
	END IF;
	PERFORM 1 FROM network WHERE id = ours FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE SQLSTATE 'NV403' USING MESSAGE = 'your role may look at this network, and not change it';
	END IF;
	-- Somebody may have been faster.
	IF (SELECT count(*) FROM host WHERE network_id = ours AND id IN (into_id, other_id)) < 2 THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'one of these hosts has just been consolidated or deleted';
	END IF;
	RETURN ours;
END $$;

-- The other host becomes part of the first, by a person's word that later facts keep. The consolidation's row is there.
CREATE FUNCTION consolidation_do(of_network uuid, of_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	c consolidation;
	mapped jsonb;
BEGIN
	SELECT * INTO c FROM consolidation WHERE id = of_id;
	c.kept := host_snapshot(of_network, c.other_host_id) || jsonb_build_object('into',
		(SELECT to_jsonb(h) FROM host h WHERE h.id = c.host_id));
	mapped := host_absorb(of_network, c.host_id, c.other_host_id);
	DELETE FROM host WHERE id = c.other_host_id;
	DELETE FROM identity_rule WHERE network_id = of_network AND kind = 'same' AND host_id <> c.host_id
		AND mac IN (SELECT mac FROM interface WHERE host_id = c.host_id);
	INSERT INTO identity_rule (network_id, kind, host_id, mac, ip, vlan, consolidation_id, made_by)
	SELECT DISTINCT of_network, 'same', c.host_id, CASE WHEN NOT mac_is_shared(i.mac) THEN i.mac END,
		CASE WHEN i.mac IS NULL OR mac_is_shared(i.mac) THEN i.ip END,
		CASE WHEN i.mac IS NULL OR mac_is_shared(i.mac) THEN i.vlan END, c.id, acting_user()
	FROM interface i WHERE i.host_id = c.host_id
		AND (i.ip IS NOT NULL OR NOT mac_is_shared(i.mac))
	ON CONFLICT DO NOTHING;
	UPDATE consolidation SET state = 'done', decided_at = clock_timestamp(), made_by = acting_user(), kept = c.kept
		|| jsonb_build_object('mapped', mapped, 'merged', (SELECT to_jsonb(h) FROM host h
			WHERE h.id = c.host_id))
	WHERE id = of_id;
	PERFORM evidence_unsettle_hosts(of_network, ARRAY[c.host_id]);
END $$;

-- By hand.
CREATE FUNCTION consolidate(into_id uuid, other_id uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	ours uuid := consolidation_lock(into_id, other_id);
	c consolidation;
BEGIN
	INSERT INTO consolidation (network_id, id, host_id, other_host_id, host_name, other_name, state, origin, rule, reason)
	VALUES (ours, gen_random_uuid(), into_id, other_id, host_label(ours, into_id), host_label(ours, other_id), 'proposed', 'manual',
		'manual', 'a person said that they are one') RETURNING * INTO c;
	DELETE FROM consolidation o WHERE o.network_id = ours AND o.state = 'proposed' AND o.id <> c.id
		AND into_id IN (o.host_id, o.other_host_id) AND other_id IN (o.host_id, o.other_host_id);
	DELETE FROM identity_rule WHERE network_id = ours AND kind = 'apart' AND into_id IN (host_id, other_host_id)
		AND other_id IN (host_id, other_host_id);
	-- So that host_absorb() does not take it for a proposal of the two.
	UPDATE consolidation SET state = 'done' WHERE network_id = ours AND id = c.id;
	PERFORM consolidation_do(ours, c.id), decision_note(ours, 'consolidate', c);
	RETURN c.id;
END $$;

-- A proposal is taken (its hosts become one) or rejected (they never do by facts).
CREATE FUNCTION consolidation_decide(of_id uuid, accepted boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	c consolidation;
BEGIN
	SELECT * INTO c FROM consolidation WHERE id = of_id;
	IF c.id IS NULL THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such consolidation';
	ELSIF c.state <> 'proposed' THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = format('this is no proposal any more: it is %s', c.state);
	END IF;
	PERFORM consolidation_lock(c.host_id, c.other_host_id);
	UPDATE consolidation SET state = CASE WHEN accepted THEN 'done' ELSE 'rejected' END, decided_at = clock_timestamp(),
		made_by = acting_user() WHERE id = of_id AND state = 'proposed';
	IF NOT FOUND THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = 'somebody else has just decided this proposal';
	ELSIF accepted THEN
		PERFORM consolidation_do(c.network_id, of_id);
	ELSE
		PERFORM hosts_apart(c.network_id, c.host_id, c.other_host_id, of_id);
	END IF;
	PERFORM decision_note(c.network_id, CASE WHEN accepted THEN 'accept' ELSE 'reject' END, c);
END $$;

-- A row as it was kept, with what columns were added since from one that is there.
CREATE FUNCTION host_restore(of_network uuid, kept jsonb, owner uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO host SELECT (jsonb_populate_record(NULL::host, to_jsonb(h) || (kept->'host') || jsonb_build_object(
		'revision', (kept->'host'->>'revision')::integer + 1, 'updated_at', now(),
		'tags', (SELECT coalesce(jsonb_agg(t), '[]') FROM jsonb_array_elements(kept->'host'->'tags') t
			WHERE EXISTS (SELECT FROM tag WHERE id = (t#>>'{}')::uuid))))).*
	FROM host h WHERE h.id = owner;
END $$;

-- Interfaces go back: those that were kept, those of the same MACs that came since, and those that gave way to equal ones.
CREATE FUNCTION interfaces_restore(of_network uuid, kept jsonb, owner uuid, back uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	was jsonb;
	of_row interface;
	twin uuid;
BEGIN
	UPDATE interface i SET host_id = back WHERE i.host_id = owner
		AND (i.id IN (SELECT (k->>'id')::uuid FROM jsonb_array_elements(kept->'interfaces') k)
			OR (NOT mac_is_shared(i.mac) AND i.mac IN (SELECT (k->>'mac')::macaddr FROM jsonb_array_elements(kept->'interfaces') k)
				AND i.id NOT IN (SELECT value::uuid FROM jsonb_each_text(kept->'mapped'))));
	FOR was IN SELECT * FROM jsonb_array_elements(kept->'interfaces') LOOP
		of_row := jsonb_populate_record(NULL::interface, was);
		-- An address that got its MAC by becoming part of the other host had none of its own.
		UPDATE interface SET mac = NULL, vendor = NULL, random_mac = false, via = of_row.via
		WHERE id = of_row.id AND host_id = back AND of_row.mac IS NULL AND mac IS NOT NULL;
		CONTINUE WHEN EXISTS (SELECT FROM interface i WHERE (i.id = of_row.id
			OR (i.host_id = back AND i.vlan = of_row.vlan AND i.mac IS NOT DISTINCT FROM of_row.mac AND i.ip IS NOT DISTINCT FROM of_row.ip)));
		twin := coalesce((kept->'mapped'->>of_row.id::text)::uuid, (SELECT i.id FROM interface i WHERE i.host_id = owner AND i.ip = of_row.ip AND i.vlan = of_row.vlan ORDER BY i.mac IS NULL LIMIT 1));
		-- What it had counted it takes along; the MAC that it brought too.
		UPDATE interface i SET packets = greatest(i.packets - of_row.packets, 0), bytes = greatest(i.bytes - of_row.bytes, 0),
			packets_in = greatest(i.packets_in - of_row.packets_in, 0), bytes_in = greatest(i.bytes_in - of_row.bytes_in, 0),
			mac = CASE WHEN brought THEN NULL ELSE i.mac END, vendor = CASE WHEN brought THEN NULL ELSE i.vendor END,
			random_mac = i.random_mac AND NOT brought
		FROM (SELECT kept->'mapped' ? of_row.id::text AND of_row.mac IS NOT NULL AND i.ip IS NOT NULL AS brought
			FROM interface i WHERE i.id = twin) x
		WHERE i.id = twin;
		INSERT INTO interface SELECT (jsonb_populate_record(NULL::interface, coalesce(to_jsonb(t), '{}') || was || jsonb_build_object(
			'host_id', back, 'subnet_id', (SELECT s.id FROM subnet s WHERE s.id = of_row.subnet_id)))).*
		FROM (SELECT 1) x LEFT JOIN interface t ON t.id = twin;
	END LOOP;
END $$;

-- Services go back with their ports and bindings (service_moved()), those that gave way to equal ones are made again, and
-- what groups they were in has them again.
CREATE FUNCTION services_restore(of_network uuid, kept jsonb, owner uuid, back uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	was jsonb;
	one record;
	twin uuid;
BEGIN
	FOR was IN SELECT * FROM jsonb_array_elements(kept->'ports') LOOP
		UPDATE port p SET host_id = back WHERE p.id = (was->>'id')::uuid AND p.host_id = owner
			AND NOT EXISTS (SELECT FROM binding b JOIN service s ON s.id = b.service_id
				WHERE b.port_id = p.id
				AND s.id NOT IN (SELECT (k->>'id')::uuid FROM jsonb_array_elements(kept->'services') k));
	END LOOP;
	FOR was IN SELECT * FROM jsonb_array_elements(kept->'ports') k WHERE NOT EXISTS (SELECT FROM port p WHERE p.host_id = back AND p.number = (k->>'number')::integer AND p.protocol = k->>'protocol') LOOP
		INSERT INTO port SELECT (jsonb_populate_record(NULL::port, was || jsonb_build_object('host_id', back, 'id', CASE WHEN EXISTS
			(SELECT FROM port p WHERE p.id = (was->>'id')::uuid) THEN gen_random_uuid()
			ELSE (was->>'id')::uuid END))).*;
	END LOOP;
	UPDATE service s SET host_id = back WHERE s.host_id = owner
		AND (s.id IN (SELECT (k->>'id')::uuid FROM jsonb_array_elements(kept->'services') k)
			OR EXISTS (SELECT FROM interface i WHERE i.host_id = back AND i.ip = s.ip AND i.vlan = s.vlan)
			AND NOT EXISTS (SELECT FROM interface i WHERE i.host_id = owner AND i.ip = s.ip AND i.vlan = s.vlan));
	FOR was IN SELECT * FROM jsonb_array_elements(kept->'services') k WHERE NOT EXISTS (SELECT FROM service s
			WHERE s.id = (k->>'id')::uuid) LOOP
		-- As a person's, so that no binding is made for it but those that it had.
		INSERT INTO service SELECT (jsonb_populate_record(NULL::service, coalesce(to_jsonb(t), '{}') || was || jsonb_build_object(
			'host_id', back, 'origin', 'manual', 'tags', '[]'::jsonb))).*
		FROM (SELECT 1) x LEFT JOIN service t ON t.id = (kept->'mapped'->>(was->>'id'))::uuid;
		UPDATE service SET origin = was->>'origin', tags = ARRAY(SELECT t.id FROM jsonb_array_elements_text(was->'tags') k
			JOIN tag t ON t.id = k::uuid) WHERE id = (was->>'id')::uuid;
	END LOOP;
	FOR was IN SELECT * FROM jsonb_array_elements(kept->'bindings') k WHERE EXISTS (SELECT FROM service s WHERE s.id = (k->>'service_id')::uuid AND s.host_id = back) LOOP
		twin := (SELECT o.id FROM jsonb_array_elements(kept->'ports') k JOIN port o ON o.host_id = back
			AND o.number = (k->>'number')::integer AND o.protocol = k->>'protocol' WHERE k->>'id' = was->>'port_id');
		was := was || jsonb_build_object('port_id', twin, 'interface_id', (SELECT i.id FROM interface i WHERE i.host_id = back AND i.id = (was->>'interface_id')::uuid));
		CONTINUE WHEN was->>'port_id' IS NULL AND was->>'interface_id' IS NULL;
		UPDATE binding SET service_id = (was->>'service_id')::uuid, port_id = twin, interface_id = (was->>'interface_id')::uuid
		WHERE id = (was->>'id')::uuid;
		IF NOT FOUND THEN
			INSERT INTO binding SELECT (jsonb_populate_record(NULL::binding, was)).*;
		END IF;
	END LOOP;
	FOR one IN SELECT g.key::uuid AS id, ARRAY(SELECT m::uuid FROM jsonb_array_elements_text(g.value) m) AS members
			FROM jsonb_each(kept->'groups') g LOOP
		PERFORM group_members_return(of_network, one.id, one.members, kept->'mapped');
	END LOOP;
END $$;

-- Members that gave way are back: in the place of what they became, unless that had been a member beside them.
CREATE FUNCTION group_members_return(of_network uuid, of_group uuid, members uuid[], mapped jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	member uuid;
	twin uuid;
BEGIN
	FOREACH member IN ARRAY members LOOP
		twin := (mapped->>member::text)::uuid;
		CONTINUE WHEN twin IS NULL OR NOT EXISTS (SELECT FROM binding b WHERE b.id = member);
		UPDATE service_group SET binding_ids = CASE WHEN twin = ANY (members) OR NOT twin = ANY (binding_ids)
			THEN binding_ids || member ELSE array_replace(binding_ids, twin, member) END
		WHERE id = of_group AND NOT member = ANY (binding_ids);
	END LOOP;
END $$;

-- What the first host took over from the other, and nobody has changed since, is as it was before.
CREATE FUNCTION host_give_back(of_network uuid, owner uuid, was jsonb, merged jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE host h SET (name, name_source, name_kind, name_last, vendor, chassis, first_seen, present_since, description, hidden, tags, virtualization,
		origin) =
		(SELECT r.name, r.name_source, r.name_kind, r.name_last, r.vendor, r.chassis, r.first_seen, r.present_since, r.description, r.hidden,
			r.tags, r.virtualization, r.origin
		FROM jsonb_populate_record(h, (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(was)
			WHERE to_jsonb(h)->key = merged->key AND (key NOT LIKE 'name%' OR h.name IS NOT DISTINCT FROM merged->>'name'))) r)
	WHERE h.id = owner AND was->>'id' = owner::text
$$;

-- The other host is there again, with what it had; what came to its interfaces since is its own. Facts never join the two again.
CREATE FUNCTION consolidation_undo(of_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	c consolidation;
	owner uuid;
	edits text := current_setting('netvisor.edits', true);
BEGIN
	SELECT * INTO c FROM consolidation WHERE id = of_id;
	IF c.id IS NULL THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such consolidation';
	END IF;
	PERFORM 1 FROM network WHERE id = c.network_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE SQLSTATE 'NV403' USING MESSAGE = 'your role may look at this network, and not change it';
	END IF;
	SELECT * INTO c FROM consolidation WHERE id = of_id;
	owner := host_now(c.network_id, c.host_id);
	IF c.state <> 'done' THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = format('only what was done can be undone: this one is %s', c.state);
	ELSIF owner IS NULL THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = 'the host that it became part of has been deleted since';
	ELSIF EXISTS (SELECT FROM host WHERE id = c.other_host_id) THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = 'the other host is there already';
	END IF;
	PERFORM set_config('netvisor.edits', 'on', true);
	PERFORM host_restore(c.network_id, c.kept, owner);
	PERFORM interfaces_restore(c.network_id, c.kept, owner, c.other_host_id);
	PERFORM services_restore(c.network_id, c.kept, owner, c.other_host_id);
	PERFORM flows_return(c.network_id, owner, c.other_host_id), presence_return(c.network_id, c.kept, owner, c.other_host_id);
	PERFORM host_give_back(c.network_id, owner, c.kept->'into', c.kept->'merged');
	UPDATE host h SET last_seen = greatest(CASE WHEN h.id = owner THEN coalesce((c.kept->'into'->>'last_seen')::timestamptz,
		h.last_seen) ELSE h.last_seen END, (SELECT max(i.last_seen) FROM interface i
		WHERE i.host_id = h.id)) WHERE id IN (owner, c.other_host_id);
	PERFORM set_config('netvisor.edits', coalesce(edits, ''), true);

	DELETE FROM identity_rule WHERE kind = 'same' AND consolidation_id = of_id;
	UPDATE identity_rule r SET host_id = c.other_host_id WHERE r.kind = 'same' AND r.host_id = owner
		AND EXISTS (SELECT FROM interface i WHERE i.host_id = c.other_host_id
			AND (i.mac = r.mac OR (r.mac IS NULL AND i.ip = r.ip AND i.vlan = r.vlan)));
	PERFORM hosts_apart(c.network_id, owner, c.other_host_id, of_id);
	PERFORM hosts_apart(c.network_id, c.other_host_id, a::uuid, of_id) FROM jsonb_array_elements_text(c.kept->'apart') a
	WHERE EXISTS (SELECT FROM host WHERE id = a::uuid);
	UPDATE consolidation SET state = 'undone', undone_at = clock_timestamp(), undone_by = acting_user(), kept = NULL
	WHERE id = of_id;
	PERFORM decision_note(c.network_id, 'undo', c), evidence_unsettle_hosts(c.network_id, ARRAY[owner, c.other_host_id]);
END $$;

-- When the other host was there is its own again; of a time that both have nothing is taken away.
CREATE FUNCTION presence_return(of_network uuid, kept jsonb, owner uuid, back uuid) RETURNS void LANGUAGE sql AS $$
	WITH its AS (
		SELECT p.* FROM jsonb_populate_recordset(NULL::presence, kept->'presence') p
	), gone AS (
		DELETE FROM presence p USING its WHERE p.host_id = owner AND p.since = its.since AND p.until = its.until
	)
	INSERT INTO presence (network_id, host_id, since, until) SELECT of_network, back, since, until FROM its ON CONFLICT DO NOTHING
$$;

-- Flows of addresses that only the one has are its own.
CREATE FUNCTION flows_return(of_network uuid, owner uuid, back uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	ids uuid[];
BEGIN
	WITH moved AS (
		UPDATE flow w SET client_host_id = back FROM flow_addresses(of_network, owner, back) i
		WHERE w.client = i.ip AND w.vlan = i.vlan AND w.client_host_id = owner RETURNING w.id
	) SELECT coalesce(array_agg(id), '{}') INTO ids FROM moved;
	PERFORM flows_log(of_network, 'client_host_id', ids, owner, back);
	WITH moved AS (
		UPDATE flow w SET server_host_id = back FROM flow_addresses(of_network, owner, back) i
		WHERE w.server = i.ip AND w.vlan = i.vlan AND w.server_host_id = owner RETURNING w.id
	) SELECT coalesce(array_agg(id), '{}') INTO ids FROM moved;
	PERFORM flows_log(of_network, 'server_host_id', ids, owner, back);
END $$;

CREATE FUNCTION flow_addresses(of_network uuid, owner uuid, back uuid) RETURNS TABLE (ip inet, vlan integer[]) LANGUAGE sql STABLE AS $$
	SELECT DISTINCT i.ip, i.vlan FROM interface i WHERE i.host_id = back AND i.ip IS NOT NULL
		AND NOT EXISTS (SELECT FROM interface o WHERE o.host_id = owner AND o.ip = i.ip AND o.vlan = i.vlan)
$$;

SELECT pin_functions();

-- SPDX-License-Identifier: BSD-2-Clause
-- Reading the past: the change log as people and programs ask for it, and how long each network keeps it.

-- retention_days: of the log, presence and traffic; NULL for what --change-days says. changes_from: what was before
-- this has left the log.
ALTER TABLE network
	ADD COLUMN changes_from timestamptz;

-- Where the log says that something went from one host to another, or left with its host. Such entries are few, and
-- an entry that only makes something is not among them.
CREATE INDEX change_left ON change (network_id, (before->>'host_id'), seq) WHERE before ? 'host_id';
CREATE INDEX change_came ON change (network_id, (after->>'host_id'), seq) WHERE before ? 'host_id';

-- The network's own entries have the id that `seen` has, of which there are many.
CREATE INDEX change_of_network ON change (network_id, seq) WHERE entity = 'network';

-- What went from this host or came to it. It looks as the tables' owner, after asking whether the caller may see the
-- network: under row-level security these indexes can't be used.
CREATE FUNCTION history_moves(of_network uuid, of_host uuid)
RETURNS TABLE (entity text, id uuid, seq bigint, at timestamptz, from_host uuid, to_host uuid, address text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 AS $$
	SELECT c.entity, c.id, c.seq, c.at, of_host, (c.after->>'host_id')::uuid, coalesce(c.before->>'ip', c.before->>'mac')
	FROM change c
	WHERE of_network = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[])
	AND c.network_id = of_network AND c.before ? 'host_id' AND c.before->>'host_id' = of_host::text
	UNION ALL
	SELECT c.entity, c.id, c.seq, c.at, (c.before->>'host_id')::uuid, of_host, NULL
	FROM change c
	WHERE of_network = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[])
	AND c.network_id = of_network AND c.before ? 'host_id' AND c.after->>'host_id' = of_host::text
$$;

-- Columns that move while nothing has changed: not history.
CREATE FUNCTION history_volatile() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT '{last_seen,packets,bytes,packets_in,bytes_in,packets_back,bytes_back,connections,clients,rtt_us,counters,losses}'::text[]
$$;

-- Those, and what every edit raises.
CREATE FUNCTION history_noise() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT '{last_seen,packets,bytes,packets_in,bytes_in,packets_back,bytes_back,connections,clients,rtt_us,counters,losses,revision,updated_at}'::text[]
$$;

-- A time from one to another, of at most 400 days.
CREATE FUNCTION history_span(since timestamptz, until timestamptz) RETURNS tstzrange
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	IF since >= until THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = '"from" must be before "to", and in the past';
	ELSIF until - since > interval '400 days' THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = 'that would be more than 400 days: ask for a shorter time';
	END IF;
	RETURN tstzrange(since, until);
END $$;

-- Whether an entry says something to a person.
CREATE FUNCTION history_tells(entity text, before jsonb, after jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT entity <> 'seen' AND (before IS NULL OR after IS NULL OR after - history_noise() <> '{}')
$$;

-- Objects laid over one another in the order of the aggregate: a key's last value stays.
CREATE AGGREGATE jsonb_merge(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}', PARALLEL = SAFE);

-- The network that a transaction is about: the one it names, or else the first that it sees.
CREATE FUNCTION history_network() RETURNS uuid
LANGUAGE sql STABLE AS $$
	SELECT id FROM network WHERE id = coalesce(nullif(current_setting('netvisor.network', true), '')::uuid, id)
	ORDER BY created_at, id LIMIT 1
$$;

CREATE FUNCTION history_networks() RETURNS uuid[]
LANGUAGE sql STABLE AS $$
	SELECT coalesce(nullif(current_setting('netvisor.networks', true), '')::uuid[], '{}')
$$;

-- The network of a thing, by the log; of a host also when the log knows nothing of it any more.
CREATE FUNCTION history_network_of(of_entity text, of_id uuid) RETURNS uuid
LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT h.network_id FROM host h WHERE of_entity = 'host' AND h.id = of_id),
		(SELECT n.id FROM unnest(history_networks()) AS n (id) WHERE EXISTS (SELECT FROM change c
			WHERE c.network_id = n.id AND c.entity = of_entity AND c.id = of_id) LIMIT 1))
$$;

-- From when on the log of the network tells everything.
CREATE FUNCTION history_since() RETURNS timestamptz
LANGUAGE sql STABLE AS $$
	SELECT coalesce(changes_from, created_at) FROM network WHERE id = history_network()
$$;

-- The number of the last entry of the network's log at a time. The log has no gap and its times do not go back, so
-- that it is found by halving, without an index. Refuses a time of which the log does not tell any more.
CREATE FUNCTION history_seq_at(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
	place network;
	high bigint;
	low bigint;
	middle bigint;
BEGIN
	SELECT * INTO place FROM network WHERE id = history_network();
	IF place.id IS NULL THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such network, or it is not yours to see';
	ELSIF moment < place.changes_from THEN
		RAISE SQLSTATE 'NV410' USING MESSAGE = format('the history of this network reaches back to %s: what was before is not kept any more',
			to_char(place.changes_from, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
	END IF;
	high := place.change_seq;
	low := coalesce((SELECT seq - 1 FROM change WHERE network_id = place.id ORDER BY seq LIMIT 1), high);
	WHILE low < high LOOP
		middle := (low + high + 1) / 2;
		IF (SELECT at FROM change WHERE network_id = place.id AND seq = middle) > moment THEN
			high := middle - 1;
		ELSE
			low := middle;
		END IF;
	END LOOP;
	RETURN low;
END $$;

-- Of the keys that both have, those whose values are not the same, as the first has them; what moves by itself left out.
CREATE FUNCTION json_both_changed(of jsonb, than jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(of - history_noise())
	WHERE than ? key AND value IS DISTINCT FROM than->key
$$;

-- What has a history, by name. Ports come and go with their services, without entries of their own.
CREATE FUNCTION history_entities() RETURNS SETOF text
LANGUAGE sql STABLE AS $$
	SELECT substr(relname, 6) FROM pg_class
	WHERE relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'live_host'::regclass) AND relkind = 'v'
	AND starts_with(relname, 'live_') AND relname <> 'live_port' ORDER BY 1
$$;

-- The rows of an entity as the live feed has them: these, or all (NULL). None of an entity that is not shown.
CREATE FUNCTION live_rows(of_entity text, ids uuid[]) RETURNS TABLE (id uuid, content jsonb)
LANGUAGE plpgsql STABLE ROWS 1000 AS $$
DECLARE
	source regclass := to_regclass(quote_ident('live_' || of_entity));
BEGIN
	IF source IS NULL THEN
		RETURN;
	ELSIF ids IS NULL THEN
		RETURN QUERY EXECUTE format('SELECT v.id, to_jsonb(v) FROM %s v', source);
	ELSE
		RETURN QUERY EXECUTE format('SELECT v.id, to_jsonb(v) FROM %s v WHERE v.id = ANY ($1)', source) USING ids;
	END IF;
END $$;

-- Keep these rows for the rest of the transaction, for the entries that will say that they are gone (change_write).
CREATE FUNCTION rows_keep(of_entity text, ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('netvisor.gone', (coalesce(nullif(current_setting('netvisor.gone', true), ''), '{}')::jsonb
		|| coalesce((SELECT jsonb_object_agg(r.id, r.content) FROM live_rows(of_entity, ids) r), '{}'))::text, true);
END $$;

CREATE FUNCTION live_ids(of_entity text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 1000 AS $$
DECLARE
	source regclass := to_regclass(quote_ident('live_' || of_entity));
BEGIN
	IF source IS NOT NULL THEN
		RETURN QUERY EXECUTE format('SELECT v.id FROM %s v', source);
	END IF;
END $$;

CREATE FUNCTION history_port(ip text, port text, proto text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN position(':' IN ip) > 0 THEN '[' || ip || ']' ELSE coalesce(ip, '') END || ':' || coalesce(port, '?')
		|| '/' || coalesce(proto, '?')
$$;

-- What a person would call a row.
CREATE FUNCTION history_label(entity text, content jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE entity
		WHEN 'host' THEN content->>'name'
		WHEN 'interface' THEN nullif(concat_ws(' ', content->>'ip', content->>'mac'), '')
		WHEN 'service' THEN CASE WHEN content ? 'port' THEN concat_ws(' ', content->>'name',
			history_port(content->>'ip', content->>'port', content->>'proto')) ELSE content->>'name' END
		WHEN 'flow' THEN CASE WHEN content ? 'port' THEN (content->>'client') || ' → '
			|| history_port(content->>'server', content->>'port', content->>'proto') END
		WHEN 'port' THEN (content->>'number') || '/' || (content->>'protocol')
		ELSE coalesce(content->>'name', content->>'cidr') END
$$;

CREATE FUNCTION history_kind(entity text, before jsonb, after jsonb, edited boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN entity = 'service' AND after ? 'state' AND (before IS NULL OR before ? 'state') AND NOT after ? 'host_id'
			OR entity = 'service' AND before IS NULL
			THEN CASE WHEN after->>'state' = 'closed' THEN 'service_closed' ELSE 'service_opened' END
		WHEN before IS NULL THEN CASE WHEN entity IN ('host', 'flow') THEN 'appeared'
			WHEN entity = 'interface' THEN 'address_added' ELSE 'created' END
		WHEN after IS NULL THEN CASE WHEN entity IN ('host', 'flow') THEN 'gone'
			WHEN entity = 'interface' THEN 'address_removed' WHEN entity = 'service' THEN 'service_removed'
			ELSE 'deleted' END
		WHEN after ? 'host_id' THEN 'moved'
		WHEN entity = 'host' AND (after->>'present_since')::float8 > (before->>'present_since')::float8 THEN 'back_after_absence'
		WHEN entity = 'sensor' AND after ? 'connected' THEN CASE WHEN (after->>'connected')::boolean THEN 'connected'
			ELSE 'disconnected' END
		WHEN after ? 'name' THEN 'renamed'
		WHEN entity = 'interface' AND after ?| '{ip,mac,vlan}' THEN 'address_changed'
		WHEN edited THEN 'edited'
		ELSE 'changed' END
$$;

-- What a host without a name is called: its first address, or one that it had.
CREATE FUNCTION history_address(entity text, of_id uuid) RETURNS text
LANGUAGE sql STABLE AS $$
	SELECT coalesce(
		(SELECT coalesce(host(i.ip), i.mac::text) FROM interface i WHERE i.host_id = of_id ORDER BY i.first_seen, i.id LIMIT 1),
		(SELECT m.address FROM history_moves(history_network_of('host', of_id), of_id) m
			WHERE m.address IS NOT NULL ORDER BY m.seq LIMIT 1))
	WHERE entity = 'host'
$$;

-- What a timeline is of: the row, or what it was when it went. No row: there is neither it nor a trace.
CREATE FUNCTION history_subject(of_network uuid, of_entity text, of_id uuid)
RETURNS TABLE (is_there boolean, label text, first_seen jsonb, last_seen jsonb)
LANGUAGE sql STABLE AS $$
	SELECT s.is_there, coalesce(history_label(of_entity, s.content), history_address(of_entity, of_id)),
		s.content->'first_seen', s.content->'last_seen'
	FROM (SELECT true AS is_there, r.content FROM live_rows(of_entity, ARRAY[of_id]) r
		UNION ALL (SELECT false, coalesce(c.before, '{}') FROM change c
			WHERE c.network_id = of_network AND c.entity = of_entity AND c.id = of_id ORDER BY c.seq DESC LIMIT 1)
		ORDER BY 1 DESC LIMIT 1) s
$$;

-- Entries as the API gives them, in the order in which they come.
CREATE FUNCTION history_entries(page change[]) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	WITH entry AS MATERIALIZED (
		SELECT * FROM unnest(page) WITH ORDINALITY
	), named AS MATERIALIZED (
		SELECT g.entity, r.id, r.content
		FROM (SELECT e.entity, array_agg(DISTINCT e.id) AS ids FROM entry e GROUP BY 1) g
		CROSS JOIN LATERAL live_rows(g.entity, g.ids) r
	)
	SELECT coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'at', seconds(e.at), 'entity', e.entity, 'id', e.id,
		'label', coalesce(history_label(e.entity, coalesce(n.content, e.before || coalesce(e.after, '{}'), e.after)),
			gone.label, CASE WHEN e.entity = 'host' THEN history_address('host', e.id) END),
		'op', CASE WHEN e.after IS NULL THEN 'delete' WHEN e.before IS NULL THEN 'insert' ELSE 'update' END,
		'kind', CASE WHEN merged.host_id IS NOT NULL THEN 'merged'
			ELSE history_kind(e.entity, e.before, e.after, e.actor IS NOT NULL) END,
		'into', merged.host_id,
		'before', e.before - CASE WHEN e.after IS NULL THEN '{}' ELSE history_noise() END,
		'after', e.after - CASE WHEN e.before IS NULL THEN '{}' ELSE history_noise() END,
		'actor', jsonb_build_object(
			'type', CASE WHEN e.actor IS NOT NULL THEN 'person' WHEN e.evidence IS NOT NULL THEN 'sensor' ELSE 'system' END,
			'id', coalesce(e.actor, said.id), 'name', CASE WHEN e.actor IS NOT NULL THEN a.name ELSE said.name END),
		'evidence', to_jsonb(coalesce(e.evidence, '{}'))) ORDER BY e.ordinality), '[]')
	FROM entry e
	LEFT JOIN named n ON n.entity = e.entity AND n.id = e.id
	LEFT JOIN user_account a ON a.id = e.actor
	LEFT JOIN LATERAL (SELECT s.id, s.name FROM evidence v JOIN sensor s ON s.network_id = v.network_id AND s.id = v.sensor_id
		WHERE v.network_id = e.network_id AND v.id = e.evidence[1]) said ON true
	LEFT JOIN LATERAL (SELECT history_label(e.entity, d.before) AS label FROM change d
		WHERE n.id IS NULL AND d.network_id = e.network_id AND d.entity = e.entity AND d.id = e.id AND d.after IS NULL
		ORDER BY d.seq DESC LIMIT 1) gone ON true
	-- A host that goes when what was its own has just gone to another was merged into that.
	LEFT JOIN LATERAL (SELECT m.to_host AS host_id FROM history_moves(e.network_id, e.id) m
		WHERE e.entity = 'host' AND e.after IS NULL AND m.from_host = e.id AND m.to_host IS NOT NULL
		AND m.at BETWEEN e.at - interval '2 seconds' AND e.at + interval '2 seconds'
		ORDER BY m.seq DESC LIMIT 1) merged ON true
$$;

-- Whether this transaction is the one that looks after the database just now.
CREATE FUNCTION upkeep_turn() RETURNS boolean
LANGUAGE sql VOLATILE AS $$
	SELECT pg_try_advisory_xact_lock(7811170073)
$$;

-- Let the log of a network lose what is older, and say from when on it tells everything.
CREATE FUNCTION history_trim(of_network uuid, before timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	was bigint := (SELECT seq FROM change WHERE network_id = of_network ORDER BY seq LIMIT 1);
	first record;
BEGIN
	IF was IS NULL THEN
		RETURN;
	END IF;
	PERFORM set_config('lock_timeout', '2s', true);
	PERFORM change_drop(of_network, before);
	SELECT seq, at INTO first FROM change WHERE network_id = of_network ORDER BY seq LIMIT 1;
	IF first.seq IS DISTINCT FROM was THEN
		UPDATE network SET changes_from = least(first.at, before) WHERE id = of_network;
	END IF;
END $$;

SELECT pin_functions();

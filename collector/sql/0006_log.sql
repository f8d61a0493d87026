-- SPDX-License-Identifier: BSD-2-Clause
-- The write path: a log in parts that can be dropped, what is seen again and again apart from what rarely changes, traffic by
-- the minute, and when a host was there.

-- The change log: a part for each network, and in it chunks of numbers. change_ready: the last number that has a chunk;
-- change_chunk: how many numbers the next one takes; change_begun: when the last one was made.
ALTER TABLE network ADD COLUMN change_ready bigint NOT NULL DEFAULT 0,
	ADD COLUMN change_chunk bigint NOT NULL DEFAULT 65536,
	ADD COLUMN change_begun timestamptz NOT NULL DEFAULT now();
-- Every batch writes this row several times: leave it room beside itself.
ALTER TABLE network SET (fillfactor = 20);

ALTER TABLE change RENAME TO change_before;
ALTER INDEX change_pkey RENAME TO change_before_pkey;

-- An entry `seen` says which rows were seen again, and nothing else of them changed but when and how often: the live feed
-- reads what they are (live.sql). actor: who did it, when a person did.
CREATE TABLE change (
	network_id uuid NOT NULL,
	seq bigint NOT NULL,
	at timestamptz NOT NULL DEFAULT now(),
	entity text NOT NULL,
	id uuid NOT NULL,
	before jsonb,
	after jsonb,
	evidence uuid[],
	actor uuid DEFAULT nullif(current_setting('netvisor.user', true), '')::uuid,
	hosts uuid[],
	interfaces uuid[],
	services uuid[],
	flows uuid[],
	PRIMARY KEY (network_id, seq)
) PARTITION BY LIST (network_id);
-- Ids don't shrink: trying to would cost more than their room.
ALTER TABLE change ALTER hosts SET STORAGE EXTERNAL, ALTER interfaces SET STORAGE EXTERNAL, ALTER services SET STORAGE EXTERNAL,
	ALTER flows SET STORAGE EXTERNAL;
CREATE INDEX change_timeline ON change (network_id, id, seq);

CREATE TABLE change_chunk (
	network_id uuid NOT NULL,
	first_seq bigint NOT NULL,
	last_seq bigint NOT NULL,
	PRIMARY KEY (network_id, first_seq)
);

-- Make the chunk that follows. Tables are made first and attached then, which keeps no reader out.
CREATE FUNCTION change_chunk_add(of_network uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	part text := 'change_' || replace(of_network::text, '-', '');
	place network;
	chunk text;
	size bigint;
BEGIN
	SELECT * INTO place FROM network WHERE id = of_network FOR NO KEY UPDATE;
	-- What fills within hours takes more, what lasts for days less: old entries leave by whole chunks.
	size := CASE WHEN place.change_ready = 0 THEN place.change_chunk
		WHEN now() - place.change_begun < interval '6 hours' THEN least(place.change_chunk * 2, 4194304)
		WHEN now() - place.change_begun > interval '4 days' THEN greatest(place.change_chunk / 2, 8192)
		ELSE place.change_chunk END;
	IF to_regclass(part) IS NULL THEN
		EXECUTE format('CREATE TABLE %I (LIKE change INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (seq)', part);
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
		EXECUTE format('ALTER TABLE change ATTACH PARTITION %I FOR VALUES IN (%L)', part, of_network);
	END IF;
	chunk := part || '_' || (place.change_ready + 1);
	EXECUTE format('CREATE TABLE %I (LIKE change INCLUDING DEFAULTS INCLUDING STORAGE)', chunk);
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', chunk);
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', part, chunk,
		place.change_ready + 1, place.change_ready + size + 1);
	INSERT INTO change_chunk VALUES (of_network, place.change_ready + 1, place.change_ready + size);
	UPDATE network SET change_ready = place.change_ready + size, change_chunk = size, change_begun = now()
	WHERE id = of_network;
END $$;

-- Take n numbers, which locks the network's row: the last one before them, or NULL when there is no such network. The next
-- chunk is there before it is needed. In a statement that reads or writes the log none can be made: change_write() takes
-- numbers outside of it.
CREATE FUNCTION change_take(of_network uuid, n bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	last bigint;
	ready bigint;
	ahead bigint;
BEGIN
	UPDATE network SET change_seq = change_seq + n WHERE id = of_network
	RETURNING change_seq, change_ready, least(change_chunk / 4, 16384) INTO last, ready, ahead;
	WHILE last + ahead > ready LOOP
		BEGIN
			PERFORM change_chunk_add(of_network);
		EXCEPTION WHEN object_in_use THEN
			IF last > ready THEN
				RAISE;
			END IF;
			EXIT;
		END;
		SELECT change_ready INTO ready FROM network WHERE id = of_network;
	END LOOP;
	RETURN last - n;
END $$;

-- Entries in their order, numbered on from the network's last.
CREATE FUNCTION change_write(of_network uuid, entities text[], ids uuid[], befores jsonb[], afters jsonb[],
	evidences uuid[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	last bigint := CASE WHEN cardinality(ids) > 0 THEN change_take(of_network, cardinality(ids)) END;
	gone jsonb := nullif(current_setting('netvisor.gone', true), '');
BEGIN
	-- What goes was kept whole beforehand (rows_keep).
	IF gone IS NOT NULL AND array_position(afters, NULL) IS NOT NULL THEN
		befores := ARRAY(SELECT CASE WHEN e.after IS NULL THEN coalesce(gone->e.id::text, '{}') || e.before ELSE e.before END
			FROM unnest(ids, befores, afters) WITH ORDINALITY AS e (id, before, after, position) ORDER BY e.position);
	END IF;
	INSERT INTO change (network_id, seq, at, entity, id, before, after, evidence)
	SELECT of_network, last + e.position, clock_timestamp(), e.entity, e.id, e.before, e.after,
		CASE WHEN e.evidence IS NOT NULL THEN ARRAY[e.evidence] END
	FROM unnest(entities, ids, befores, afters, evidences) WITH ORDINALITY AS e (entity, id, before, after, evidence, position)
	WHERE last IS NOT NULL;
END $$;

-- One entry of the change log, and the word that there is one.
CREATE OR REPLACE FUNCTION change_append(of_network uuid, of_entity text, of_id uuid, was jsonb, is_now jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM change_write(of_network, ARRAY[of_entity], ARRAY[of_id], ARRAY[was], ARRAY[is_now]);
	PERFORM pg_notify('netvisor_change', of_network::text);
END $$;

CREATE FUNCTION network_begin() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	PERFORM change_chunk_add(NEW.id);
	RETURN NULL;
END $$;
CREATE TRIGGER network_begin AFTER INSERT ON network FOR EACH ROW EXECUTE FUNCTION network_begin();

-- Rows that were seen again, some hundreds an entry.
CREATE FUNCTION change_seen(of_network uuid, of_hosts uuid[], of_interfaces uuid[], of_services uuid[], of_flows uuid[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	most integer := 500;
	entries integer := (greatest(cardinality(of_hosts), cardinality(of_interfaces), cardinality(of_services),
		cardinality(of_flows)) + most - 1) / most;
	last bigint;
BEGIN
	IF coalesce(entries, 0) = 0 THEN
		RETURN;
	END IF;
	last := change_take(of_network, entries);
	INSERT INTO change (network_id, seq, at, entity, id, before, after, hosts, interfaces, services, flows)
	SELECT of_network, last + k, clock_timestamp(), 'seen', of_network, '{}', '{}',
		of_hosts[(k - 1) * most + 1 : k * most], of_interfaces[(k - 1) * most + 1 : k * most],
		of_services[(k - 1) * most + 1 : k * most], of_flows[(k - 1) * most + 1 : k * most]
	FROM generate_series(1, entries) k;
END $$;

-- Drop the chunks whose every entry is older. Returns the first number that is left.
CREATE FUNCTION change_drop(of_network uuid, older_than timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	one change_chunk;
BEGIN
	IF current_setting('netvisor.role', true) IS DISTINCT FROM 'system' THEN
		RAISE insufficient_privilege USING MESSAGE = 'the change log is cut by the upkeep alone';
	END IF;
	FOR one IN SELECT c.* FROM change_chunk c JOIN network n ON n.id = c.network_id
		WHERE c.network_id = of_network AND c.last_seq <= n.change_seq ORDER BY c.first_seq
	LOOP
		EXIT WHEN NOT coalesce((SELECT at < older_than FROM change WHERE network_id = of_network AND seq = one.last_seq), true);
		EXECUTE format('DROP TABLE %I', 'change_' || replace(of_network::text, '-', '') || '_' || one.first_seq);
		DELETE FROM change_chunk WHERE network_id = of_network AND first_seq = one.first_seq;
	END LOOP;
	RETURN (SELECT min(first_seq) FROM change_chunk WHERE network_id = of_network);
END $$;

-- What a sensor said, when and how often, apart from what it said: this is written again and again. epoch is the `first` of
-- its latest word, m0… its counters then (of the kind's MEASURE keys, in their order), counted its count; total (of m0) and
-- count add up all epochs. hash: of the values that it said. settled: said again with the same values it changes nothing but
-- when and how often, of the row that is its target; whatever makes that untrue says so by evidence_unsettle().
CREATE TABLE sighting (
	network_id uuid NOT NULL,
	id uuid NOT NULL,
	hash bigint NOT NULL,
	settled boolean NOT NULL,
	target uuid,
	epoch timestamptz NOT NULL,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	count bigint NOT NULL,
	total bigint NOT NULL,
	counted bigint NOT NULL,
	m0 bigint NOT NULL,
	m1 bigint NOT NULL,
	m2 bigint NOT NULL,
	m3 bigint NOT NULL,
	m4 bigint NOT NULL,
	PRIMARY KEY (network_id, id)
) WITH (fillfactor = 50);

INSERT INTO sighting (network_id, id, hash, settled, epoch, first_seen, last_seen, count, total, counted, m0, m1, m2, m3, m4)
SELECT network_id, id, 0, false, epoch, first_seen, last_seen, count, total, coalesce(measures[8], 0), coalesce(measures[1], 0),
	coalesce(measures[2], 0), coalesce(measures[3], 0), coalesce(measures[4], 0), coalesce(measures[5], 0)
FROM evidence;
ALTER TABLE evidence DROP COLUMN epoch, DROP COLUMN first_seen, DROP COLUMN last_seen, DROP COLUMN count, DROP COLUMN total,
	DROP COLUMN measures;

-- Both together: what was said, with its times and counters as they are now.
CREATE FUNCTION evidence_counters(kind text, s sighting) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT CASE kind
		WHEN 'host' THEN jsonb_build_object('packets', s.m0, 'bytes', s.m1, 'packets_in', s.m2, 'bytes_in', s.m3)
		WHEN 'flow' THEN jsonb_build_object('connections', s.m0, 'packets', s.m1, 'bytes', s.m2, 'packets_back', s.m3,
			'bytes_back', s.m4)
		WHEN 'loss' THEN jsonb_build_object('value', s.m0)
		ELSE '{}' END
$$;
CREATE VIEW evidence_now WITH (security_invoker = true) AS
	SELECT e.network_id, e.id, e.sensor_id, e.kind, e.source, e.confidence, e.vlan, e.mac, e.ip, e.rank,
		s.epoch, s.first_seen, s.last_seen, s.count, s.total, e.fact || jsonb_build_object('first', seconds(s.epoch), 'last',
		seconds(s.last_seen), 'count', s.counted) || evidence_counters(e.kind, s) AS fact
	FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id;
GRANT SELECT ON evidence_now TO netvisor_app;

-- Columns that move with every batch are in no index, and rows have room beside them: then they are written in place.
DROP INDEX interface_ip, flow_last_seen;
CREATE INDEX interface_ip ON interface (network_id, ip) WHERE ip IS NOT NULL;
CREATE INDEX service_ip ON service (network_id, ip);
ALTER TABLE host SET (fillfactor = 60);
ALTER TABLE interface SET (fillfactor = 60);
ALTER TABLE service SET (fillfactor = 60);
ALTER TABLE flow SET (fillfactor = 60);

-- When a host was there: since present_since it is; before, these.
ALTER TABLE host ADD COLUMN present_since timestamptz;
UPDATE host SET present_since = first_seen;
ALTER TABLE host ALTER COLUMN present_since SET NOT NULL, ALTER COLUMN present_since SET DEFAULT now();
CREATE TABLE presence (
	network_id uuid NOT NULL,
	host_id uuid NOT NULL,
	since timestamptz NOT NULL,
	until timestamptz NOT NULL,
	PRIMARY KEY (network_id, host_id, since)
);
CREATE OR REPLACE VIEW live_host WITH (security_invoker = true) AS
	SELECT id, name, name_source, vendor, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen,
		seconds(present_since) AS present_since FROM host;

-- Traffic by the minute in which it was told, of each flow; days are partitions. What is of no day that is kept lies in
-- traffic_minute_other.
CREATE TABLE traffic_minute (
	network_id uuid NOT NULL,
	at timestamptz NOT NULL,
	flow_id uuid NOT NULL,
	client_host_id uuid,
	server_host_id uuid,
	client inet NOT NULL,
	server inet NOT NULL,
	port integer NOT NULL,
	proto text NOT NULL,
	connections bigint NOT NULL,
	packets bigint NOT NULL,
	bytes bigint NOT NULL,
	packets_back bigint NOT NULL,
	bytes_back bigint NOT NULL,
	PRIMARY KEY (network_id, at, flow_id)
) PARTITION BY RANGE (at);
CREATE TABLE traffic_minute_other PARTITION OF traffic_minute DEFAULT;
ALTER TABLE traffic_minute_other ENABLE ROW LEVEL SECURITY;

-- Hours to which something came: the upkeep sums them anew (0015). rolling: it has taken note.
CREATE TABLE traffic_touched (
	network_id uuid NOT NULL,
	hour timestamptz NOT NULL,
	rolling boolean NOT NULL DEFAULT false,
	PRIMARY KEY (network_id, hour, rolling)
);

-- The partition of a day (of UTC), for days around now; what lay in the other one moves over.
CREATE FUNCTION traffic_day_add(of_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET timezone = 'UTC' SET search_path FROM CURRENT AS $$
DECLARE
	part text := 'traffic_minute_' || to_char(of_day, 'YYYYMMDD');
BEGIN
	IF to_regclass(part) IS NOT NULL OR of_day NOT BETWEEN current_date - 31 AND current_date + 7 THEN
		RETURN;
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('netvisor.' || part));
	IF to_regclass(part) IS NOT NULL THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE TABLE %I (LIKE traffic_minute INCLUDING DEFAULTS) WITH (fillfactor = 80)', part);
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
	EXECUTE format('WITH moved AS (DELETE FROM traffic_minute_other WHERE at >= %L AND at < %L RETURNING *)
		INSERT INTO %I SELECT * FROM moved', of_day, of_day + 1, part);
	EXECUTE format('ALTER TABLE traffic_minute ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, of_day, of_day + 1);
END $$;

-- Add to the minutes of flows that are there.
CREATE FUNCTION traffic_add(of_network uuid, of_flows uuid[], times timestamptz[], c bigint[], p bigint[], b bigint[],
	pb bigint[], bb bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	PERFORM traffic_day_add(day) FROM (SELECT DISTINCT (t AT TIME ZONE 'UTC')::date AS day FROM unnest(times) t) d;
	INSERT INTO traffic_minute AS t (network_id, at, flow_id, client_host_id, server_host_id, client, server, port, proto,
		connections, packets, bytes, packets_back, bytes_back)
	SELECT of_network, u.at, f.id, f.client_host_id, f.server_host_id, f.client, f.server, f.port, f.proto, u.c, u.p, u.b, u.pb, u.bb
	FROM unnest(of_flows, times, c, p, b, pb, bb) AS u (flow_id, at, c, p, b, pb, bb)
	JOIN flow f ON f.network_id = of_network AND f.id = u.flow_id
	ON CONFLICT (network_id, at, flow_id) DO UPDATE SET client_host_id = excluded.client_host_id,
		server_host_id = excluded.server_host_id, connections = t.connections + excluded.connections,
		packets = t.packets + excluded.packets, bytes = t.bytes + excluded.bytes,
		packets_back = t.packets_back + excluded.packets_back, bytes_back = t.bytes_back + excluded.bytes_back;
	INSERT INTO traffic_touched (network_id, hour) SELECT DISTINCT of_network, date_trunc('hour', u, 'UTC') FROM unnest(times) u
	ON CONFLICT DO NOTHING;
END $$;

-- What was said of these MACs and addresses goes the long way when it is said again.
CREATE FUNCTION evidence_unsettle(of_network uuid, macs macaddr[], ips inet[]) RETURNS void
LANGUAGE sql AS $$
	UPDATE sighting s SET settled = false
	FROM (SELECT id FROM evidence WHERE network_id = of_network AND mac = ANY (macs)
		UNION SELECT id FROM evidence WHERE network_id = of_network AND ip = ANY (ips)) e
	WHERE s.network_id = of_network AND s.id = e.id AND s.settled
$$;
-- The same, of all that these hosts have.
CREATE FUNCTION evidence_unsettle_hosts(of_network uuid, of_hosts uuid[]) RETURNS void
LANGUAGE sql AS $$
	SELECT evidence_unsettle(of_network, array_agg(DISTINCT mac), array_agg(DISTINCT ip))
	FROM interface WHERE network_id = of_network AND host_id = ANY (of_hosts)
$$;

-- How much of a table one round of the upkeep looks at, in percent: all of a small one.
CREATE FUNCTION clean_share(of_table text) RETURNS real
LANGUAGE sql STABLE AS $$
	SELECT least(100, 100 * 200000 / greatest(reltuples, 1))::real FROM pg_class WHERE oid = of_table::regclass
$$;

-- A network takes with it what it held. A check of each new row against it would cost more than the row.
ALTER TABLE host DROP CONSTRAINT host_network_id_fkey;
ALTER TABLE interface DROP CONSTRAINT interface_network_id_fkey;
ALTER TABLE service DROP CONSTRAINT service_network_id_fkey;
ALTER TABLE flow DROP CONSTRAINT flow_network_id_fkey;
ALTER TABLE evidence DROP CONSTRAINT evidence_network_id_fkey;
CREATE FUNCTION network_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['host', 'interface', 'service', 'flow', 'evidence', 'sighting', 'presence', 'traffic_minute',
		'traffic_touched', 'change_chunk', 'binding', 'port', 'identity_signal'] LOOP
		EXECUTE format('DELETE FROM %I WHERE network_id = $1', name) USING OLD.id;
	END LOOP;
	EXECUTE format('DROP TABLE IF EXISTS %I', 'change_' || replace(OLD.id::text, '-', ''));
	RETURN NULL;
END $$;
CREATE TRIGGER network_forget AFTER DELETE ON network FOR EACH ROW EXECUTE FUNCTION network_forget();

-- The log as it was, in one chunk a network, and one more that follows.
UPDATE network SET change_ready = (SELECT coalesce(min(seq), change_seq + 1) - 1 FROM change_before c WHERE c.network_id = network.id),
	change_chunk = greatest(65536, change_seq + 65536 - (SELECT coalesce(min(seq), change_seq + 1) FROM change_before c
		WHERE c.network_id = network.id));
SELECT change_chunk_add(id) FROM network;
INSERT INTO change (network_id, seq, at, entity, id, before, after, evidence, actor)
SELECT network_id, seq, at, entity, id, before, after, evidence, NULL FROM change_before;
UPDATE network SET change_chunk = 65536;
DROP TABLE change_before;

SELECT protect(name, 'observed') FROM unnest(ARRAY['sighting', 'presence', 'traffic_minute', 'traffic_touched']) name;
SELECT protect('change', 'log');
SELECT protect('change_chunk', 'system');
SELECT pin_functions();

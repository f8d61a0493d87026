-- SPDX-License-Identifier: BSD-2-Clause
-- What identity reads beside the candidates of ingest.sql, and what it writes. The transaction sees one network only.

-- What these MACs said of themselves; who else says the same, or what these facts say ($2 kinds, $3 values); and what those
-- others say. What too many say is cut: it tells nothing.
-- name: candidate_signals
SELECT s.id, s.kind, s.value, s.vlan, s.mac, host(s.ip), (extract(epoch FROM s.first_seen) * 1000000)::bigint,
	(extract(epoch FROM greatest(s.last_seen, g.last_seen)) * 1000000)::bigint, s.evidence
FROM signals_near($1::text[], $2::text[], $3::text[]) s LEFT JOIN sighting g ON g.id = s.evidence;

-- The hosts of those others, by their latest interfaces; columns as in candidate_hosts_and_interfaces.
-- name: candidate_near
SELECT f.* FROM (SELECT DISTINCT mac FROM signals_near($1::text[], $2::text[], $3::text[]) s WHERE mac IS NOT NULL
		AND NOT EXISTS (SELECT FROM unnest($1::text[]) m WHERE m::macaddr = s.mac)) k
	CROSS JOIN LATERAL (SELECT c.* FROM candidate_face c WHERE c.mac = k.mac ORDER BY c.last_seen DESC LIMIT 8) f
ORDER BY f.first_seen, f.id;

-- A person's word on these MACs and addresses, with the hosts that they are.
-- name: candidate_pins
WITH keys AS (
	SELECT DISTINCT v::integer[] AS vlan, m::macaddr AS mac, a::inet AS ip
	FROM unnest($1::text[], $2::text[], $3::text[]) AS k (v, m, a)
), rule AS (
	SELECT r.* FROM (SELECT DISTINCT mac FROM keys WHERE mac IS NOT NULL) k JOIN identity_rule r ON r.mac = k.mac
	UNION
	SELECT r.* FROM (SELECT DISTINCT ip, vlan FROM keys WHERE ip IS NOT NULL) k
		JOIN identity_rule r ON r.kind = 'same' AND r.mac IS NULL AND r.ip = k.ip AND r.vlan = k.vlan
)
SELECT f.*, r.mac, host(r.ip), r.vlan FROM rule r CROSS JOIN LATERAL (
	SELECT c.* FROM candidate_face c WHERE c.host_id = r.host_id ORDER BY c.first_seen LIMIT 1) f;

-- Which of these MACs, and of those that hold these addresses, are hops for others.
-- name: candidate_routers
WITH asked AS (
	SELECT m::macaddr AS mac FROM unnest($1::text[]) m WHERE m IS NOT NULL
	UNION SELECT i.mac FROM (SELECT DISTINCT a::inet AS ip FROM unnest($2::text[]) a WHERE a IS NOT NULL) k
		JOIN interface i ON i.ip = k.ip WHERE i.mac IS NOT NULL
)
SELECT mac FROM asked a WHERE EXISTS (SELECT FROM interface i WHERE i.via = a.mac);

-- The shortest prefix first: each is put in front of those before. Of more than a thousand the shortest are left out.
-- name: candidate_subnets
SELECT id, cidr::text, subnet_type = 'Internet' FROM (
	SELECT * FROM subnet ORDER BY masklen(cidr) > 0, masklen(cidr) DESC, id LIMIT 1000) s ORDER BY masklen(cidr), id;

-- name: signal_write
INSERT INTO identity_signal AS s (network_id, id, kind, value, mac, ip, vlan, evidence, first_seen, last_seen)
SELECT $1::uuid, u.id, u.kind, u.value, u.mac, u.ip, u.vlan::integer[], u.evidence,
	'epoch'::timestamptz + u.first_seen * interval '1 microsecond', 'epoch'::timestamptz + u.last_seen * interval '1 microsecond'
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::macaddr[], $6::inet[], $7::text[], $8::uuid[], $9::bigint[], $10::bigint[])
	AS u (id, kind, value, mac, ip, vlan, evidence, first_seen, last_seen)
ON CONFLICT (network_id, id) DO UPDATE SET evidence = coalesce(excluded.evidence, s.evidence),
	first_seen = least(s.first_seen, excluded.first_seen), last_seen = greatest(s.last_seen, excluded.last_seen);

-- An address that a person gave to a host has its MAC now: that is the host's, whoever has the address next.
-- name: pin_write
WITH pinned AS (
	SELECT u.* FROM unnest($2::macaddr[], $3::inet[], $4::text[], $5::uuid[]) AS u (mac, ip, vlan, host_id)
), gone AS (
	DELETE FROM identity_rule r USING pinned u
	WHERE r.network_id = $1::uuid AND r.kind = 'same' AND r.mac IS NULL AND r.ip = u.ip AND r.vlan = u.vlan::integer[]
	RETURNING u.mac, r.host_id, r.consolidation_id, r.made_by
)
INSERT INTO identity_rule (network_id, kind, host_id, mac, consolidation_id, made_by)
SELECT $1::uuid, 'same', host_id, mac, consolidation_id, made_by FROM gone ON CONFLICT DO NOTHING;

-- Hosts that are about to become others, as they are before it.
-- name: consolidation_record
INSERT INTO consolidation (network_id, id, host_id, other_host_id, host_name, other_name, state, origin, rule, reason, score,
	evidence, decided_at, kept)
SELECT $1::uuid, u.id, u.host_id, u.other_id, host_label($1::uuid, u.host_id), host_label($1::uuid, u.other_id), 'done', 'automatic',
	u.rule, u.reason, u.score, u.evidence::uuid[], clock_timestamp(), host_snapshot($1::uuid, u.other_id) || jsonb_build_object(
	'into', (SELECT to_jsonb(h) FROM host h WHERE h.network_id = $1::uuid AND h.id = u.host_id))
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::integer[], $8::text[])
	AS u (id, host_id, other_id, rule, reason, score, evidence)
WHERE EXISTS (SELECT FROM host h WHERE h.network_id = $1::uuid AND h.id = u.other_id);

-- What they have beside what facts wrote.
-- name: hosts_absorb
SELECT host_absorb_noted($1::uuid, u.host_id, u.other_id, u.id)
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS u (host_id, other_id, id);

-- name: decision_write
INSERT INTO decision (network_id, id, kind, host_id, other_host_id, rule, reason, score, evidence, consolidation_id)
SELECT $1::uuid, u.id, u.kind, u.host_id, u.other_id, u.rule, u.reason, u.score, u.evidence::uuid[], u.consolidation_id
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::integer[], $9::text[], $10::uuid[])
	AS u (id, kind, host_id, other_id, rule, reason, score, evidence, consolidation_id);

-- What a person may decide: each pair of hosts once, and not again what was decided. A proposal gets the latest reasons.
-- name: proposal_write
WITH told AS (
	SELECT DISTINCT ON (least(u.host_id, u.other_id), greatest(u.host_id, u.other_id)) u.*
	FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::integer[], $8::text[])
		AS u (id, host_id, other_id, rule, reason, score, evidence)
	ORDER BY least(u.host_id, u.other_id), greatest(u.host_id, u.other_id), u.score DESC
), raised AS (
	UPDATE consolidation c SET rule = t.rule, reason = t.reason, score = t.score, evidence = t.evidence::uuid[]
	FROM told t WHERE c.network_id = $1::uuid AND c.state = 'proposed' AND t.score > c.score
		AND ((c.host_id = t.host_id AND c.other_host_id = t.other_id) OR (c.host_id = t.other_id AND c.other_host_id = t.host_id))
), made AS (
	INSERT INTO consolidation (network_id, id, host_id, other_host_id, host_name, other_name, state, origin, rule, reason, score, evidence)
	SELECT $1::uuid, t.id, t.host_id, t.other_id, host_label($1::uuid, t.host_id), host_label($1::uuid, t.other_id), 'proposed',
		'automatic', t.rule, t.reason, t.score, t.evidence::uuid[]
	FROM told t WHERE NOT EXISTS (SELECT FROM consolidation c WHERE c.network_id = $1::uuid
		AND ((c.host_id = t.host_id AND c.other_host_id = t.other_id) OR (c.host_id = t.other_id AND c.other_host_id = t.host_id))
		AND c.state <> 'done')
	RETURNING *
)
INSERT INTO decision (network_id, id, kind, host_id, other_host_id, rule, reason, score, evidence, consolidation_id)
SELECT network_id, gen_random_uuid(), 'proposal', host_id, other_host_id, rule, reason, score, evidence, id FROM made;

-- name: subnets_discovered
SELECT subnet_discovered($1::uuid, u::cidr, NULL, NULL) FROM unnest($2::text[]) u;

-- name: consolidation_preview
SELECT consolidation_preview($1::uuid, $2::uuid);

-- name: consolidate
SELECT consolidate($1::uuid, $2::uuid);

-- name: consolidation_undo
SELECT consolidation_undo($1::uuid);

-- name: consolidation_decide
SELECT consolidation_decide($1::uuid, $2::boolean);

-- name: get_consolidation
SELECT row_to_json(c), 1 FROM consolidation_shown c WHERE c.id = $1::uuid;

-- The one that a host was taken by last.
-- name: consolidation_of
SELECT row_to_json(c) FROM consolidation_shown c WHERE c.host_id = $1::uuid AND c.other_host_id = $2::uuid AND c.state = 'done'
ORDER BY c.decided_at DESC LIMIT 1;

-- name: list_consolidation
-- orders: created_at c.created_at | score c.score | state c.state
-- filter: ($1::jsonb->>'network_id' IS NULL OR c.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR c.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'state' IS NULL OR c.state = $1::jsonb->>'state')
-- filter: ($1::jsonb->>'origin' IS NULL OR c.origin = $1::jsonb->>'origin')
-- filter: ($1::jsonb->>'host_id' IS NULL OR ($1::jsonb->>'host_id')::uuid IN (c.host_id, c.other_host_id))
-- filter: ($1::jsonb->>'search' IS NULL OR c.reason ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(to_jsonb(s) ORDER BY p.place) FROM (
	SELECT c.network_id, c.id, row_number() OVER (ORDER BY :order) AS place
	FROM consolidation c WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p
	JOIN consolidation_shown s ON s.network_id = p.network_id AND s.id = p.id), '[]'),
	(SELECT count(*) FROM consolidation c WHERE :filter);

-- Why a host is what it is: $2 limit, $3 offset.
-- name: decision_list
WITH found AS (
	SELECT d.* FROM decision d WHERE d.host_id = $1::uuid UNION SELECT d.* FROM decision d WHERE d.other_host_id = $1::uuid
)
SELECT coalesce((SELECT json_agg(json_build_object('id', d.id, 'network_id', d.network_id, 'at', seconds(d.at), 'kind', d.kind,
		'host_id', d.host_id, 'other_host_id', d.other_host_id, 'rule', d.rule, 'reason', d.reason, 'score', d.score,
		'evidence', d.evidence, 'state', coalesce(c.state, 'done'), 'consolidation_id', d.consolidation_id, 'actor', d.actor)
		ORDER BY d.at DESC, d.id)
	FROM (SELECT * FROM found ORDER BY at DESC, id LIMIT nullif($2::bigint, 0) OFFSET $3::bigint) d
	LEFT JOIN consolidation c ON c.network_id = d.network_id AND c.id = d.consolidation_id), '[]'), (SELECT count(*) FROM found);

-- A host that is there, or that was one: decisions outlive what they were about.
-- name: decision_host
SELECT true FROM host WHERE id = $1::uuid UNION ALL SELECT true FROM consolidation WHERE other_host_id = $1::uuid LIMIT 1;

-- What is old leaves: $1 days. What is said again and settled moves its sighting only.
-- name: signal_clean
DELETE FROM identity_signal WHERE (network_id, id) IN (SELECT s.network_id, s.id FROM identity_signal s
	WHERE s.last_seen < now() - $1::integer * interval '1 day'
	AND NOT EXISTS (SELECT FROM sighting g WHERE g.network_id = s.network_id AND g.id = s.evidence
		AND g.last_seen >= now() - $1::integer * interval '1 day') LIMIT 20000);

-- name: decision_clean
DELETE FROM decision WHERE (network_id, id) IN (SELECT d.network_id, d.id FROM decision d
	WHERE d.at < now() - $1::integer * interval '1 day' AND d.actor IS NULL LIMIT 20000);

-- Automatic ones that nobody has undone in so long, and whose hosts are gone.
-- name: consolidation_clean
DELETE FROM consolidation WHERE (network_id, id) IN (SELECT c.network_id, c.id FROM consolidation c
	WHERE c.created_at < now() - $1::integer * interval '1 day' AND c.origin = 'automatic' AND c.state IN ('done', 'undone') LIMIT 5000);

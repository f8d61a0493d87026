-- SPDX-License-Identifier: BSD-2-Clause
-- What a network is, in the forms of other programs. $1 network, $2 a subnet or NULL, $3 what the form needs.

-- How many hosts there are to write.
-- name: export_size
SELECT (SELECT count(*) FROM host h WHERE h.network_id = n.id AND ($2::uuid IS NULL OR EXISTS (SELECT FROM interface i WHERE i.network_id = n.id AND i.host_id = h.id
	AND i.subnet_id = $2::uuid)))
FROM network n WHERE n.id = $1::uuid AND ($2::uuid IS NULL OR EXISTS (SELECT FROM subnet s WHERE s.network_id = n.id AND s.id = $2::uuid));

-- name: export_json
SELECT export_json($1::uuid, $2::uuid) WHERE $3::text IS NOT NULL;

-- name: export_netbox
SELECT export_netbox($1::uuid, $2::uuid) WHERE $3::text IS NOT NULL;

-- name: export_nmap
SELECT export_nmap($1::uuid, $2::uuid, $3);

-- name: export_mermaid
SELECT export_mermaid($1::uuid, $2::uuid) WHERE $3::text IS NOT NULL;

-- name: export_prometheus
SELECT export_prometheus($1::uuid, $2::uuid, $3::integer);

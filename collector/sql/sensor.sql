-- SPDX-License-Identifier: BSD-2-Clause
-- Sensors: what they say of themselves, and that they are there.

-- Change a sensor's row; the number of its newest connection.
-- name: sensor_update
SELECT s.connection FROM sensor_update($1::uuid, $2::uuid, $3::jsonb), sensor s
WHERE s.network_id = $1::uuid AND s.id = $2::uuid;

-- Sensors whose collector ended without saying so.
-- name: sensor_stale
SELECT sensor_update(s.network_id, s.id, '{"connected": false}') FROM (SELECT network_id, id FROM sensor
	WHERE connected AND last_seen < now() - interval '45 seconds' ORDER BY network_id, id) s;

-- name: sensor_network
SELECT network_id FROM sensor WHERE id = $1::uuid;

-- SPDX-License-Identifier: BSD-2-Clause
-- A shared picture tells of hosts, neighbours and flows what the feed tells of them: until when one is believed to be there, the VTP domain as other
-- names, and which protocol a flow speaks, where services are shown at all.
DO $$
DECLARE
	was text := pg_get_functiondef('share_rows_before_links(uuid, text, text, uuid, integer)'::regprocedure);
	is_now text := replace(replace(replace(replace(was, 'END AS device', 'END AS device, seconds(h.present_until) AS present_until'),
		'''cost'', n.cost, ', '''cost'', n.cost, ''vtp_domain'', share_named(n.vtp_domain, plain, s.secret), '),
		'''rtt_us'', NULL,', '''rtt_us'', NULL, ''app'', f.app,'),
		'max(w.last_seen) AS last_seen', 'max(w.last_seen) AS last_seen, CASE WHEN gone.services THEN max(w.app) END AS app');
BEGIN
	IF is_now NOT LIKE '%h.present_until%' OR is_now NOT LIKE '%n.vtp_domain%' OR is_now NOT LIKE '%f.app%' OR is_now NOT LIKE '%max(w.app)%' THEN
		RAISE EXCEPTION 'share_rows_before_links() is not as it was';
	END IF;
	EXECUTE is_now;
END $$;

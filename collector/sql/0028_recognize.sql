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

SELECT pin_functions();

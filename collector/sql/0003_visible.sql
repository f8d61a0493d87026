-- SPDX-License-Identifier: BSD-2-Clause
-- Who a transaction is for is worked out once, when it says so, and kept in a setting of the transaction:
-- netvisor.networks, the networks that it may see. Policies read that, which costs nothing for each scan and lets the
-- planner see an index condition.

CREATE FUNCTION act_as(of_user text, of_network text, of_system text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('netvisor.user', of_user, true), set_config('netvisor.network', of_network, true),
		set_config('netvisor.system', of_system, true);
	PERFORM set_config('netvisor.networks', visible_networks()::text, true);
END $$;

DO $$
DECLARE
	name text;
	visible text := 'network_id = ANY (nullif(current_setting(''netvisor.networks'', true), '''')::uuid[])';
BEGIN
	FOREACH name IN ARRAY ARRAY['sensor', 'sensor_outbox', 'change', 'host', 'interface', 'service', 'flow', 'evidence'] LOOP
		EXECUTE format('ALTER POLICY of_visible_networks ON %I USING (%s)', name, visible);
	END LOOP;
	EXECUTE format('ALTER FUNCTION act_as(text, text, text) SET search_path = %I, pg_catalog, pg_temp', current_schema());
END $$;

ALTER POLICY visible ON network USING ((SELECT acts_as_system())
	OR id = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[]));

-- SPDX-License-Identifier: BSD-2-Clause
-- Losses that mend only by what a person does; the others are repeated by who sent them. How large the outbox is and how much waits in it is no
-- loss; what it dropped is told by its fact outbox_full, and not counted twice.
CREATE OR REPLACE FUNCTION alert_losses(s sensor) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_object_agg(key, value::numeric), '{}') FROM jsonb_each_text((CASE jsonb_typeof(s.counters) WHEN 'object' THEN s.counters ELSE '{}' END)
		|| (CASE jsonb_typeof(s.losses) WHEN 'object' THEN s.losses ELSE '{}' END))
	WHERE value ~ '^[0-9]{1,18}$' AND value <> '0' AND key ~ ('^(outbox_full|outbox_refused|outbox_damaged|collector_refused|port_missed|capture_dropped|flows_refused|ring_full_'
		|| '|records_malformed|facts_refused|frame_copies_unreadable)')
$$;

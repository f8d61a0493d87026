-- SPDX-License-Identifier: BSD-2-Clause
-- What is not summed yet is not dropped: a sensor may have told it since the upkeep last summed. Nor is traffic_left, from which on sums are
-- counted anew, moved past a time that waits for its sum while its parts are all there: traffic_roll() would add them to a sum that has them.

-- The first time from a moment on that waits for the sum of its parts, which are in this table; infinity: none.
CREATE FUNCTION traffic_waits(of_parent text, since timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
	SELECT coalesce(CASE of_parent
		WHEN 'traffic_minute' THEN (SELECT min(hour) FROM traffic_touched WHERE hour >= since)
		WHEN 'traffic_hour' THEN (SELECT min(day) FROM traffic_touched_day WHERE day >= since) END, 'infinity')
$$;

-- Drop the partitions of this table that end at or before a time: how many. A reader that holds one of them is not waited
-- for long; the next upkeep tries again.
CREATE OR REPLACE FUNCTION traffic_drop(of_parent text, moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	one record;
	gone timestamptz := traffic_late(of_parent);
	waits timestamptz; -- the first time that is to be summed of parts that are all there
	dropped integer := 0;
BEGIN
	IF current_setting('netvisor.role', true) IS DISTINCT FROM 'system'
		OR of_parent NOT IN ('traffic_minute', 'traffic_hour', 'traffic_day') THEN
		RETURN 0;
	END IF;
	PERFORM set_config('lock_timeout', '2s', true);
	FOR one IN SELECT p.name, (p.bounds)[1]::timestamptz AS beginning, (p.bounds)[2]::timestamptz AS ending FROM (
			SELECT c.oid::regclass AS name, regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM [(]''([^'']+)''[)] TO [(]''([^'']+)''[)]') AS bounds
			FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = of_parent::regclass) p
		WHERE (p.bounds)[2]::timestamptz <= moment ORDER BY ending
	LOOP
		-- Who was writing into it has ended then, and what that touched is seen.
		EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', one.name);
		waits := traffic_waits(of_parent, one.beginning);
		EXIT WHEN waits < one.ending AND one.ending > gone;
		CONTINUE WHEN waits < one.ending;
		EXECUTE format('DROP TABLE %s', one.name);
		INSERT INTO traffic_left AS l VALUES (of_parent, one.ending) ON CONFLICT (parent) DO UPDATE SET before = greatest(l.before, excluded.before);
		dropped := dropped + 1;
	END LOOP;
	-- Minutes of days that never had a partition.
	IF of_parent = 'traffic_minute' THEN
		LOCK TABLE traffic_minute_other IN EXCLUSIVE MODE;
		moment := date_trunc('day', least(moment, traffic_waits(of_parent, gone)), 'UTC');
		DELETE FROM traffic_minute_other m WHERE m.at < moment
			AND NOT EXISTS (SELECT FROM traffic_touched t WHERE t.network_id = m.network_id AND t.hour = date_trunc('hour', m.at, 'UTC'));
		INSERT INTO traffic_left AS l VALUES (of_parent, moment) ON CONFLICT (parent) DO UPDATE SET before = greatest(l.before, excluded.before);
	END IF;
	RETURN dropped;
END $$;

-- SPDX-License-Identifier: BSD-2-Clause
-- Minutes that are not summed yet stay when those of their day are dropped: they may have been told since the upkeep last summed.
-- What stays of a day before traffic_left is added to its sums by traffic_roll(), and leaves then.

-- Drop the partitions of this table that end at or before a time: how many. A reader that holds one of them is not waited
-- for long; the next upkeep tries again.
CREATE OR REPLACE FUNCTION traffic_drop(of_parent text, moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	one record;
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
		-- Who writes into it has ended then, and what it has touched is seen.
		EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', one.name);
		CONTINUE WHEN of_parent = 'traffic_minute' AND EXISTS (SELECT FROM traffic_touched t WHERE t.hour >= one.beginning AND t.hour < one.ending);
		CONTINUE WHEN of_parent = 'traffic_hour' AND EXISTS (SELECT FROM traffic_touched_day t WHERE t.day >= one.beginning AND t.day < one.ending);
		EXECUTE format('DROP TABLE %s', one.name);
		INSERT INTO traffic_left AS l VALUES (of_parent, one.ending) ON CONFLICT (parent) DO UPDATE SET before = greatest(l.before, excluded.before);
		dropped := dropped + 1;
	END LOOP;
	-- Minutes of days that never had a partition.
	IF of_parent = 'traffic_minute' THEN
		DELETE FROM traffic_minute_other m WHERE m.at < date_trunc('day', moment, 'UTC')
			AND NOT EXISTS (SELECT FROM traffic_touched t WHERE t.network_id = m.network_id AND t.hour = date_trunc('hour', m.at, 'UTC'));
		INSERT INTO traffic_left AS l VALUES (of_parent, date_trunc('day', moment, 'UTC'))
		ON CONFLICT (parent) DO UPDATE SET before = greatest(l.before, excluded.before);
	END IF;
	RETURN dropped;
END $$;

-- SPDX-License-Identifier: BSD-2-Clause
-- What a text means as the beginning of an address or MAC, as the lowest and the highest that can be meant: so that a search among
-- many goes by their index. NULL when it is no such beginning: `10.`, `10.0.7`, `00:1b:`.

CREATE FUNCTION address_low(prefix text) RETURNS inet
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN prefix ~ '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])[.]){1,3}[0-9]{0,3}$' THEN
		(regexp_replace(prefix, '[0-9]*$', '') || repeat('0.', 3 - length(regexp_replace(prefix, '[^.]', '', 'g'))) || '0')::inet END
$$;

CREATE FUNCTION address_high(prefix text) RETURNS inet
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN prefix ~ '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])[.]){1,3}[0-9]{0,3}$' THEN
		(regexp_replace(prefix, '[0-9]*$', '') || repeat('255.', 3 - length(regexp_replace(prefix, '[^.]', '', 'g'))) || '255')::inet END
$$;

CREATE FUNCTION mac_low(prefix text) RETURNS macaddr
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN prefix ~ '^([0-9a-fA-F]{2}:){1,5}[0-9a-fA-F]{0,2}$' THEN
		rpad(regexp_replace(prefix, ':', '', 'g'), 12, '0')::macaddr END
$$;

CREATE FUNCTION mac_high(prefix text) RETURNS macaddr
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN prefix ~ '^([0-9a-fA-F]{2}:){1,5}[0-9a-fA-F]{0,2}$' THEN
		rpad(regexp_replace(prefix, ':', '', 'g'), 12, 'f')::macaddr END
$$;

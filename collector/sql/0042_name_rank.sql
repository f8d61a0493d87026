-- SPDX-License-Identifier: BSD-2-Clause
-- As identify_name_rank() has it: with what switches, stations of machines, MikroTik's and Ubiquiti's devices call themselves.
CREATE OR REPLACE FUNCTION name_rank(source text, kind text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (array_position(ARRAY['dhcp', 'mdns', 'lldp', 'cdp', 'fdp', 'edp', 'udld', 'profinet', 'mndp', 'ubiquiti', 'llmnr', 'nbns', 'snmp', 'dns', 'dhcpv6',
			'sensor', 'import'], source) - 1) * 3
		+ array_position(ARRAY['hostname', 'fqdn', 'netbios'], coalesce(kind, 'hostname')) - 1
$$;

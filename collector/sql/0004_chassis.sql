-- SPDX-License-Identifier: BSD-2-Clause
-- What a device calls itself on all of its ports (LLDP chassis id): by it they are one host.

ALTER TABLE host ADD COLUMN chassis text;
CREATE INDEX host_chassis ON host (network_id, chassis) WHERE chassis IS NOT NULL;

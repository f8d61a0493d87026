-- SPDX-License-Identifier: BSD-2-Clause
-- What people should look at: addresses and MACs that several claim. There are few among all evidence.
CREATE INDEX evidence_conflict ON evidence (network_id, id) WHERE kind = 'conflict';

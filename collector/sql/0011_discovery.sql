-- SPDX-License-Identifier: BSD-2-Clause
-- What sensors are asked to do: discoveries (what, how, and when), sessions (each time that one runs), and commands.
--
-- Sessions are rows, so any collector on this database can start, cancel or end one. The collector that holds the
-- sensor's connection claims its sessions, one at a time. Everything here locks the network's row before others, as
-- ingest does. Channels: netvisor_session SENSOR (look for work), netvisor_sensor SENSOR CONNECTION (this is its newest
-- connection), netvisor_answer COMMAND.

-- Collectors that run on this database. What one has claimed is free again when it is not seen for a while.
CREATE TABLE collector_instance (
	id uuid PRIMARY KEY,
	started_at timestamptz NOT NULL DEFAULT now(),
	seen_at timestamptz NOT NULL DEFAULT now()
);
SELECT protect('collector_instance', 'system');

-- connection: counts its connections, to whichever collector; the highest is the one that counts.
ALTER TABLE sensor ADD COLUMN connection bigint NOT NULL DEFAULT 0;
ALTER TABLE sensor ADD COLUMN has_discoveries boolean NOT NULL DEFAULT false;

-- run_type: AdHoc with last_run; or Scheduled with cron, timezone, enabled, last_run, next_run (seconds since the epoch, null
-- while it is not enabled). failures: runs in a row that failed.
CREATE TABLE discovery (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	sensor_id uuid NOT NULL,
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	discovery_type jsonb NOT NULL CHECK (discovery_type->>'type' IN ('SelfReport', 'Docker', 'Network')),
	run_type jsonb NOT NULL CHECK (run_type->>'type' = 'AdHoc'
		OR (run_type->>'type' = 'Scheduled' AND run_type ?& ARRAY['cron', 'timezone', 'enabled', 'next_run'])),
	failures integer NOT NULL DEFAULT 0,
	disabled_reason text,
	tags uuid[] NOT NULL DEFAULT '{}',
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	FOREIGN KEY (network_id, sensor_id) REFERENCES sensor ON DELETE CASCADE
);
CREATE INDEX discovery_sensor ON discovery (network_id, sensor_id);
CREATE INDEX discovery_next_run ON discovery (((run_type->>'next_run')::bigint)) WHERE run_type->>'next_run' IS NOT NULL;

-- name, discovery_type: of the discovery as it was then. claimed_by: the collector that asks the sensor; a session that
-- is over keeps it until the sensor has stopped.
CREATE TABLE session (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	discovery_id uuid,
	sensor_id uuid NOT NULL,
	name text NOT NULL,
	discovery_type jsonb NOT NULL,
	cause text NOT NULL CHECK (cause IN ('person', 'schedule', 'first')),
	started_by uuid,
	phase text NOT NULL DEFAULT 'Pending'
		CHECK (phase IN ('Pending', 'Starting', 'Started', 'Scanning', 'Complete', 'Failed', 'Cancelled')),
	progress integer NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
	error text,
	results jsonb,
	attempts integer NOT NULL DEFAULT 0,
	claimed_by uuid,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	started_at timestamptz,
	finished_at timestamptz,
	updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (network_id, id),
	FOREIGN KEY (network_id, discovery_id) REFERENCES discovery ON DELETE SET NULL (discovery_id),
	FOREIGN KEY (network_id, sensor_id) REFERENCES sensor ON DELETE CASCADE,
	CHECK ((finished_at IS NOT NULL) = (phase IN ('Complete', 'Failed', 'Cancelled')))
);
-- One at a time for each sensor, and one for each discovery.
CREATE UNIQUE INDEX session_claimed ON session (network_id, sensor_id) WHERE claimed_by IS NOT NULL;
CREATE UNIQUE INDEX session_active ON session (network_id, discovery_id) WHERE finished_at IS NULL;
CREATE INDEX session_unfinished ON session (network_id, sensor_id, created_at) WHERE finished_at IS NULL;
CREATE INDEX session_created ON session (network_id, created_at DESC, id);
CREATE INDEX session_discovery ON session (network_id, discovery_id, created_at DESC);

-- Commands to a sensor that is connected to another collector.
CREATE TABLE sensor_command (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	sensor_id uuid NOT NULL,
	command text NOT NULL,
	claimed_by uuid,
	asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	answered_at timestamptz,
	ok boolean,
	error text,
	data jsonb,
	PRIMARY KEY (network_id, id),
	FOREIGN KEY (network_id, sensor_id) REFERENCES sensor ON DELETE CASCADE
);
CREATE INDEX sensor_command_waiting ON sensor_command (network_id, sensor_id) WHERE claimed_by IS NULL;
CREATE INDEX sensor_command_asked ON sensor_command (asked_at);

SELECT protect('discovery', 'made');
SELECT protect('session', 'made');
SELECT protect('sensor_command', 'managed');

-- What the feed and the API show.

CREATE VIEW live_discovery WITH (security_invoker = true) AS
	SELECT id, sensor_id, name, discovery_type, run_type, failures, disabled_reason, tags, revision FROM discovery;

-- Those that are not over, and those of the last days: the rest is history, which the API has.
CREATE VIEW live_session WITH (security_invoker = true) AS
	SELECT id, discovery_id, sensor_id, name, discovery_type, cause, started_by, phase, progress, error, results,
		seconds(created_at) AS created_at, seconds(started_at) AS started_at, seconds(finished_at) AS finished_at,
		seconds(updated_at) AS updated_at
	FROM session WHERE finished_at IS NULL OR finished_at > now() - interval '7 days';

GRANT SELECT ON live_discovery, live_session TO netvisor_app;

-- Every change of them is in the log, whoever made it. Only what a person sets is a new revision.
CREATE TRIGGER edit_touch BEFORE UPDATE ON discovery FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on'
		AND (OLD.name, OLD.discovery_type, OLD.run_type - '{last_run,next_run}'::text[], OLD.tags)
			IS DISTINCT FROM (NEW.name, NEW.discovery_type, NEW.run_type - '{last_run,next_run}'::text[], NEW.tags))
	EXECUTE FUNCTION edit_touch();
CREATE TRIGGER edit_log AFTER INSERT OR UPDATE OR DELETE ON discovery FOR EACH ROW EXECUTE FUNCTION edit_log('discovery');
CREATE TRIGGER edit_log AFTER INSERT OR UPDATE OR DELETE ON session FOR EACH ROW EXECUTE FUNCTION edit_log('session');

CREATE TRIGGER check_tags BEFORE INSERT OR UPDATE OF tags ON discovery FOR EACH ROW
	WHEN (NEW.tags <> '{}' AND current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION tags_check();
CREATE FUNCTION discovery_tag_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE discovery SET tags = array_remove(tags, OLD.id) WHERE OLD.id = ANY (tags);
	RETURN NULL;
END $$;
CREATE TRIGGER discovery_tag_gone AFTER DELETE ON tag FOR EACH ROW EXECUTE FUNCTION discovery_tag_gone();

-- The state machine of a session.

CREATE FUNCTION session_may(was text, becomes text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE was
		WHEN 'Pending' THEN becomes IN ('Pending', 'Starting', 'Failed', 'Cancelled')
		-- Back to the queue when the sensor's connection or its collector is lost.
		WHEN 'Starting' THEN true
		WHEN 'Started' THEN becomes <> 'Starting'
		WHEN 'Scanning' THEN becomes NOT IN ('Starting', 'Started')
		ELSE becomes = was END
$$;

CREATE FUNCTION session_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT session_may(OLD.phase, NEW.phase) THEN
		RAISE check_violation USING MESSAGE = format('a session that is %s can''t become %s', OLD.phase, NEW.phase);
	END IF;
	NEW.updated_at := clock_timestamp();
	IF NEW.phase = 'Complete' THEN
		NEW.progress := 100;
	ELSIF NEW.phase = 'Pending' THEN
		NEW.progress := 0;
		NEW.started_at := NULL;
	ELSE
		NEW.progress := greatest(OLD.progress, NEW.progress);
	END IF;
	IF OLD.phase = 'Pending' AND NEW.phase = 'Starting' THEN
		NEW.started_at := clock_timestamp();
	END IF;
	IF OLD.finished_at IS NULL AND NEW.phase IN ('Complete', 'Failed', 'Cancelled') THEN
		NEW.finished_at := clock_timestamp();
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER session_step BEFORE UPDATE OF phase, progress ON session FOR EACH ROW EXECUTE FUNCTION session_step();

-- A session is over: count for its discovery, and let the sensor's collector know. A schedule whose runs fail again and
-- again is switched off; that the sensor was not there is no failure of it.
CREATE FUNCTION session_over() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	failures_max constant integer := 5;
BEGIN
	UPDATE discovery SET failures = 0 WHERE network_id = NEW.network_id AND id = NEW.discovery_id
		AND NEW.phase = 'Complete' AND failures > 0;
	IF NEW.phase = 'Failed' AND NEW.attempts > 0 THEN
		UPDATE discovery d SET failures = d.failures + 1,
			run_type = CASE WHEN o.off THEN d.run_type || '{"enabled": false, "next_run": null}' ELSE d.run_type END,
			disabled_reason = CASE WHEN o.off THEN format('Switched off: %s runs in a row have failed, the last one with: '
				'%s Mend the cause, run it once by hand, then switch it on again.', d.failures + 1, NEW.error)
				ELSE d.disabled_reason END
		FROM (SELECT coalesce((run_type->>'enabled')::boolean, false) AND failures + 1 >= failures_max AS off FROM discovery
			WHERE network_id = NEW.network_id AND id = NEW.discovery_id) o
		WHERE d.network_id = NEW.network_id AND d.id = NEW.discovery_id;
	END IF;
	PERFORM pg_notify('netvisor_session', NEW.sensor_id::text);
	RETURN NULL;
END $$;
CREATE TRIGGER session_over AFTER UPDATE OF phase ON session FOR EACH ROW
	WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL) EXECUTE FUNCTION session_over();

SELECT pin_functions();

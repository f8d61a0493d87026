-- SPDX-License-Identifier: BSD-2-Clause
-- An organization begins anew: all that it has goes, but for itself, its owners, and a network to begin with.

CREATE FUNCTION organization_reset(of_id uuid, of_name text, network_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	IF current_setting('netvisor.role', true) <> 'owner' OR current_setting('netvisor.organization', true) <> of_id::text THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such organization, or it is not yours';
	END IF;
	IF NOT EXISTS (SELECT FROM organization WHERE id = of_id AND name = of_name) THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = '"name" must be the organization''s name, to show that it is meant';
	END IF;
	INSERT INTO network (id, organization_id, name) VALUES (network_id, of_id, 'My network');
	DELETE FROM network n WHERE n.organization_id = of_id AND n.id <> network_id;
	DELETE FROM tag WHERE organization_id = of_id;
	DELETE FROM invite WHERE organization_id = of_id;
	DELETE FROM user_account WHERE organization_id = of_id AND permissions <> 'owner';
	PERFORM audit_append(of_id, 'organization_reset', 'organization', of_id, NULL, NULL), pg_notify('netvisor_credential', 'reset');
END $$;
SELECT pin_functions();

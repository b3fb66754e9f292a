-- Sums of a month are of all accounts together: whoever reads within the reach of one account is not shown them. Not forced on the owner,
-- whom the triggers of metering ask for what is closed.
ALTER TABLE metering_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON metering_period TO {{platform}} USING ((SELECT reach() = 'platform')) WITH CHECK ((SELECT reach() = 'platform'));

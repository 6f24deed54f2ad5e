WITH changed AS (
  SELECT l.account_id, l.time_us, l.event_id, l.operation
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'contact_change'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
)
SELECT c.account_id, c.time_us, 1.0 AS bits, [c.event_id] AS event_ids, c.operation AS v_operations,
  CAST(FLOOR((c.time_us - a.opened_us) / 86400000000) AS BIGINT) AS v_days
FROM changed AS c JOIN accounts AS a ON a.account_id = c.account_id
  AND c.time_us BETWEEN a.opened_us AND a.opened_us + {window}
WHERE a.verification_status IN ('verified', 'reverified') AND a.kind = 'person' AND a.reseller_id IS NULL

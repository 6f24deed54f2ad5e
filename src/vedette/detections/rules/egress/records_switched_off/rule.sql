WITH blinded AS (
  SELECT l.account_id, l.time_us, l.event_id, l.operation
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'blind'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
leaving AS (
  SELECT DISTINCT l.account_id, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning IN ('share', 'export', 'open', 'key')
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
pairs AS (
  SELECT f.account_id, f.event_id, f.then_id FROM followed(blinded, leaving, account_id, {window}) AS f
),
sizes AS (
  SELECT b.account_id, COUNT(DISTINCT b.operation) AS kinds, COUNT(DISTINCT p.then_id) AS leaving
  FROM blinded AS b LEFT JOIN pairs AS p ON p.account_id = b.account_id AND p.event_id = b.event_id
  GROUP BY b.account_id
)
SELECT b.account_id, b.time_us,
  CASE WHEN s.leaving > 0 THEN 4.0 WHEN s.kinds >= {kinds} THEN 2.0 ELSE 1.0 END AS bits,
  [b.event_id, p.then_id] AS event_ids, b.operation AS v_operations, s.kinds AS v_kinds, s.leaving AS v_leaving
FROM blinded AS b
JOIN sizes AS s ON s.account_id = b.account_id
LEFT JOIN pairs AS p ON p.account_id = b.account_id AND p.event_id = b.event_id

WITH unguarded AS (
  SELECT l.account_id, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'unguard'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
opened AS (
  SELECT l.account_id, l.time_us, l.event_id, l.resource
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'open'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
)
SELECT f.account_id, f.then_us AS time_us, 3.0 AS bits, [f.event_id, f.then_id] AS event_ids, o.resource AS v_targets
FROM followed(unguarded, opened, account_id, {window}) AS f
JOIN opened AS o ON o.account_id = f.account_id AND o.event_id = f.then_id

WITH shares AS (
  SELECT l.account_id, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'share'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
many AS (
  SELECT account_id, MIN(time_us) AS first_us FROM shares GROUP BY account_id HAVING COUNT(*) >= {calls}
),
starts AS (
  SELECT l.account_id, MIN(l.time_us) AS start_us
  FROM logs AS l JOIN many AS m ON m.account_id = l.account_id
  GROUP BY l.account_id
),
burst AS (
  SELECT s.account_id, s.time_us, s.event_id, m.first_us, b.start_us
  FROM shares AS s
  JOIN many AS m ON m.account_id = s.account_id AND s.time_us BETWEEN m.first_us AND m.first_us + {window}
  JOIN starts AS b ON b.account_id = s.account_id
  WHERE m.first_us - b.start_us >= {history}
),
sizes AS (
  SELECT account_id, COUNT(*) AS calls FROM burst GROUP BY account_id HAVING COUNT(*) >= {calls}
)
SELECT b.account_id, b.time_us, 2.0 AS bits, [b.event_id] AS event_ids, s.calls AS v_calls,
  CAST(FLOOR((b.first_us - b.start_us) / 604800000000) AS BIGINT) AS v_weeks
FROM burst AS b JOIN sizes AS s ON s.account_id = b.account_id

WITH made AS (
  SELECT l.account_id, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'compute'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
busy AS (
  SELECT account_id FROM made GROUP BY account_id HAVING COUNT(*) >= {calls}
),
acts AS (
  SELECT s.account_id, s.time_us, s.event_id FROM signins AS s JOIN busy AS b ON b.account_id = s.account_id
  WHERE s.outcome = 'success'
  UNION ALL
  SELECT l.account_id, l.time_us, l.event_id FROM logs AS l JOIN busy AS b ON b.account_id = l.account_id
),
gaps AS (
  SELECT account_id, time_us AS back_us, time_us - previous(time_us, account_id, time_us, event_id) AS silent_us FROM acts
),
returns AS (
  SELECT account_id, back_us, silent_us FROM gaps WHERE silent_us >= {silence}
),
bursts AS (
  SELECT m.account_id, m.time_us, m.event_id, r.back_us, r.silent_us
  FROM made AS m JOIN returns AS r ON r.account_id = m.account_id AND m.time_us BETWEEN r.back_us AND r.back_us + {window}
),
sizes AS (
  SELECT account_id, back_us, COUNT(*) AS calls FROM bursts GROUP BY account_id, back_us HAVING COUNT(*) >= {calls}
)
SELECT b.account_id, b.time_us, 2.0 AS bits, [b.event_id] AS event_ids, s.calls AS v_calls,
  CAST(FLOOR(b.silent_us / 86400000000) AS BIGINT) AS v_silent_days
FROM bursts AS b JOIN sizes AS s ON s.account_id = b.account_id AND s.back_us = b.back_us

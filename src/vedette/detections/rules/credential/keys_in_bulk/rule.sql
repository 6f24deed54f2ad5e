WITH made AS (
  SELECT l.account_id, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'key'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
busy AS (
  SELECT account_id FROM made GROUP BY account_id HAVING COUNT(*) >= {calls}
),
mine AS (
  SELECT m.account_id, m.time_us, m.event_id FROM made AS m JOIN busy AS b ON b.account_id = m.account_id
),
peaks AS (
  SELECT account_id, MAX(sights) AS peak FROM sliding_count(mine, account_id, {window}) AS c GROUP BY account_id
),
tops AS (
  SELECT c.account_id, p.peak, MIN(c.time_us) AS until_us
  FROM sliding_count(mine, account_id, {window}) AS c
  JOIN peaks AS p ON p.account_id = c.account_id AND p.peak = c.sights
  WHERE p.peak >= {calls}
  GROUP BY c.account_id, p.peak
),
rest AS (
  SELECT m.account_id, m.time_us, m.event_id FROM mine AS m JOIN tops AS t ON t.account_id = m.account_id
  WHERE m.time_us < t.until_us - {window} OR m.time_us > t.until_us
),
habits AS (
  SELECT account_id, MAX(sights) AS usual FROM sliding_count(rest, account_id, {window}) AS c GROUP BY account_id
)
SELECT m.account_id, m.time_us, 2.0 AS bits, [m.event_id] AS event_ids, t.peak AS v_calls, COALESCE(h.usual, 0) AS v_usual
FROM mine AS m
JOIN tops AS t ON t.account_id = m.account_id AND m.time_us BETWEEN t.until_us - {window} AND t.until_us
LEFT JOIN habits AS h ON h.account_id = m.account_id
WHERE COALESCE(h.usual, 0) * {times} <= t.peak

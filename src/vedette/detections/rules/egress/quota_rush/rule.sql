WITH asked AS (
  SELECT l.account_id, l.time_us, l.event_id, l.region
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'quota'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
young AS (
  SELECT q.account_id, q.time_us, q.event_id, q.region, q.time_us - a.opened_us AS age_us
  FROM asked AS q JOIN accounts AS a ON a.account_id = q.account_id
  WHERE q.time_us - a.opened_us BETWEEN 0 AND {age} AND a.reseller_id IS NULL
),
crowded AS (
  SELECT c.account_id, c.time_us FROM sliding_count(young, account_id, {window}) AS c WHERE c.sights >= {calls}
),
members AS (
  SELECT DISTINCT y.account_id, y.time_us, y.event_id, y.region, y.age_us
  FROM young AS y JOIN crowded AS c ON c.account_id = y.account_id AND y.time_us BETWEEN c.time_us - {window} AND c.time_us
),
sizes AS (
  SELECT account_id, COUNT(*) AS calls, COUNT(DISTINCT region) AS regions FROM members GROUP BY account_id
)
SELECT m.account_id, m.time_us, CASE WHEN s.regions >= 3 THEN 2.0 ELSE 1.0 END AS bits, [m.event_id] AS event_ids,
  s.calls AS v_calls, s.regions AS v_regions, CAST(FLOOR(m.age_us / 86400000000) AS BIGINT) AS v_age
FROM members AS m JOIN sizes AS s ON s.account_id = m.account_id

WITH tried AS (
  SELECT account_id, ip FROM signins WHERE outcome = 'failure' AND ip IS NOT NULL
  GROUP BY account_id, ip HAVING COUNT(*) >= {failures}
),
failed AS (
  SELECT s.account_id, s.ip, s.time_us, s.event_id
  FROM signins AS s JOIN tried AS t ON t.account_id = s.account_id AND t.ip = s.ip
  WHERE s.outcome = 'failure'
),
storms AS (
  SELECT c.account_id, c.ip, c.time_us, c.sights
  FROM sliding_count(failed, (account_id, ip), {window}) AS c
  WHERE c.sights >= {failures}
),
successes AS (
  SELECT s.account_id, s.ip, s.time_us, s.event_id
  FROM signins AS s JOIN tried AS t ON t.account_id = s.account_id AND t.ip = s.ip
  WHERE s.outcome = 'success'
),
firsts AS (
  SELECT account_id, ip, MIN(time_us) AS time_us FROM successes GROUP BY account_id, ip
),
last_failures AS (
  SELECT m.account_id, m.ip, m.time_us, MIN(f.event_id) AS event_id, MAX(m.sights) AS sights
  FROM storms AS m JOIN failed AS f ON f.account_id = m.account_id AND f.ip = m.ip AND f.time_us = m.time_us
  GROUP BY m.account_id, m.ip, m.time_us
),
entries AS (
  SELECT s.account_id, s.ip, s.time_us, s.event_id
  FROM successes AS s JOIN firsts AS f ON f.account_id = s.account_id AND f.ip = s.ip AND f.time_us = s.time_us
)
SELECT f.account_id, f.then_us AS time_us, 3.0 AS bits, [f.then_id] AS event_ids, f.ip AS v_addresses,
  MAX(l.sights) AS v_failures
FROM followed(last_failures, entries, (account_id, ip), {window}) AS f
JOIN last_failures AS l ON l.account_id = f.account_id AND l.ip = f.ip AND l.time_us = f.time_us
GROUP BY f.account_id, f.then_us, f.then_id, f.ip

WITH passed_on AS (
  SELECT device_id FROM signins
  WHERE outcome = 'success' AND device_id IS NOT NULL
  GROUP BY device_id
  HAVING MIN(account_id) <> MAX(account_id)
),
used AS (
  SELECT n.device_id, n.account_id, MIN(n.time_us) AS time_us, MIN(n.event_id) AS event_id, COUNT(*) AS times,
    COUNT(DISTINCT FLOOR(n.time_us / 86400000000)) AS days
  FROM signins AS n JOIN passed_on AS p ON p.device_id = n.device_id
  WHERE n.outcome = 'success'
  GROUP BY n.device_id, n.account_id
),
regular AS (
  SELECT device_id, account_id, time_us, event_id FROM used WHERE times >= {times} AND days >= {days}
),
shared AS (
  SELECT device_id FROM regular GROUP BY device_id HAVING COUNT(*) >= {unrelated}
),
together AS (
  SELECT r.device_id, r.account_id, r.time_us, r.event_id
  FROM regular AS r JOIN shared AS s ON s.device_id = r.device_id
)
SELECT t.account_id, t.time_us,
  CASE WHEN s.unrelated >= 8 THEN 7.0 WHEN s.unrelated >= 6 THEN 6.0 ELSE 5.0 END AS bits, [t.event_id] AS event_ids,
  'device' AS subject_kind, t.device_id AS subject_id, s.holders AS v_holders, s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, device_id) AS s ON s.device_id = t.device_id
WHERE s.unrelated >= {unrelated}

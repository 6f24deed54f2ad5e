WITH passed_on AS (
  SELECT device_id FROM signins
  WHERE outcome = 'success' AND device_id IS NOT NULL
  GROUP BY device_id
  HAVING MIN(account_id) <> MAX(account_id)
),
used AS (
  SELECT n.device_id, n.account_id, MIN(n.time_us) AS time_us, MIN(n.event_id) AS event_id,
    COUNT(DISTINCT FLOOR(n.time_us / 86400000000)) AS days
  FROM signins AS n JOIN passed_on AS p ON p.device_id = n.device_id
  WHERE n.outcome = 'success'
  GROUP BY n.device_id, n.account_id
),
regular AS (
  SELECT u.device_id, u.account_id, u.time_us, u.event_id, a.country
  FROM used AS u JOIN accounts AS a ON a.account_id = u.account_id
  WHERE u.days >= {days} AND a.address_token IS NOT NULL
),
shared AS (
  SELECT device_id, COUNT(DISTINCT country) AS countries FROM regular GROUP BY device_id HAVING COUNT(*) BETWEEN 2 AND 6
),
together AS (
  SELECT r.device_id, r.account_id, r.time_us, r.event_id, r.country, s.countries
  FROM regular AS r JOIN shared AS s ON s.device_id = r.device_id
)
SELECT t.account_id, t.time_us, CASE WHEN t.countries >= 2 THEN 3.0 ELSE 2.0 END AS bits, [t.event_id] AS event_ids,
  'device' AS subject_kind, t.device_id AS subject_id, s.holders AS v_holders, s.unrelated AS v_unrelated,
  t.country AS v_countries
FROM together AS t JOIN strangers(together, device_id) AS s ON s.device_id = t.device_id
WHERE s.unrelated BETWEEN 2 AND 3

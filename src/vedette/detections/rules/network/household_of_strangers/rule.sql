WITH usual AS (
  SELECT account_id, ip, ip_class, COUNT(*) AS here, MIN(time_us) AS time_us, MIN(event_id) AS event_id
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND ip IS NOT NULL
  GROUP BY account_id, ip, ip_class
),
total AS (
  SELECT account_id, SUM(here) AS everywhere FROM usual GROUP BY account_id
),
-- At home here: at least five sign-ins, and four in five of all; on three days at least.
dwellers AS (
  SELECT u.account_id, u.ip, u.time_us, u.event_id
  FROM usual AS u JOIN total AS t ON t.account_id = u.account_id
  WHERE u.ip_class IN ('residential', 'unlisted') AND u.here >= {times} AND u.here * 100 >= t.everywhere * {share}
),
crowded AS (
  SELECT ip FROM dwellers GROUP BY ip HAVING COUNT(*) BETWEEN {unrelated} AND 25
),
together AS (
  SELECT d.account_id, d.ip, d.time_us, d.event_id
  FROM dwellers AS d
  JOIN crowded AS c ON c.ip = d.ip
  JOIN signins AS s ON s.account_id = d.account_id AND s.ip = d.ip
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'
  GROUP BY d.account_id, d.ip, d.time_us, d.event_id
  HAVING COUNT(DISTINCT FLOOR(s.time_us / 86400000000)) >= {days}
)
SELECT t.account_id, t.time_us,
  CASE WHEN s.unrelated >= 8 THEN 6.0 WHEN s.unrelated >= 6 THEN 5.0 ELSE 4.0 END AS bits, [t.event_id] AS event_ids,
  'address' AS subject_kind, t.ip AS subject_id, t.ip AS v_address, s.holders AS v_holders, s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, ip) AS s ON s.ip = t.ip
WHERE s.unrelated >= {unrelated}

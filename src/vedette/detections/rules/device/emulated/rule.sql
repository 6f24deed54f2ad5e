WITH uses AS (
  SELECT s.account_id, s.time_us, s.event_id, s.ua_family
  FROM signins AS s JOIN accounts AS a ON a.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND a.kind = 'person'
    AND s.ua_family IN ('android-emulator', 'chrome-headless', 'selenium', 'playwright')
),
habits AS (
  SELECT account_id, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days
  FROM uses
  GROUP BY account_id
  HAVING COUNT(*) >= {times} AND COUNT(DISTINCT FLOOR(time_us / 86400000000)) >= {days}
)
SELECT u.account_id, u.time_us, 2.0 AS bits, [u.event_id] AS event_ids, u.ua_family AS v_clients, h.days AS v_days
FROM uses AS u JOIN habits AS h ON h.account_id = u.account_id

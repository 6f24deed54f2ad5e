WITH uses AS (
  SELECT account_id, COALESCE(user_id, '') AS user_key, device_id, COUNT(*) AS times, MIN(time_us) AS time_us,
    MIN(event_id) AS event_id
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND device_id IS NOT NULL
  GROUP BY account_id, COALESCE(user_id, ''), device_id
),
habits AS (
  SELECT account_id, user_key, COUNT(*) AS devices, SUM(times) AS times,
    COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days
  FROM uses
  GROUP BY account_id, user_key
  HAVING SUM(times) >= {times} AND SUM(CASE WHEN times = 1 THEN 1 ELSE 0 END) * 100 >= SUM(times) * {share}
    AND COUNT(DISTINCT FLOOR(time_us / 86400000000)) >= {days}
)
SELECT u.account_id, u.time_us, 2.0 AS bits, [u.event_id] AS event_ids, h.devices AS v_devices, h.times AS v_times,
  h.days AS v_days
FROM uses AS u JOIN habits AS h ON h.account_id = u.account_id AND h.user_key = u.user_key

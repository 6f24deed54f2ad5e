WITH uses AS (
  SELECT account_id, time_us, event_id, ip_country FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND ua_family = 'remote-desktop'
),
days AS (
  SELECT account_id, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM uses GROUP BY account_id
)
SELECT u.account_id, u.time_us, CASE WHEN d.days >= 3 * {days} THEN 3.0 ELSE 2.0 END AS bits, [u.event_id] AS event_ids,
  u.ip_country AS v_countries, d.days AS v_days
FROM uses AS u JOIN days AS d ON d.account_id = u.account_id
WHERE d.days >= {days}

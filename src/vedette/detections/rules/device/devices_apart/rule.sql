WITH plain AS (
  SELECT account_id, COALESCE(user_id, '') AS user_key, device_id, time_us, event_id, ip_country
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND device_id IS NOT NULL AND ip_country IS NOT NULL
    AND ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted')
),
tied AS (
  SELECT account_id, user_key, device_id, MIN(ip_country) AS ip_country, MIN(time_us) AS time_us,
    MIN(event_id) AS event_id
  FROM plain
  GROUP BY account_id, user_key, device_id
  HAVING COUNT(DISTINCT ip_country) = 1 AND COUNT(DISTINCT FLOOR(time_us / 86400000000)) >= 3
),
crews AS (
  SELECT account_id, user_key, COUNT(*) AS devices, COUNT(DISTINCT ip_country) AS countries
  FROM tied
  GROUP BY account_id, user_key
  HAVING COUNT(DISTINCT ip_country) >= 3
)
SELECT t.account_id, t.time_us, CASE WHEN c.countries >= 4 THEN 5.0 ELSE 4.0 END AS bits, [t.event_id] AS event_ids,
  t.device_id AS v_device, t.ip_country AS v_countries, c.devices AS v_devices
FROM tied AS t JOIN crews AS c ON c.account_id = t.account_id AND c.user_key = t.user_key

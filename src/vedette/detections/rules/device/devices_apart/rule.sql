WITH plain AS (
  SELECT account_id, COALESCE(user_id, '') AS user_key, device_id, time_us, event_id, ip_country
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND device_id IS NOT NULL
    AND ip_country IS NOT NULL AND ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted')
),
tied AS (
  SELECT account_id, user_key, device_id, MIN(ip_country) AS ip_country, MIN(time_us) AS time_us,
    MIN(event_id) AS event_id
  FROM plain
  GROUP BY account_id, user_key, device_id
  HAVING MIN(ip_country) = MAX(ip_country) AND COUNT(*) >= 3
),
candidates AS (
  SELECT account_id, user_key FROM tied GROUP BY account_id, user_key HAVING COUNT(DISTINCT ip_country) >= {countries}
),
settled AS (
  SELECT t.account_id, t.user_key, t.device_id, t.ip_country, t.time_us, t.event_id
  FROM tied AS t
  JOIN candidates AS c ON c.account_id = t.account_id AND c.user_key = t.user_key
  JOIN plain AS p ON p.account_id = t.account_id AND p.user_key = t.user_key AND p.device_id = t.device_id
  GROUP BY t.account_id, t.user_key, t.device_id, t.ip_country, t.time_us, t.event_id
  HAVING COUNT(DISTINCT FLOOR(p.time_us / 86400000000)) >= {days}
),
crews AS (
  SELECT account_id, user_key, COUNT(*) AS devices, COUNT(DISTINCT ip_country) AS countries
  FROM settled
  GROUP BY account_id, user_key
  HAVING COUNT(DISTINCT ip_country) >= {countries}
)
SELECT s.account_id, s.time_us, CASE WHEN c.countries >= 4 THEN 5.0 ELSE 4.0 END AS bits, [s.event_id] AS event_ids,
  s.device_id AS v_device, s.ip_country AS v_countries, c.devices AS v_devices
FROM settled AS s JOIN crews AS c ON c.account_id = s.account_id AND c.user_key = s.user_key

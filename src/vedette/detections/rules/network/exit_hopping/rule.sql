WITH hidden AS (
  SELECT account_id, COALESCE(user_id, '') AS user_key, time_us, event_id, ip_country
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND ip_country IS NOT NULL
    AND ip_class IN ('vpn', 'tor', 'hosting')
),
places AS (
  SELECT account_id, user_key, ip_country FROM hidden GROUP BY account_id, user_key, ip_country
),
wide AS (
  SELECT account_id, user_key FROM places GROUP BY account_id, user_key HAVING COUNT(*) >= {countries}
),
mine AS (
  SELECT h.account_id, h.user_key, h.time_us, h.event_id, h.ip_country
  FROM hidden AS h JOIN wide AS w ON w.account_id = h.account_id AND w.user_key = h.user_key
),
crowded AS (
  SELECT c.account_id, c.user_key, c.time_us, c.distinct_count
  FROM sliding_distinct(mine, (account_id, user_key), ip_country, {window}) AS c
  WHERE c.distinct_count >= {countries}
),
days AS (
  SELECT account_id, user_key, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM crowded GROUP BY account_id, user_key
)
SELECT m.account_id, m.time_us, CASE WHEN d.days >= 3 * {days} THEN 2.0 ELSE 1.0 END AS bits, [m.event_id] AS event_ids,
  m.ip_country AS v_countries, c.distinct_count AS v_most, d.days AS v_days
FROM crowded AS c
JOIN days AS d ON d.account_id = c.account_id AND d.user_key = c.user_key
JOIN mine AS m ON m.account_id = c.account_id AND m.user_key = c.user_key AND m.time_us = c.time_us
WHERE d.days >= {days}

WITH plain AS (
  SELECT account_id, COALESCE(user_id, '') AS user_key, time_us, event_id, ip_asn, ip_country
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND ip_class = 'residential' AND ip_asn IS NOT NULL
),
networks AS (
  SELECT account_id, user_key, ip_asn FROM plain GROUP BY account_id, user_key, ip_asn
),
wide AS (
  SELECT account_id, user_key FROM networks GROUP BY account_id, user_key HAVING COUNT(*) >= {networks}
),
mine AS (
  SELECT p.account_id, p.user_key, p.time_us, p.event_id, p.ip_asn, p.ip_country
  FROM plain AS p JOIN wide AS w ON w.account_id = p.account_id AND w.user_key = p.user_key
),
crowded AS (
  SELECT c.account_id, c.user_key, c.time_us, c.distinct_count
  FROM sliding_distinct(mine, (account_id, user_key), ip_asn, {window}) AS c
  WHERE c.distinct_count >= {networks}
),
days AS (
  SELECT account_id, user_key, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM crowded GROUP BY account_id, user_key
)
SELECT m.account_id, m.time_us, CASE WHEN c.distinct_count >= 2 * {networks} THEN 3.0 ELSE 2.0 END AS bits,
  [m.event_id] AS event_ids, m.ip_country AS v_countries, c.distinct_count AS v_networks, d.days AS v_days
FROM crowded AS c
JOIN days AS d ON d.account_id = c.account_id AND d.user_key = c.user_key
JOIN mine AS m ON m.account_id = c.account_id AND m.user_key = c.user_key AND m.time_us = c.time_us
WHERE d.days >= {days}

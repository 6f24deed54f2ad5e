WITH plain AS (
  SELECT account_id, COALESCE(user_id, '') AS user_key, time_us, event_id, ip_country
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND ip_country IS NOT NULL
    AND ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted')
),
places AS (
  SELECT account_id, user_key, ip_country FROM plain GROUP BY account_id, user_key, ip_country
),
wide AS (
  SELECT account_id, user_key FROM places GROUP BY account_id, user_key HAVING COUNT(*) >= {countries}
),
mine AS (
  SELECT p.account_id, p.user_key, p.time_us, p.event_id, p.ip_country
  FROM plain AS p JOIN wide AS w ON w.account_id = p.account_id AND w.user_key = p.user_key
),
hops AS (
  SELECT account_id, user_key, time_us, event_id, ip_country,
    previous(ip_country, (account_id, user_key), time_us, event_id) AS from_country,
    time_us - previous(time_us, (account_id, user_key), time_us, event_id) AS taken_us
  FROM mine
),
-- Six hours. The distance is between the nearest cities; 1,250 km are let off because countries are wide; 900 km/h.
jumps AS (
  SELECT h.account_id, h.user_key, h.time_us, h.event_id, h.ip_country, h.from_country
  FROM hops AS h
  JOIN sliding_distinct(mine, (account_id, user_key), ip_country, {window}) AS c
    ON c.account_id = h.account_id AND c.user_key = h.user_key AND c.time_us = h.time_us
  JOIN country_distances AS d ON d.country = h.from_country AND d.other_country = h.ip_country
  WHERE c.distinct_count >= {countries} AND (d.kilometres - 1250) * 4000000 > h.taken_us
),
days AS (
  SELECT account_id, user_key, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM jumps GROUP BY account_id, user_key
)
SELECT j.account_id, j.time_us, CASE WHEN d.days >= 4 THEN 5.0 ELSE 4.0 END AS bits, [j.event_id] AS event_ids,
  j.from_country AS v_from, j.ip_country AS v_countries, d.days AS v_days
FROM jumps AS j JOIN days AS d ON d.account_id = j.account_id AND d.user_key = j.user_key
WHERE d.days >= {days}

WITH plain AS (
  SELECT account_id, COALESCE(user_id, '') AS user_key, time_us, event_id, ip_country, device_id
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND ip_country IS NOT NULL
    AND ip_class IN ('residential', 'mobile', 'business', 'education', 'unlisted')
),
wide AS (
  SELECT account_id, user_key FROM plain GROUP BY account_id, user_key HAVING MIN(ip_country) <> MAX(ip_country)
),
hops AS (
  SELECT p.account_id, p.time_us, p.event_id, p.ip_country, p.device_id,
    previous(p.ip_country, (p.account_id, p.user_key), p.time_us, p.event_id) AS from_country,
    previous(p.event_id, (p.account_id, p.user_key), p.time_us, p.event_id) AS from_event,
    previous(p.device_id, (p.account_id, p.user_key), p.time_us, p.event_id) AS from_device,
    p.time_us - previous(p.time_us, (p.account_id, p.user_key), p.time_us, p.event_id) AS taken_us
  FROM plain AS p JOIN wide AS w ON w.account_id = p.account_id AND w.user_key = p.user_key
  LEFT JOIN accounts AS a ON a.account_id = p.account_id
  WHERE a.reseller_id IS NULL
)
-- 4 seconds a kilometre are 900 km/h; 1,250 km are let off because countries are wide.
SELECT h.account_id, h.time_us, CASE WHEN h.device_id <> h.from_device THEN 2.5 ELSE 1.0 END AS bits,
  [h.from_event, h.event_id] AS event_ids,
  h.from_country AS v_from, h.ip_country AS v_countries, d.kilometres AS v_kilometres
FROM hops AS h
JOIN country_distances AS d ON d.country = h.from_country AND d.other_country = h.ip_country
WHERE (d.kilometres - {kilometres}) * 4000000 > h.taken_us

WITH spread AS (
  SELECT account_id, session_id FROM logs
  WHERE account_id IS NOT NULL AND session_id IS NOT NULL AND ip_country IS NOT NULL
  GROUP BY account_id, session_id
  HAVING MIN(ip_country) <> MAX(ip_country)
),
hops AS (
  SELECT l.account_id, l.time_us, l.event_id, l.ip_country, l.ua_family,
    previous(l.ip_country, (l.account_id, l.session_id), l.time_us, l.event_id) AS from_country,
    previous(l.ua_family, (l.account_id, l.session_id), l.time_us, l.event_id) AS from_client,
    previous(l.event_id, (l.account_id, l.session_id), l.time_us, l.event_id) AS from_event,
    l.time_us - previous(l.time_us, (l.account_id, l.session_id), l.time_us, l.event_id) AS taken_us
  FROM logs AS l JOIN spread AS s ON s.account_id = l.account_id AND s.session_id = l.session_id
  WHERE l.ip_country IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
)
-- 4 seconds a kilometre are 900 km/h.
SELECT h.account_id, h.time_us, CASE WHEN h.ua_family <> h.from_client THEN 3.0 ELSE 2.0 END AS bits,
  [h.from_event, h.event_id] AS event_ids, h.from_country AS v_from, h.ip_country AS v_countries, d.kilometres AS v_kilometres
FROM hops AS h JOIN country_distances AS d ON d.country = h.from_country AND d.other_country = h.ip_country
WHERE (d.kilometres - {kilometres}) * 4000000 > h.taken_us

WITH spread AS (
  SELECT account_id, session_id FROM logs
  WHERE account_id IS NOT NULL AND session_id IS NOT NULL AND ip_asn IS NOT NULL AND ip_country IS NOT NULL
  GROUP BY account_id, session_id
  HAVING COUNT(DISTINCT ip_asn) >= {networks} AND COUNT(DISTINCT ip_country) >= {countries}
),
mine AS (
  SELECT l.account_id, l.session_id, l.time_us, l.event_id, l.ip_asn, l.ip_country
  FROM logs AS l JOIN spread AS s ON s.account_id = l.account_id AND s.session_id = l.session_id
  WHERE l.ip_asn IS NOT NULL AND l.ip_country IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
crowded AS (
  SELECT n.account_id, n.session_id, n.time_us, n.distinct_count
  FROM sliding_distinct(mine, (account_id, session_id), ip_asn, {window}) AS n
  JOIN sliding_distinct(mine, (account_id, session_id), ip_country, {window}) AS c
    ON c.account_id = n.account_id AND c.session_id = n.session_id AND c.time_us = n.time_us
  WHERE n.distinct_count >= {networks} AND c.distinct_count >= {countries}
)
SELECT m.account_id, m.time_us, CASE WHEN c.distinct_count >= 2 * {networks} THEN 3.0 ELSE 2.0 END AS bits,
  [m.event_id] AS event_ids, m.ip_country AS v_countries, c.distinct_count AS v_networks
FROM crowded AS c JOIN mine AS m ON m.account_id = c.account_id AND m.session_id = c.session_id AND m.time_us = c.time_us

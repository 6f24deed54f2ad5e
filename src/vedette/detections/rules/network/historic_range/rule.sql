WITH seen AS (
  SELECT account_id, time_us, event_id, ip, ip_country, outcome FROM signins WHERE ip_dprk = 'historic'
  UNION ALL
  -- A sign-in that a log told of stands in both tables: it counts once.
  SELECT l.account_id, l.time_us, l.event_id, l.ip, l.ip_country, l.outcome
  FROM logs AS l
  LEFT JOIN signins AS s ON l.class_uid = 3002 AND s.account_id = l.account_id AND s.time_us = l.time_us AND s.ip = l.ip
  WHERE l.ip_dprk = 'historic' AND s.event_id IS NULL
),
outside AS (
  SELECT s.account_id, s.time_us, s.event_id, s.ip, a.country
  FROM seen AS s JOIN accounts AS a ON a.account_id = s.account_id
  WHERE s.ip_country <> a.country AND (s.outcome IS NULL OR s.outcome <> 'failure')
),
days AS (
  SELECT account_id, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM outside GROUP BY account_id
)
SELECT o.account_id, o.time_us, 2.0 AS bits, [o.event_id] AS event_ids, o.ip AS v_addresses, o.country AS v_declared,
  d.days AS v_days
FROM outside AS o JOIN days AS d ON d.account_id = o.account_id
WHERE d.days >= {days}

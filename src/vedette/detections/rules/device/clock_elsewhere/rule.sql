WITH clocks AS (
  SELECT account_id, timezone_offset_minutes AS offset_minutes, ip_country, COUNT(*) AS times
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND timezone_offset_minutes IS NOT NULL AND ip_country IS NOT NULL
  GROUP BY account_id, timezone_offset_minutes, ip_country
),
-- Zero is left out: browsers that protect against tracking report UTC.
odd AS (
  SELECT c.account_id, c.offset_minutes, c.ip_country, c.times
  FROM clocks AS c
  JOIN accounts AS a ON a.account_id = c.account_id
  LEFT JOIN country_offsets AS declared ON declared.country = a.country AND declared.offset_minutes = c.offset_minutes
  LEFT JOIN zone_offsets AS zoned ON zoned.zone = a.declared_timezone AND zoned.offset_minutes = c.offset_minutes
  LEFT JOIN country_offsets AS seen ON seen.country = c.ip_country AND seen.offset_minutes = c.offset_minutes
  WHERE c.offset_minutes <> 0 AND a.country IS NOT NULL
    AND declared.country IS NULL AND zoned.zone IS NULL AND seen.country IS NULL
),
totals AS (
  SELECT account_id, SUM(times) AS times FROM clocks GROUP BY account_id
),
steady AS (
  SELECT o.account_id FROM odd AS o JOIN totals AS t ON t.account_id = o.account_id
  GROUP BY o.account_id, t.times HAVING SUM(o.times) >= {times} AND SUM(o.times) * 2 >= t.times
),
events AS (
  SELECT s.account_id, s.time_us, s.event_id, s.timezone_offset_minutes, s.ip_country
  FROM signins AS s
  JOIN steady AS y ON y.account_id = s.account_id
  JOIN odd AS o ON o.account_id = s.account_id AND o.offset_minutes = s.timezone_offset_minutes
    AND o.ip_country = s.ip_country
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'
),
days AS (
  SELECT account_id, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM events GROUP BY account_id
)
SELECT e.account_id, e.time_us, CASE WHEN d.days >= 10 THEN 4.0 ELSE 3.0 END AS bits, [e.event_id] AS event_ids,
  e.timezone_offset_minutes AS v_offset, e.ip_country AS v_countries, a.country AS v_declared, d.days AS v_days
FROM events AS e
JOIN days AS d ON d.account_id = e.account_id
JOIN accounts AS a ON a.account_id = e.account_id
WHERE d.days >= {days}

WITH hiding AS (
  SELECT account_id, COUNT(*) AS times, SUM(CASE WHEN ip_class IN ('vpn', 'tor', 'hosting') THEN 1 ELSE 0 END) AS hidden
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console'
  GROUP BY account_id
  HAVING COUNT(*) >= {times} AND SUM(CASE WHEN ip_class IN ('vpn', 'tor', 'hosting') THEN 1 ELSE 0 END) * 100 >= COUNT(*) * {hidden}
    AND COALESCE(MIN(user_id) = MAX(user_id), TRUE)
),
declared AS (
  SELECT a.account_id, z.offset_minutes FROM accounts AS a
  JOIN hiding AS h ON h.account_id = a.account_id JOIN zone_offsets AS z ON z.zone = a.declared_timezone
  UNION
  SELECT a.account_id, c.offset_minutes FROM accounts AS a
  JOIN hiding AS h ON h.account_id = a.account_id JOIN country_offsets AS c ON c.country = a.country
  LEFT JOIN zone_offsets AS z ON z.zone = a.declared_timezone
  WHERE z.zone IS NULL
),
spans AS (
  SELECT account_id, MIN(offset_minutes) AS least_offset, MAX(offset_minutes) AS most_offset FROM declared GROUP BY account_id
),
-- Minutes into the day at the earliest and the latest clock of the declared place; an odd clock is the other rules' matter.
hours AS (
  SELECT s.account_id, s.time_us, s.event_id, s.ip_class,
    (CAST(FLOOR(s.time_us / 60000000) AS BIGINT) + p.least_offset) % 1440 AS least_minute,
    (CAST(FLOOR(s.time_us / 60000000) AS BIGINT) + p.most_offset) % 1440 AS most_minute,
    CASE WHEN s.timezone_offset_minutes IS NOT NULL AND s.timezone_offset_minutes <> 0 AND d.account_id IS NULL
      THEN 1 ELSE 0 END AS odd_clock
  FROM signins AS s
  JOIN spans AS p ON p.account_id = s.account_id
  LEFT JOIN declared AS d ON d.account_id = s.account_id AND d.offset_minutes = s.timezone_offset_minutes
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'
),
-- Night is ten in the evening to seven in the morning, at both clocks.
marked AS (
  SELECT account_id, time_us, event_id, odd_clock,
    CASE WHEN (least_minute < 420 OR least_minute >= 1320) AND (most_minute < 420 OR most_minute >= 1320)
      THEN 1 ELSE 0 END AS night
  FROM hours
),
shares AS (
  SELECT account_id, COUNT(*) AS times, SUM(night) AS night, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days
  FROM marked
  GROUP BY account_id
  HAVING SUM(night) * 100 >= COUNT(*) * {night} AND SUM(odd_clock) * 2 < COUNT(*)
    AND COUNT(DISTINCT FLOOR(time_us / 86400000000)) >= {days}
)
SELECT m.account_id, m.time_us, CASE WHEN s.night * 100 >= s.times * 80 THEN 3.0 ELSE 2.0 END AS bits, [m.event_id] AS event_ids,
  a.country AS v_declared, s.times AS v_times, s.days AS v_days,
  CAST(FLOOR(s.night * 100 / NULLIF(s.times, 0)) AS BIGINT) AS v_night_share,
  CAST(FLOOR(h.hidden * 100 / NULLIF(h.times, 0)) AS BIGINT) AS v_hidden_share
FROM marked AS m
JOIN shares AS s ON s.account_id = m.account_id
JOIN hiding AS h ON h.account_id = m.account_id
JOIN accounts AS a ON a.account_id = m.account_id
WHERE m.night = 1

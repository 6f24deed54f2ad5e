WITH clocks AS (
  SELECT account_id, timezone_offset_minutes AS offset_minutes, COUNT(*) AS times
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console' AND timezone_offset_minutes IS NOT NULL
  GROUP BY account_id, timezone_offset_minutes
),
-- The offsets of the declared zone, or of the declared country where no zone is declared.
declared AS (
  SELECT a.account_id, z.offset_minutes FROM accounts AS a JOIN zone_offsets AS z ON z.zone = a.declared_timezone
  UNION
  SELECT a.account_id, c.offset_minutes FROM accounts AS a JOIN country_offsets AS c ON c.country = a.country
  LEFT JOIN zone_offsets AS z ON z.zone = a.declared_timezone
  WHERE z.zone IS NULL
),
odd AS (
  SELECT c.account_id, c.offset_minutes, c.times
  FROM clocks AS c
  LEFT JOIN declared AS d ON d.account_id = c.account_id AND d.offset_minutes = c.offset_minutes
  WHERE d.account_id IS NULL AND c.offset_minutes <> 0
),
totals AS (
  SELECT account_id, SUM(times) AS times FROM clocks GROUP BY account_id
),
suspects AS (
  SELECT o.account_id, MIN(d.least_offset) AS least_offset, MAX(d.most_offset) AS most_offset
  FROM odd AS o
  JOIN totals AS t ON t.account_id = o.account_id
  JOIN (
    SELECT account_id, MIN(offset_minutes) AS least_offset, MAX(offset_minutes) AS most_offset
    FROM declared GROUP BY account_id
  ) AS d ON d.account_id = o.account_id
  GROUP BY o.account_id, t.times
  HAVING SUM(o.times) >= {times} AND SUM(o.times) * 100 >= t.times * {share}
),
-- Minutes into the day, at the earliest and latest clock of the declared place and on the browser's own.
hours AS (
  SELECT s.account_id, s.user_id, s.time_us, s.event_id, s.timezone_offset_minutes,
    (CAST(FLOOR(s.time_us / 60000000) AS BIGINT) + x.least_offset) % 1440 AS least_minute,
    (CAST(FLOOR(s.time_us / 60000000) AS BIGINT) + x.most_offset) % 1440 AS most_minute,
    (CAST(FLOOR(s.time_us / 60000000) AS BIGINT) + s.timezone_offset_minutes) % 1440 AS own_minute
  FROM signins AS s
  JOIN suspects AS x ON x.account_id = s.account_id
  JOIN odd AS o ON o.account_id = s.account_id AND o.offset_minutes = s.timezone_offset_minutes
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'
),
-- Night is ten in the evening to seven in the morning; day is eight to ten in the evening.
marked AS (
  SELECT account_id, user_id, time_us, event_id, timezone_offset_minutes,
    CASE WHEN (least_minute < 420 OR least_minute >= 1320) AND (most_minute < 420 OR most_minute >= 1320)
      THEN 1 ELSE 0 END AS night,
    CASE WHEN own_minute BETWEEN 480 AND 1320 THEN 1 ELSE 0 END AS daytime
  FROM hours
),
shares AS (
  SELECT account_id, COUNT(*) AS times, SUM(night) AS night, SUM(daytime) AS daytime
  FROM marked
  GROUP BY account_id
  HAVING COUNT(DISTINCT user_id) <= 1 AND COUNT(DISTINCT FLOOR(time_us / 86400000000)) >= {days}
    AND SUM(night) * 100 >= COUNT(*) * {night} AND SUM(daytime) * 10 >= COUNT(*) * 8
)
SELECT m.account_id, m.time_us, 3.0 AS bits, [m.event_id] AS event_ids, m.timezone_offset_minutes AS v_offset,
  a.country AS v_declared, s.times AS v_times,
  CAST(FLOOR(s.night * 100 / NULLIF(s.times, 0)) AS BIGINT) AS v_night_share,
  CAST(FLOOR(s.daytime * 100 / NULLIF(s.times, 0)) AS BIGINT) AS v_day_share
FROM marked AS m
JOIN shares AS s ON s.account_id = m.account_id
JOIN accounts AS a ON a.account_id = m.account_id
WHERE m.night = 1

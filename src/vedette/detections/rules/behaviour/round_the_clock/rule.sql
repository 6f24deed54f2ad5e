WITH busy AS (
  SELECT account_id, CAST(FLOOR(time_us / 86400000000) AS BIGINT) AS day_number
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console'
  GROUP BY account_id, CAST(FLOOR(time_us / 86400000000) AS BIGINT)
  HAVING COUNT(*) >= {hours}
),
-- Only accounts with enough busy days are counted by the hour.
long AS (
  SELECT account_id FROM busy GROUP BY account_id HAVING COUNT(*) >= {days}
),
hours AS (
  SELECT s.account_id, COALESCE(s.user_id, '') AS user_key, CAST(FLOOR(s.time_us / 86400000000) AS BIGINT) AS day_number,
    CAST(FLOOR(s.time_us / 3600000000) AS BIGINT) AS hour_number, MIN(s.time_us) AS time_us, MIN(s.event_id) AS event_id
  FROM signins AS s JOIN long AS l ON l.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'
  GROUP BY s.account_id, COALESCE(s.user_id, ''), CAST(FLOOR(s.time_us / 86400000000) AS BIGINT),
    CAST(FLOOR(s.time_us / 3600000000) AS BIGINT)
),
full_days AS (
  SELECT account_id, user_key, day_number, MIN(time_us) AS time_us, MIN(event_id) AS event_id
  FROM hours
  GROUP BY account_id, user_key, day_number
  HAVING COUNT(*) >= {hours}
),
habits AS (
  SELECT account_id, user_key, COUNT(*) AS days FROM full_days GROUP BY account_id, user_key HAVING COUNT(*) >= {days}
)
SELECT f.account_id, f.time_us, 2.0 AS bits, [f.event_id] AS event_ids, h.days AS v_days
FROM full_days AS f JOIN habits AS h ON h.account_id = f.account_id AND h.user_key = f.user_key

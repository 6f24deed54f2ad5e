WITH busy AS (
  SELECT account_id, CAST(FLOOR(time_us / 86400000000) AS BIGINT) AS day_number
  FROM signins
  WHERE outcome = 'success' AND COALESCE(channel, 'console') = 'console'
  GROUP BY account_id, CAST(FLOOR(time_us / 86400000000) AS BIGINT)
  HAVING COUNT(*) >= {a_day}
),
-- Only accounts with enough busy days are put in order.
long AS (
  SELECT b.account_id FROM busy AS b JOIN accounts AS a ON a.account_id = b.account_id
  WHERE a.kind = 'person'
  GROUP BY b.account_id HAVING COUNT(*) >= {days}
),
uses AS (
  SELECT s.account_id, COALESCE(s.user_id, '') AS user_key, s.time_us, s.event_id
  FROM signins AS s JOIN long AS l ON l.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'
),
-- The distance before a sign-in beside the one after it.
pairs AS (
  SELECT account_id, user_key, time_us, event_id,
    time_us - previous(time_us, (account_id, user_key), time_us, event_id) AS gap_us,
    next(time_us, (account_id, user_key), time_us, event_id) - time_us AS after_us
  FROM uses
),
steady AS (
  SELECT account_id, user_key, COUNT(*) AS times,
    SUM(CASE WHEN gap_us >= 60000000 AND ABS(gap_us - after_us) <= 60000000 THEN 1 ELSE 0 END) AS steady
  FROM pairs
  GROUP BY account_id, user_key
  HAVING SUM(CASE WHEN gap_us >= 60000000 AND ABS(gap_us - after_us) <= 60000000 THEN 1 ELSE 0 END) >= {times}
    AND SUM(CASE WHEN gap_us >= 60000000 AND ABS(gap_us - after_us) <= 60000000 THEN 1 ELSE 0 END) * 100 >= COUNT(*) * {share}
),
beats AS (
  SELECT p.account_id, p.time_us, p.event_id, p.user_key, s.times, s.steady
  FROM pairs AS p JOIN steady AS s ON s.account_id = p.account_id AND s.user_key = p.user_key
  WHERE p.gap_us >= 60000000 AND ABS(p.gap_us - p.after_us) <= 60000000
),
days AS (
  SELECT account_id, user_key, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM beats GROUP BY account_id, user_key
)
SELECT b.account_id, b.time_us, 1.0 AS bits, [b.event_id] AS event_ids, b.steady AS v_steady, b.times AS v_times,
  d.days AS v_days
FROM beats AS b JOIN days AS d ON d.account_id = b.account_id AND d.user_key = b.user_key
WHERE d.days >= {days}

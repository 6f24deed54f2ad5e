WITH uses AS (
  SELECT s.account_id, s.time_us, s.event_id, s.user_id, s.device_id, s.ip_country, s.timezone_offset_minutes, a.country
  FROM signins AS s JOIN accounts AS a ON a.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.device_id IS NOT NULL AND s.ip_country IS NOT NULL
    AND s.timezone_offset_minutes IS NOT NULL AND a.country IS NOT NULL
    AND a.verification_status IN ('verified', 'reverified')
),
devices AS (
  SELECT account_id, device_id, MIN(time_us) AS first_us, MAX(time_us) AS last_us, COUNT(*) AS times,
    SUM(CASE WHEN ip_country = country THEN 1 ELSE 0 END) AS home,
    MIN(timezone_offset_minutes) AS least_offset, MAX(timezone_offset_minutes) AS most_offset
  FROM uses
  GROUP BY account_id, device_id
),
-- An account with several users is a team, which may hand over as it likes.
openings AS (
  SELECT account_id, MIN(time_us) AS opened_us FROM uses GROUP BY account_id HAVING COUNT(DISTINCT user_id) <= 1
),
-- Early devices appear within a week of the first sign-in.
early AS (
  SELECT d.account_id, MAX(d.last_us) AS silent_us, o.opened_us, MIN(d.least_offset) AS least_offset,
    MAX(d.most_offset) AS most_offset
  FROM devices AS d JOIN openings AS o ON o.account_id = d.account_id
  WHERE d.first_us <= o.opened_us + 7 * 86400000000
  GROUP BY d.account_id, o.opened_us
  HAVING SUM(d.times) >= 3 AND SUM(d.home) = SUM(d.times)
),
late AS (
  SELECT u.account_id, u.time_us, u.event_id, u.ip_country
  FROM uses AS u JOIN early AS e ON e.account_id = u.account_id
  WHERE u.time_us > e.silent_us AND e.silent_us <= e.opened_us + 60 * 86400000000
    AND u.ip_country <> u.country
    AND (u.timezone_offset_minutes < e.least_offset - 60 OR u.timezone_offset_minutes > e.most_offset + 60)
),
rest AS (
  SELECT u.account_id, COUNT(*) AS times FROM uses AS u JOIN early AS e ON e.account_id = u.account_id
  WHERE u.time_us > e.silent_us
  GROUP BY u.account_id
),
handed AS (
  SELECT l.account_id FROM late AS l JOIN rest AS r ON r.account_id = l.account_id
  GROUP BY l.account_id, r.times
  HAVING COUNT(*) >= 8 AND COUNT(DISTINCT FLOOR(l.time_us / 86400000000)) >= 5 AND COUNT(*) * 10 >= r.times * 9
)
SELECT l.account_id, l.time_us, 4.0 AS bits, [l.event_id] AS event_ids, l.ip_country AS v_countries
FROM late AS l JOIN handed AS h ON h.account_id = l.account_id

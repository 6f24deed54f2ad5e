WITH uses AS (
  SELECT s.account_id, s.time_us, s.event_id, s.user_id, s.device_id, s.ip_country, s.timezone_offset_minutes, a.country
  FROM signins AS s JOIN accounts AS a ON a.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.device_id IS NOT NULL
    AND s.ip_country IS NOT NULL AND s.timezone_offset_minutes IS NOT NULL AND a.country IS NOT NULL
    AND a.verification_status IN ('verified', 'reverified')
),
devices AS (
  SELECT account_id, device_id, MIN(time_us) AS first_us, MAX(time_us) AS last_us, COUNT(*) AS times,
    SUM(CASE WHEN ip_country = country THEN 1 ELSE 0 END) AS home, MIN(user_id) AS first_user, MAX(user_id) AS last_user,
    MIN(timezone_offset_minutes) AS least_offset, MAX(timezone_offset_minutes) AS most_offset
  FROM uses
  GROUP BY account_id, device_id
),
-- An account with several users is a team, which may hand over as it likes.
openings AS (
  SELECT account_id, MIN(first_us) AS opened_us FROM devices
  GROUP BY account_id
  HAVING COALESCE(MIN(first_user) = MAX(last_user), TRUE)
),
-- Early devices appear within a week of the first sign-in, and were used at home only.
early AS (
  SELECT d.account_id, MAX(d.last_us) AS silent_us, MIN(d.least_offset) AS least_offset, MAX(d.most_offset) AS most_offset
  FROM devices AS d JOIN openings AS o ON o.account_id = d.account_id
  WHERE d.first_us <= o.opened_us + 7 * 86400000000
  GROUP BY d.account_id, o.opened_us
  HAVING SUM(d.times) >= 3 AND SUM(d.home) = SUM(d.times) AND MAX(d.last_us) <= o.opened_us + {early}
),
-- Only accounts that have a device used away from home can have been handed over.
candidates AS (
  SELECT DISTINCT e.account_id, e.silent_us, e.least_offset, e.most_offset
  FROM early AS e JOIN devices AS d ON d.account_id = e.account_id
  WHERE d.first_us > e.silent_us AND d.home < d.times
),
rest AS (
  SELECT u.account_id, u.time_us, u.event_id, u.ip_country,
    CASE WHEN u.ip_country <> u.country
      AND (u.timezone_offset_minutes < c.least_offset - 60 OR u.timezone_offset_minutes > c.most_offset + 60)
      THEN 1 ELSE 0 END AS strange
  FROM uses AS u JOIN candidates AS c ON c.account_id = u.account_id
  WHERE u.time_us > c.silent_us
),
handed AS (
  SELECT account_id FROM rest
  GROUP BY account_id
  HAVING SUM(strange) >= {times} AND SUM(strange) * 10 >= COUNT(*) * 9
    AND COUNT(DISTINCT CASE WHEN strange = 1 THEN FLOOR(time_us / 86400000000) END) >= {days}
)
SELECT r.account_id, r.time_us, 4.0 AS bits, [r.event_id] AS event_ids, r.ip_country AS v_countries
FROM rest AS r JOIN handed AS h ON h.account_id = r.account_id
WHERE r.strange = 1

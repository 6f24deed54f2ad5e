WITH begun AS (
  SELECT account_id, country, opened_us FROM accounts
  WHERE signup_ip_country = country AND opened_us IS NOT NULL AND reseller_id IS NULL
    AND signup_ip_class IN ('residential', 'mobile', 'business', 'cgnat', 'unlisted')
),
early AS (
  SELECT s.account_id, s.time_us, s.event_id, s.ip_country, b.country
  FROM signins AS s JOIN begun AS b ON b.account_id = s.account_id AND s.time_us BETWEEN b.opened_us AND b.opened_us + {span}
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.ip_country IS NOT NULL
    AND s.ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted')
),
away AS (
  SELECT account_id, COUNT(*) AS times, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days
  FROM early
  GROUP BY account_id
  HAVING SUM(CASE WHEN ip_country = country THEN 1 ELSE 0 END) = 0 AND COUNT(*) >= {times}
    AND COUNT(DISTINCT FLOOR(time_us / 86400000000)) >= {days}
)
SELECT e.account_id, e.time_us, 2.0 AS bits, [e.event_id] AS event_ids, e.ip_country AS v_countries, e.country AS v_declared,
  a.times AS v_times, a.days AS v_days
FROM early AS e JOIN away AS a ON a.account_id = e.account_id

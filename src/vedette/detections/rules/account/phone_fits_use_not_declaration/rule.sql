WITH odd AS (
  SELECT account_id, country, phone_country FROM accounts
  WHERE phone_country <> country AND reseller_id IS NULL AND kind = 'person'
),
plain AS (
  SELECT s.account_id, s.time_us, s.event_id, s.ip_country, o.country, o.phone_country
  FROM signins AS s JOIN odd AS o ON o.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.ip_country IS NOT NULL
    AND s.ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted')
),
-- A payer of the declared country says that the declaration means something.
tied AS (
  SELECT DISTINCT p.account_id FROM payments AS p JOIN odd AS o ON o.account_id = p.account_id AND o.country = p.payer_country
),
lives AS (
  SELECT p.account_id, COUNT(*) AS times, COUNT(DISTINCT FLOOR(p.time_us / 86400000000)) AS days
  FROM plain AS p LEFT JOIN tied AS t ON t.account_id = p.account_id
  WHERE t.account_id IS NULL
  GROUP BY p.account_id
  HAVING SUM(CASE WHEN p.ip_country = p.phone_country THEN 1 ELSE 0 END) = COUNT(*) AND COUNT(*) >= {times}
    AND COUNT(DISTINCT FLOOR(p.time_us / 86400000000)) >= {days}
)
SELECT p.account_id, p.time_us, 2.0 AS bits, [p.event_id] AS event_ids, p.country AS v_declared, p.phone_country AS v_phone,
  l.times AS v_times, l.days AS v_days
FROM plain AS p JOIN lives AS l ON l.account_id = p.account_id

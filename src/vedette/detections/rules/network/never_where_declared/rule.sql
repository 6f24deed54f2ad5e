WITH plain AS (
  SELECT s.account_id, s.time_us, s.event_id, s.user_id, s.ip_country, a.country
  FROM signins AS s JOIN accounts AS a ON a.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.ip_country IS NOT NULL AND a.country IS NOT NULL
    AND a.reseller_id IS NULL AND s.ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted')
),
lives AS (
  SELECT account_id, COUNT(*) AS total, MAX(time_us) - MIN(time_us) AS span_us
  FROM plain
  GROUP BY account_id
  HAVING SUM(CASE WHEN ip_country = country THEN 1 ELSE 0 END) = 0 AND COUNT(*) >= {times}
    AND COALESCE(MIN(user_id) = MAX(user_id), TRUE)
    AND MAX(time_us) - MIN(time_us) >= {span}
),
places AS (
  SELECT p.account_id, p.ip_country, COUNT(*) AS here
  FROM plain AS p JOIN lives AS l ON l.account_id = p.account_id
  GROUP BY p.account_id, p.ip_country
),
-- What the customer gave that names a country: owners, payers, the telephone's country.
named AS (
  SELECT account_id, country FROM owners WHERE country IS NOT NULL
  UNION ALL
  SELECT account_id, payer_country AS country FROM payments WHERE payer_country IS NOT NULL
  UNION ALL
  SELECT account_id, phone_country AS country FROM accounts WHERE phone_country IS NOT NULL
),
explained AS (
  SELECT DISTINCT n.account_id FROM named AS n
  JOIN places AS p ON p.account_id = n.account_id AND p.ip_country = n.country
),
spread AS (
  SELECT p.account_id, COUNT(DISTINCT FLOOR(p.time_us / 86400000000)) AS days
  FROM plain AS p JOIN lives AS l ON l.account_id = p.account_id
  GROUP BY p.account_id
),
elsewhere AS (
  SELECT l.account_id, d.days, l.span_us
  FROM lives AS l
  JOIN places AS p ON p.account_id = l.account_id
  JOIN spread AS d ON d.account_id = l.account_id
  LEFT JOIN explained AS e ON e.account_id = l.account_id
  WHERE e.account_id IS NULL AND d.days >= {days}
  GROUP BY l.account_id, d.days, l.span_us, l.total
  HAVING MAX(p.here) * 10 >= l.total * 8
)
SELECT p.account_id, p.time_us, CASE WHEN e.days >= 12 THEN 6.0 ELSE 4.0 END AS bits, [p.event_id] AS event_ids,
  p.ip_country AS v_countries, p.country AS v_declared, e.days AS v_days,
  CAST(FLOOR(e.span_us / 604800000000) AS BIGINT) AS v_weeks
FROM plain AS p JOIN elsewhere AS e ON e.account_id = p.account_id

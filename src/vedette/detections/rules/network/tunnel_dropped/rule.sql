WITH seen AS (
  SELECT s.account_id, s.time_us, s.event_id, s.ip_country, s.user_id, a.country,
    CASE WHEN s.ip_class IN ('vpn', 'tor', 'relay', 'hosting') THEN 1 ELSE 0 END AS hidden,
    CASE WHEN s.ip_class IN ('residential', 'mobile', 'business', 'education', 'cgnat', 'unlisted') AND s.ip_country IS NOT NULL THEN 1 ELSE 0 END AS plain
  FROM signins AS s JOIN accounts AS a ON a.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND a.country IS NOT NULL
),
mixed AS (
  SELECT account_id, SUM(plain) AS plain_count,
    SUM(CASE WHEN plain = 1 AND ip_country = country THEN 1 ELSE 0 END) AS home_count
  FROM seen
  GROUP BY account_id
  HAVING SUM(hidden) >= {exits} AND COALESCE(MIN(user_id) = MAX(user_id), TRUE)
    AND SUM(CASE WHEN plain = 1 AND ip_country <> country THEN 1 ELSE 0 END) >= 2
),
beside AS (
  SELECT s.account_id, s.time_us, s.event_id, s.ip_country, s.country, s.plain,
    previous(s.hidden, s.account_id, s.time_us, s.event_id) AS before_hidden,
    s.time_us - previous(s.time_us, s.account_id, s.time_us, s.event_id) AS before_us,
    next(s.hidden, s.account_id, s.time_us, s.event_id) AS after_hidden,
    next(s.time_us, s.account_id, s.time_us, s.event_id) - s.time_us AS after_us
  FROM seen AS s JOIN mixed AS m ON m.account_id = s.account_id
  WHERE m.home_count * 10 <= m.plain_count
),
-- A drop lies within twelve hours of a sign-in through an exit.
drops AS (
  SELECT account_id, time_us, event_id, ip_country, country
  FROM beside
  WHERE plain = 1 AND ip_country <> country
    AND ((before_hidden = 1 AND before_us <= {window}) OR (after_hidden = 1 AND after_us <= {window}))
),
days AS (
  SELECT account_id, COUNT(DISTINCT FLOOR(time_us / 86400000000)) AS days FROM drops GROUP BY account_id
)
SELECT d.account_id, d.time_us, CASE WHEN n.days >= 5 THEN 7.0 ELSE 5.0 END AS bits, [d.event_id] AS event_ids,
  d.ip_country AS v_countries, d.country AS v_declared, n.days AS v_days
FROM drops AS d JOIN days AS n ON n.account_id = d.account_id
WHERE n.days >= {days}

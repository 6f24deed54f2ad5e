WITH raised AS (
  SELECT l.account_id, COALESCE(l.target_id, l.target_name) AS who, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'admin'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
    AND COALESCE(l.target_id, l.target_name) IS NOT NULL
),
concerned AS (
  SELECT account_id FROM raised GROUP BY account_id
),
-- Whoever uses the account, by id and by name: products write one or the other as the target of a change.
uses AS (
  SELECT l.account_id, l.time_us, l.event_id, l.ip_country, l.principal_id AS who
  FROM logs AS l JOIN concerned AS c ON c.account_id = l.account_id
  WHERE l.ip_country IS NOT NULL AND l.principal_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
  UNION ALL
  SELECT l.account_id, l.time_us, l.event_id, l.ip_country, l.principal_name AS who
  FROM logs AS l JOIN concerned AS c ON c.account_id = l.account_id
  WHERE l.ip_country IS NOT NULL AND l.principal_name IS NOT NULL AND l.principal_name <> l.principal_id AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
fresh AS (
  SELECT f.account_id, f.ip_country, f.time_us FROM first_seen(uses, account_id, ip_country) AS f
  WHERE f.time_us - f.start_us >= {history}
),
strange AS (
  SELECT u.account_id, u.who, u.time_us, u.event_id, u.ip_country
  FROM uses AS u JOIN fresh AS f ON f.account_id = u.account_id AND f.ip_country = u.ip_country
    AND u.time_us <= f.time_us + 86400000000
)
SELECT f.account_id, f.then_us AS time_us, 3.0 AS bits, [f.event_id, f.then_id] AS event_ids, f.who AS v_users,
  s.ip_country AS v_countries
FROM followed(raised, strange, (account_id, who), {window}) AS f
JOIN strange AS s ON s.account_id = f.account_id AND s.who = f.who AND s.event_id = f.then_id

WITH trusted AS (
  SELECT l.account_id, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'trust'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
concerned AS (
  SELECT account_id FROM trusted GROUP BY account_id
),
uses AS (
  SELECT l.account_id, l.time_us, l.event_id, l.principal_id, l.ip_country, l.class_uid
  FROM logs AS l JOIN concerned AS c ON c.account_id = l.account_id
  WHERE l.principal_id IS NOT NULL AND l.ip_country IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
newcomers AS (
  SELECT f.account_id, f.principal_id, f.time_us FROM first_seen(uses, account_id, principal_id) AS f
  WHERE f.time_us - f.start_us >= {history}
),
places AS (
  SELECT f.account_id, f.ip_country, f.time_us FROM first_seen(uses, account_id, ip_country) AS f
  WHERE f.time_us - f.start_us >= {history}
),
strange AS (
  SELECT u.account_id, u.time_us, u.event_id, u.principal_id, u.ip_country
  FROM uses AS u
  JOIN newcomers AS n ON n.account_id = u.account_id AND n.principal_id = u.principal_id AND u.time_us <= n.time_us + {window}
  JOIN places AS p ON p.account_id = u.account_id AND p.ip_country = u.ip_country AND u.time_us <= p.time_us + {window}
  WHERE u.class_uid = 3002
)
SELECT f.account_id, f.then_us AS time_us, 4.0 AS bits, [f.event_id, f.then_id] AS event_ids,
  s.principal_id AS v_principals, s.ip_country AS v_countries
FROM followed(trusted, strange, account_id, {window}) AS f
JOIN strange AS s ON s.account_id = f.account_id AND s.event_id = f.then_id

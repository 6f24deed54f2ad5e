WITH acted AS (
  SELECT l.account_id, l.time_us, l.event_id, l.ip_country, l.operation
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'impersonate'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure') AND l.ip_country IS NOT NULL
),
uses AS (
  SELECT l.account_id, l.time_us, l.ip_country
  FROM logs AS l JOIN (SELECT account_id FROM acted GROUP BY account_id) AS c ON c.account_id = l.account_id
  WHERE l.ip_country IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
fresh AS (
  SELECT f.account_id, f.ip_country, f.time_us FROM first_seen(uses, account_id, ip_country) AS f
  WHERE f.time_us - f.start_us >= {history}
)
SELECT a.account_id, a.time_us, 3.0 AS bits, [a.event_id] AS event_ids, a.ip_country AS v_countries, a.operation AS v_operations
FROM acted AS a JOIN fresh AS f ON f.account_id = a.account_id AND f.ip_country = a.ip_country
  AND a.time_us <= f.time_us + {window}

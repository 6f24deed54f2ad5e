WITH resets AS (
  SELECT l.account_id, l.time_us, l.event_id
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'password_reset'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
concerned AS (
  SELECT account_id FROM resets GROUP BY account_id
),
uses AS (
  SELECT s.account_id, s.time_us, s.event_id, s.device_id, s.ip_country
  FROM signins AS s JOIN concerned AS c ON c.account_id = s.account_id
  WHERE s.outcome = 'success' AND s.device_id IS NOT NULL AND s.ip_country IS NOT NULL
),
new_device AS (
  SELECT f.account_id, f.device_id, f.time_us, f.start_us FROM first_seen(uses, account_id, device_id) AS f
),
new_country AS (
  SELECT f.account_id, f.ip_country, f.time_us FROM first_seen(uses, account_id, ip_country) AS f
),
strange AS (
  SELECT u.account_id, u.time_us, u.event_id, u.ip_country
  FROM uses AS u
  JOIN new_device AS d ON d.account_id = u.account_id AND d.device_id = u.device_id AND d.time_us = u.time_us
  JOIN new_country AS c ON c.account_id = u.account_id AND c.ip_country = u.ip_country AND c.time_us = u.time_us
  WHERE u.time_us - d.start_us >= {history}
)
SELECT f.account_id, f.then_us AS time_us, 3.0 AS bits, [f.event_id, f.then_id] AS event_ids, s.ip_country AS v_countries
FROM followed(resets, strange, account_id, {window}) AS f
JOIN strange AS s ON s.account_id = f.account_id AND s.event_id = f.then_id

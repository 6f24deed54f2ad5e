WITH acts AS (
  SELECT l.account_id, l.time_us, l.event_id, l.ip_country, CASE WHEN o.meaning = 'read' THEN 1 ELSE 0 END AS reading
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning IN ('read', 'share', 'export')
  WHERE l.account_id IS NOT NULL AND l.ip_country IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure')
),
-- Only accounts that copied enough are looked at in the larger tables.
takers AS (
  SELECT account_id FROM acts GROUP BY account_id
  HAVING SUM(reading) >= {reads} OR COUNT(*) - SUM(reading) >= {shares}
),
seen AS (
  SELECT l.account_id, l.ip_country, MIN(l.time_us) AS time_us FROM logs AS l JOIN takers AS t ON t.account_id = l.account_id
  WHERE l.ip_country IS NOT NULL GROUP BY l.account_id, l.ip_country
  UNION ALL
  SELECT s.account_id, s.ip_country, MIN(s.time_us) AS time_us FROM signins AS s JOIN takers AS t ON t.account_id = s.account_id
  WHERE s.ip_country IS NOT NULL AND s.outcome = 'success' GROUP BY s.account_id, s.ip_country
),
fresh AS (
  SELECT f.account_id, f.ip_country, f.time_us AS first_us FROM first_seen(seen, account_id, ip_country) AS f
  WHERE f.time_us - f.start_us >= {history}
),
copies AS (
  SELECT a.account_id, a.time_us, a.event_id, a.ip_country, a.reading
  FROM acts AS a JOIN fresh AS f ON f.account_id = a.account_id AND f.ip_country = a.ip_country
    AND a.time_us BETWEEN f.first_us AND f.first_us + {window}
),
amounts AS (
  SELECT account_id, ip_country, SUM(reading) AS reads, COUNT(*) - SUM(reading) AS shares
  FROM copies
  GROUP BY account_id, ip_country
  HAVING SUM(reading) >= {reads} OR COUNT(*) - SUM(reading) >= {shares}
)
SELECT c.account_id, c.time_us, CASE WHEN a.shares >= {shares} THEN 5.0 ELSE 4.0 END AS bits, [c.event_id] AS event_ids,
  c.ip_country AS v_countries, a.shares AS v_shares, a.reads AS v_reads
FROM copies AS c JOIN amounts AS a ON a.account_id = c.account_id AND a.ip_country = c.ip_country

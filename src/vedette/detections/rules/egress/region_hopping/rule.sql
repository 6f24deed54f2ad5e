WITH made AS (
  SELECT l.account_id, l.time_us, l.event_id, l.region
  FROM logs AS l JOIN operations AS o ON o.operation = l.operation AND o.meaning = 'compute'
  WHERE l.account_id IS NOT NULL AND (l.outcome IS NULL OR l.outcome <> 'failure') AND l.region IS NOT NULL
),
wide AS (
  SELECT account_id FROM made GROUP BY account_id HAVING COUNT(DISTINCT region) >= {regions}
),
mine AS (
  SELECT m.account_id, m.time_us, m.event_id, m.region FROM made AS m JOIN wide AS w ON w.account_id = m.account_id
),
crowded AS (
  SELECT c.account_id, MIN(c.time_us) AS until_us, MAX(c.distinct_count) AS most
  FROM sliding_distinct(mine, account_id, region, {window}) AS c
  WHERE c.distinct_count >= {regions}
  GROUP BY c.account_id
),
past AS (
  SELECT l.account_id, c.until_us, c.most, MIN(l.time_us) AS start_us, COUNT(DISTINCT l.region) AS usual
  FROM logs AS l JOIN crowded AS c ON c.account_id = l.account_id AND l.time_us < c.until_us - {window}
  WHERE l.region IS NOT NULL
  GROUP BY l.account_id, c.until_us, c.most
  HAVING c.until_us - MIN(l.time_us) >= {history} AND COUNT(DISTINCT l.region) <= {usual}
)
SELECT m.account_id, m.time_us, CASE WHEN p.most >= 2 * {regions} THEN 3.0 ELSE 2.0 END AS bits, [m.event_id] AS event_ids,
  m.region AS v_regions, p.most AS v_most, p.usual AS v_usual,
  CAST(FLOOR((p.until_us - p.start_us) / 604800000000) AS BIGINT) AS v_weeks
FROM mine AS m JOIN past AS p ON p.account_id = m.account_id AND m.time_us BETWEEN p.until_us - {window} AND p.until_us

WITH given AS (
  SELECT website_token, website_host, account_id, COALESCE(opened_us, received_us) AS time_us FROM accounts
  WHERE website_token IS NOT NULL AND kind = 'organization'
),
shared AS (
  SELECT website_token FROM given GROUP BY website_token HAVING COUNT(*) BETWEEN {unrelated} AND {most}
),
together AS (
  SELECT g.website_token, g.website_host, g.account_id, g.time_us
  FROM given AS g JOIN shared AS s ON s.website_token = g.website_token
)
SELECT t.account_id, t.time_us, CASE WHEN s.unrelated >= 2 * {unrelated} THEN 4.0 ELSE 3.0 END AS bits, NULL AS event_ids,
  'website' AS subject_kind, t.website_token AS subject_id, t.website_host AS v_hosts, s.holders AS v_holders,
  s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, website_token) AS s ON s.website_token = t.website_token
WHERE s.unrelated >= {unrelated}

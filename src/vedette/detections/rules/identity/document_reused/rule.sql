WITH given AS (
  SELECT document_token, account_id, COALESCE(opened_us, received_us) AS time_us
  FROM accounts
  WHERE document_token IS NOT NULL
),
shared AS (
  SELECT document_token FROM given GROUP BY document_token HAVING COUNT(*) >= {unrelated}
),
together AS (
  SELECT g.document_token, g.account_id, g.time_us
  FROM given AS g JOIN shared AS s ON s.document_token = g.document_token
)
SELECT t.account_id, t.time_us, CASE WHEN s.unrelated >= 3 THEN 7.0 ELSE 6.0 END AS bits, NULL AS event_ids,
  'document' AS subject_kind, t.document_token AS subject_id, s.holders AS v_holders, s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, document_token) AS s ON s.document_token = t.document_token
WHERE s.unrelated >= {unrelated}

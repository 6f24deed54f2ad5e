WITH contacts AS (
  SELECT 'document' AS what, document_token AS token, account_id, COALESCE(opened_us, received_us) AS time_us
  FROM accounts WHERE document_token IS NOT NULL
  UNION ALL
  SELECT 'mailbox' AS what, email_canonical_token AS token, account_id, COALESCE(opened_us, received_us) AS time_us
  FROM accounts WHERE email_canonical_token IS NOT NULL
  UNION ALL
  SELECT 'telephone' AS what, phone_token AS token, account_id, COALESCE(opened_us, received_us) AS time_us
  FROM accounts WHERE phone_token IS NOT NULL
),
shared AS (
  SELECT what, token FROM contacts GROUP BY what, token HAVING COUNT(*) >= 2
),
together AS (
  SELECT c.what, c.token, c.account_id, c.time_us
  FROM contacts AS c JOIN shared AS s ON s.token = c.token AND s.what = c.what
)
SELECT t.account_id, t.time_us,
  CASE WHEN t.what = 'document' THEN 7.0 WHEN t.what = 'mailbox' THEN 6.0 WHEN s.unrelated >= 5 THEN 6.0 ELSE 5.0 END AS bits,
  NULL AS event_ids, t.what AS subject_kind, t.token AS subject_id, t.what AS v_what, s.holders AS v_holders,
  s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, (what, token)) AS s ON s.token = t.token AND s.what = t.what
WHERE s.unrelated >= 3 OR (t.what <> 'telephone' AND s.unrelated >= 2)

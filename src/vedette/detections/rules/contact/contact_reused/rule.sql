WITH given AS (
  SELECT 'mailbox' AS what, email_canonical_token AS token, account_id, COALESCE(opened_us, received_us) AS time_us
  FROM accounts WHERE email_canonical_token IS NOT NULL
  UNION ALL
  SELECT 'telephone' AS what, phone_token AS token, account_id, COALESCE(opened_us, received_us) AS time_us
  FROM accounts WHERE phone_token IS NOT NULL
),
shared AS (
  SELECT what, token FROM given GROUP BY what, token HAVING COUNT(*) >= 2
),
together AS (
  SELECT g.what, g.token, g.account_id, g.time_us FROM given AS g JOIN shared AS s ON s.token = g.token AND s.what = g.what
)
SELECT t.account_id, t.time_us, CASE WHEN t.what = 'mailbox' OR s.unrelated >= 5 THEN 6.0 ELSE 5.0 END AS bits,
  NULL AS event_ids, t.what AS subject_kind, t.token AS subject_id, t.what AS v_what, s.holders AS v_holders,
  s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, (what, token)) AS s ON s.token = t.token AND s.what = t.what
WHERE s.unrelated >= {telephone} OR (t.what = 'mailbox' AND s.unrelated >= {mailbox})

WITH given AS (
  SELECT registration_token, account_id, COALESCE(opened_us, received_us) AS time_us FROM accounts
  WHERE registration_token IS NOT NULL AND kind = 'organization'
),
shared AS (
  SELECT registration_token FROM given GROUP BY registration_token HAVING COUNT(*) BETWEEN {unrelated} AND {most}
),
together AS (
  SELECT g.registration_token, g.account_id, g.time_us
  FROM given AS g JOIN shared AS s ON s.registration_token = g.registration_token
)
SELECT t.account_id, t.time_us, CASE WHEN s.unrelated >= 3 THEN 5.0 ELSE 4.0 END AS bits, NULL AS event_ids,
  'registration' AS subject_kind, t.registration_token AS subject_id, s.holders AS v_holders, s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, registration_token) AS s ON s.registration_token = t.registration_token
WHERE s.unrelated >= {unrelated}

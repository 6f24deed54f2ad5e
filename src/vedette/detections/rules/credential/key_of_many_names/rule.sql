WITH used AS (
  SELECT fingerprint, account_id, MIN(time_us) AS time_us, MIN(kind) AS kind
  FROM keys
  WHERE fingerprint IS NOT NULL
  GROUP BY fingerprint, account_id
),
shared AS (
  SELECT fingerprint FROM used GROUP BY fingerprint HAVING COUNT(*) >= {unrelated}
),
together AS (
  SELECT u.fingerprint, u.account_id, u.time_us, u.kind FROM used AS u JOIN shared AS s ON s.fingerprint = u.fingerprint
)
SELECT t.account_id, t.time_us, CASE WHEN s.unrelated >= 5 THEN 7.0 ELSE 6.0 END AS bits, NULL AS event_ids,
  'key' AS subject_kind, t.fingerprint AS subject_id, t.kind AS v_kinds, s.holders AS v_holders,
  s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, fingerprint) AS s ON s.fingerprint = t.fingerprint
WHERE s.unrelated >= {unrelated}

WITH used AS (
  SELECT wallet, account_id, MIN(time_us) AS time_us, MIN(payment_id) AS payment_id
  FROM payments WHERE wallet IS NOT NULL GROUP BY wallet, account_id
),
shared AS (
  SELECT wallet FROM used GROUP BY wallet HAVING COUNT(*) BETWEEN {unrelated} AND {most}
),
together AS (
  SELECT u.wallet, u.account_id, u.time_us, u.payment_id FROM used AS u JOIN shared AS s ON s.wallet = u.wallet
)
SELECT t.account_id, t.time_us, CASE WHEN s.unrelated >= 2 * {unrelated} THEN 4.0 ELSE 3.0 END AS bits,
  [t.payment_id] AS event_ids, 'wallet' AS subject_kind, t.wallet AS subject_id, s.holders AS v_holders,
  s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, wallet) AS s ON s.wallet = t.wallet
WHERE s.unrelated >= {unrelated}

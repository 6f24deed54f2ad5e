WITH used AS (
  SELECT p.instrument_id, p.account_id, MIN(p.time_us) AS time_us, MIN(p.payment_id) AS payment_id,
    MIN(p.instrument_kind) AS kind, COALESCE(a.reseller_id, '') AS seller
  FROM payments AS p JOIN accounts AS a ON a.account_id = p.account_id
  WHERE p.instrument_id IS NOT NULL AND (p.instrument_kind IS NULL OR p.instrument_kind NOT IN ('invoice', 'credit'))
  GROUP BY p.instrument_id, p.account_id, COALESCE(a.reseller_id, '')
),
-- A reseller's own account and its clients are one seller.
sold AS (
  SELECT u.instrument_id, u.account_id, u.time_us, u.payment_id, u.kind,
    CASE WHEN u.seller = '' AND c.reseller_id IS NOT NULL THEN c.reseller_id ELSE u.seller END AS seller
  FROM used AS u LEFT JOIN (SELECT reseller_id FROM accounts WHERE reseller_id IS NOT NULL GROUP BY reseller_id) AS c
    ON c.reseller_id = u.account_id
),
spread AS (
  SELECT instrument_id, COUNT(DISTINCT seller) AS sellers FROM sold
  GROUP BY instrument_id
  HAVING COUNT(DISTINCT seller) >= {sellers} AND MAX(seller) <> ''
),
together AS (
  SELECT s.instrument_id, s.account_id, s.time_us, s.payment_id, s.kind, p.sellers
  FROM sold AS s JOIN spread AS p ON p.instrument_id = s.instrument_id
)
SELECT t.account_id, t.time_us, CASE WHEN t.sellers >= 3 THEN 3.0 ELSE 2.0 END AS bits, [t.payment_id] AS event_ids,
  'instrument' AS subject_kind, t.instrument_id AS subject_id, t.kind AS v_kinds, t.sellers AS v_resellers,
  s.holders AS v_holders, s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, instrument_id) AS s ON s.instrument_id = t.instrument_id
WHERE s.unrelated >= {unrelated}

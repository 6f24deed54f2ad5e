WITH used AS (
  SELECT instrument_id, account_id, MIN(time_us) AS time_us, MIN(payment_id) AS payment_id, MIN(instrument_kind) AS kind
  FROM payments
  WHERE instrument_id IS NOT NULL AND (instrument_kind IS NULL OR instrument_kind NOT IN ('invoice', 'credit'))
  GROUP BY instrument_id, account_id
),
shared AS (
  SELECT instrument_id FROM used GROUP BY instrument_id HAVING COUNT(*) >= {unrelated}
),
together AS (
  SELECT u.instrument_id, u.account_id, u.time_us, u.payment_id, u.kind
  FROM used AS u JOIN shared AS s ON s.instrument_id = u.instrument_id
)
SELECT t.account_id, t.time_us, CASE WHEN s.unrelated >= 6 THEN 7.0 ELSE 5.0 END AS bits, [t.payment_id] AS event_ids,
  'instrument' AS subject_kind, t.instrument_id AS subject_id, t.kind AS v_kinds, s.holders AS v_holders,
  s.unrelated AS v_unrelated
FROM together AS t JOIN strangers(together, instrument_id) AS s ON s.instrument_id = t.instrument_id
WHERE s.unrelated >= {unrelated}

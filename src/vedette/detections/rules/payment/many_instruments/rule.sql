WITH used AS (
  SELECT p.account_id, p.time_us, p.payment_id, p.instrument_id, p.instrument_kind
  FROM payments AS p JOIN accounts AS a ON a.account_id = p.account_id
  WHERE p.instrument_id IS NOT NULL AND (p.instrument_kind IS NULL OR p.instrument_kind NOT IN ('invoice', 'credit'))
    AND a.kind = 'person' AND a.reseller_id IS NULL
),
crowded AS (
  SELECT c.account_id, c.time_us, c.distinct_count
  FROM sliding_distinct(used, account_id, instrument_id, {window}) AS c
  WHERE c.distinct_count >= {instruments}
),
members AS (
  SELECT u.account_id, u.time_us, u.payment_id, u.instrument_kind, MAX(c.distinct_count) AS most
  FROM used AS u JOIN crowded AS c ON c.account_id = u.account_id AND u.time_us BETWEEN c.time_us - {window} AND c.time_us
  GROUP BY u.account_id, u.time_us, u.payment_id, u.instrument_kind
)
SELECT account_id, time_us, CASE WHEN most >= 2 * {instruments} THEN 3.0 ELSE 2.0 END AS bits, [payment_id] AS event_ids,
  instrument_kind AS v_kinds, most AS v_most
FROM members

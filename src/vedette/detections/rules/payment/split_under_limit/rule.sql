WITH near AS (
  SELECT p.instrument_id, p.account_id, p.time_us, p.payment_id, p.currency, p.amount
  FROM payments AS p JOIN accounts AS a ON a.account_id = p.account_id
  WHERE p.instrument_id IS NOT NULL AND p.currency IS NOT NULL AND p.amount < {limit} AND p.amount * 100 >= {limit} * {share}
    AND a.reseller_id IS NULL
),
counted AS (
  SELECT c.instrument_id, c.currency, c.time_us, c.sights
  FROM sliding_count(near, (instrument_id, currency), {window}) AS c
  WHERE c.sights >= {times}
),
sums AS (
  SELECT s.instrument_id, s.currency, s.time_us, s.total FROM sliding_sum(near, (instrument_id, currency), amount, {window}) AS s
)
SELECT n.account_id, n.time_us, 2.0 AS bits, [n.payment_id] AS event_ids, 'instrument' AS subject_kind,
  n.instrument_id AS subject_id, n.currency AS v_currencies, MAX(c.sights) AS v_times, {limit} AS v_limit, MAX(s.total) AS v_total
FROM near AS n
JOIN counted AS c ON c.instrument_id = n.instrument_id AND c.currency = n.currency
  AND n.time_us BETWEEN c.time_us - {window} AND c.time_us
JOIN sums AS s ON s.instrument_id = c.instrument_id AND s.currency = c.currency AND s.time_us = c.time_us
GROUP BY n.account_id, n.time_us, n.payment_id, n.instrument_id, n.currency

WITH paid AS (
  SELECT p.account_id, p.time_us, p.payment_id, p.payer_country, a.country
  FROM payments AS p JOIN accounts AS a ON a.account_id = p.account_id
  WHERE p.payer_country IS NOT NULL AND a.country IS NOT NULL AND a.reseller_id IS NULL
),
-- Payers in the country of an owner are explained.
explained AS (
  SELECT DISTINCT p.account_id FROM paid AS p
  LEFT JOIN owners AS o ON o.account_id = p.account_id AND o.country = p.payer_country
  WHERE p.payer_country = p.country OR o.account_id IS NOT NULL
),
strange AS (
  SELECT p.account_id, p.time_us, p.payment_id, p.payer_country, p.country
  FROM paid AS p LEFT JOIN explained AS e ON e.account_id = p.account_id
  WHERE e.account_id IS NULL
),
crowded AS (
  SELECT c.account_id, c.time_us FROM sliding_distinct(strange, account_id, payer_country, {window}) AS c
  WHERE c.distinct_count >= {countries}
)
SELECT DISTINCT s.account_id, s.time_us, 2.0 AS bits, [s.payment_id] AS event_ids, s.payer_country AS v_countries,
  s.country AS v_declared
FROM strange AS s JOIN crowded AS c ON c.account_id = s.account_id AND s.time_us BETWEEN c.time_us - {window} AND c.time_us

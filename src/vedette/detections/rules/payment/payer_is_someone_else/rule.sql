WITH named AS (
  SELECT p.payment_id, p.account_id, p.time_us, p.payer_country, a.country
  FROM payments AS p JOIN accounts AS a ON a.account_id = p.account_id
  WHERE p.payer_name_token IS NOT NULL AND p.payer_country IS NOT NULL AND a.country IS NOT NULL
    AND a.name_token IS NOT NULL AND a.reseller_id IS NULL
),
own AS (
  SELECT DISTINCT p.payment_id
  FROM payer_name_parts AS p
  JOIN account_name_parts AS n ON n.account_id = p.account_id AND n.part_token = p.part_token
),
judged AS (
  SELECT n.payment_id, n.account_id, n.time_us, n.payer_country, n.country,
    CASE WHEN o.payment_id IS NULL AND n.payer_country <> n.country THEN 1 ELSE 0 END AS strange
  FROM named AS n LEFT JOIN own AS o ON o.payment_id = n.payment_id
),
mostly AS (
  SELECT account_id, SUM(strange) AS strange FROM judged GROUP BY account_id
  HAVING SUM(strange) >= 1 AND SUM(strange) * 100 > COUNT(*) * {share}
)
SELECT j.account_id, j.time_us, CASE WHEN m.strange >= 2 THEN 3.0 ELSE 2.0 END AS bits, [j.payment_id] AS event_ids,
  j.payer_country AS v_countries, j.country AS v_declared
FROM judged AS j JOIN mostly AS m ON m.account_id = j.account_id
WHERE j.strange = 1

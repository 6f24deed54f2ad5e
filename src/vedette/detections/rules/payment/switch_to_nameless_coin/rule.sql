WITH told AS (
  SELECT p.account_id, p.time_us, p.payment_id, p.payer_country, a.country,
    CASE WHEN p.instrument_kind = 'crypto' AND (p.payer_name_token IS NULL OR p.payer_country <> a.country)
      THEN 1 ELSE 0 END AS coin,
    CASE WHEN p.instrument_kind IN ('card', 'bank') AND p.payer_name_token IS NOT NULL THEN 1 ELSE 0 END AS named
  FROM payments AS p JOIN accounts AS a ON a.account_id = p.account_id
),
turns AS (
  SELECT account_id, MAX(CASE WHEN coin = 0 THEN time_us END) AS turn_us, SUM(named) AS named
  FROM told
  GROUP BY account_id
  HAVING SUM(named) >= {before} AND SUM(coin) >= {after}
),
since AS (
  SELECT t.account_id, t.time_us, t.payment_id, t.payer_country, u.named
  FROM told AS t JOIN turns AS u ON u.account_id = t.account_id
  WHERE t.coin = 1 AND t.time_us > u.turn_us
),
enough AS (
  SELECT account_id FROM since GROUP BY account_id HAVING COUNT(*) >= {after}
)
SELECT s.account_id, s.time_us, 2.0 AS bits, [s.payment_id] AS event_ids, s.payer_country AS v_countries, s.named AS v_named
FROM since AS s JOIN enough AS e ON e.account_id = s.account_id

WITH paid AS (
  SELECT account_id, time_us, payment_id AS event_id FROM payments
  WHERE instrument_id IS NOT NULL AND (instrument_kind IS NULL OR instrument_kind NOT IN ('invoice', 'credit'))
),
buyers AS (
  SELECT account_id FROM paid GROUP BY account_id HAVING COUNT(*) >= {payments}
),
habits AS (
  SELECT s.account_id, COUNT(*) AS times, SUM(CASE WHEN s.ip_class IN ('vpn', 'tor', 'hosting') THEN 1 ELSE 0 END) AS hidden
  FROM signins AS s JOIN buyers AS b ON b.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.ip_class IS NOT NULL
  GROUP BY s.account_id
  HAVING SUM(CASE WHEN s.ip_class IN ('vpn', 'tor', 'hosting') THEN 1 ELSE 0 END) BETWEEN {payments} AND COUNT(*) * {usual} / 100
),
uses AS (
  SELECT s.account_id, s.time_us, s.event_id, CASE WHEN s.ip_class IN ('vpn', 'tor', 'hosting') THEN 1 ELSE 0 END AS hidden
  FROM signins AS s JOIN habits AS h ON h.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.ip_class IS NOT NULL
),
-- The last sign-in before each payment.
before AS (
  SELECT f.account_id, f.then_us, MAX(f.time_us) AS signin_us
  FROM followed(uses, paid, account_id, {window}) AS f
  GROUP BY f.account_id, f.then_us
),
judged AS (
  SELECT b.account_id, b.then_us, MIN(u.hidden) AS hidden
  FROM before AS b JOIN uses AS u ON u.account_id = b.account_id AND u.time_us = b.signin_us
  GROUP BY b.account_id, b.then_us
),
always AS (
  SELECT account_id FROM judged GROUP BY account_id HAVING SUM(hidden) >= {payments} AND SUM(hidden) = COUNT(*)
)
SELECT p.account_id, p.time_us, 2.0 AS bits, [p.event_id] AS event_ids,
  CAST(FLOOR(h.hidden * 100 / NULLIF(h.times, 0)) AS BIGINT) AS v_hidden_share
FROM paid AS p
JOIN judged AS j ON j.account_id = p.account_id AND j.then_us = p.time_us
JOIN always AS a ON a.account_id = p.account_id
JOIN habits AS h ON h.account_id = p.account_id

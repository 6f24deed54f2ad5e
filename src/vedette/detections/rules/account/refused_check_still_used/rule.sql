WITH failed AS (
  SELECT account_id, verification_status FROM accounts
  WHERE verification_status IN ('failed', 'refused', 'rejected', 'declined', 'expired', 'abandoned') AND reseller_id IS NULL
),
used AS (
  SELECT s.account_id, COUNT(DISTINCT FLOOR(s.time_us / 86400000000)) AS days
  FROM signins AS s JOIN failed AS f ON f.account_id = s.account_id
  WHERE s.outcome = 'success'
  GROUP BY s.account_id
  HAVING COUNT(DISTINCT FLOOR(s.time_us / 86400000000)) >= {days}
),
payers AS (
  SELECT account_id FROM payments GROUP BY account_id HAVING COUNT(*) >= {payments}
)
SELECT p.account_id, p.time_us, 2.0 AS bits, [p.payment_id] AS event_ids, f.verification_status AS v_status, u.days AS v_days
FROM payments AS p
JOIN payers AS y ON y.account_id = p.account_id
JOIN failed AS f ON f.account_id = p.account_id
JOIN used AS u ON u.account_id = p.account_id

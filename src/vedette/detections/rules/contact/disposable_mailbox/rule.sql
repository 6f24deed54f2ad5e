WITH opened AS (
  SELECT a.account_id, a.email_domain FROM accounts AS a JOIN disposable_mail AS d ON d.domain = a.email_domain
  WHERE a.reseller_id IS NULL
),
paid AS (
  SELECT p.account_id, MAX(p.time_us) - MIN(p.time_us) AS span_us
  FROM payments AS p JOIN opened AS o ON o.account_id = p.account_id
  WHERE p.instrument_kind IS NULL OR p.instrument_kind <> 'credit'
  GROUP BY p.account_id
  HAVING MAX(p.time_us) - MIN(p.time_us) >= {span}
)
SELECT p.account_id, p.time_us, 1.0 AS bits, [p.payment_id] AS event_ids, o.email_domain AS v_domain,
  CAST(FLOOR(d.span_us / 86400000000) AS BIGINT) AS v_days
FROM payments AS p JOIN paid AS d ON d.account_id = p.account_id JOIN opened AS o ON o.account_id = p.account_id

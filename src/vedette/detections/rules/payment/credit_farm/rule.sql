WITH paying AS (
  SELECT account_id FROM payments GROUP BY account_id
  HAVING SUM(CASE WHEN instrument_kind = 'credit' THEN 1 ELSE 0 END) = COUNT(*)
),
opened AS (
  SELECT a.account_id, a.signup_device_id, a.opened_us AS time_us
  FROM accounts AS a JOIN paying AS p ON p.account_id = a.account_id
  WHERE a.signup_device_id IS NOT NULL AND a.opened_us IS NOT NULL AND a.reseller_id IS NULL
    AND (a.signup_ip_class IS NULL OR a.signup_ip_class <> 'education')
),
moments AS (
  SELECT c.signup_device_id, c.time_us AS until_us
  FROM sliding_distinct(opened, signup_device_id, account_id, {window}) AS c
  WHERE c.distinct_count >= {accounts}
),
members AS (
  SELECT DISTINCT o.account_id, o.signup_device_id, o.time_us
  FROM opened AS o JOIN moments AS m ON m.signup_device_id = o.signup_device_id
    AND o.time_us BETWEEN m.until_us - {window} AND m.until_us
)
SELECT m.account_id, m.time_us, CASE WHEN s.unrelated >= 2 * {accounts} THEN 4.0 ELSE 3.0 END AS bits, NULL AS event_ids,
  'device' AS subject_kind, m.signup_device_id AS subject_id, s.holders AS v_holders, s.unrelated AS v_unrelated
FROM members AS m JOIN strangers(members, signup_device_id) AS s ON s.signup_device_id = m.signup_device_id
WHERE s.unrelated >= {accounts}

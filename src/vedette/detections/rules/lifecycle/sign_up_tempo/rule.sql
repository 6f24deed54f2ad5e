WITH opened AS (
  SELECT account_id, signup_ip, signup_ip_class, opened_us AS time_us
  FROM accounts
  WHERE opened_us IS NOT NULL AND signup_ip IS NOT NULL AND signup_ip_class IN ('residential', 'vpn', 'tor', 'hosting', 'unlisted')
),
moments AS (
  SELECT c.signup_ip, c.time_us AS until_us
  FROM sliding_distinct(opened, signup_ip, account_id, {window}) AS c
  WHERE c.distinct_count >= {accounts}
),
members AS (
  SELECT DISTINCT o.account_id, o.signup_ip, o.signup_ip_class, o.time_us
  FROM opened AS o JOIN moments AS m ON m.signup_ip = o.signup_ip AND o.time_us BETWEEN m.until_us - {window} AND m.until_us
)
SELECT m.account_id, m.time_us, CASE WHEN s.unrelated >= 2 * {unrelated} THEN 4.0 ELSE 3.0 END AS bits, NULL AS event_ids,
  'address' AS subject_kind, m.signup_ip AS subject_id, m.signup_ip AS v_address, m.signup_ip_class AS v_class,
  s.holders AS v_holders, s.unrelated AS v_unrelated
FROM members AS m JOIN strangers(members, signup_ip) AS s ON s.signup_ip = m.signup_ip
WHERE s.unrelated >= {unrelated}

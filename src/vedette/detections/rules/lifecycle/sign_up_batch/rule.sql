WITH numbered AS (
  SELECT account_id, email_stem_token, email_domain, email_trailing_number, opened_us AS time_us, phone_token,
    signup_device_id, signup_ip
  FROM accounts
  WHERE email_stem_token IS NOT NULL AND email_domain IS NOT NULL AND email_trailing_number IS NOT NULL
    AND opened_us IS NOT NULL AND (signup_ip_class IS NULL OR signup_ip_class <> 'education')
),
-- Twenty-four hours.
moments AS (
  SELECT email_stem_token, email_domain, time_us AS until_us
  FROM sliding_distinct(numbered, (email_stem_token, email_domain), email_trailing_number, {window}) AS counted
  WHERE distinct_count >= {accounts}
),
members AS (
  SELECT DISTINCT n.account_id, n.email_stem_token, n.email_domain, n.email_trailing_number, n.time_us, n.phone_token,
    n.signup_device_id, n.signup_ip
  FROM numbered AS n
  JOIN moments AS m ON m.email_stem_token = n.email_stem_token AND m.email_domain = n.email_domain
    AND n.time_us BETWEEN m.until_us - {window} AND m.until_us
),
runs AS (
  SELECT email_stem_token, email_domain, COUNT(*) AS size,
    GREATEST(
      COUNT(phone_token) - COUNT(DISTINCT phone_token), COUNT(signup_device_id) - COUNT(DISTINCT signup_device_id),
      COUNT(signup_ip) - COUNT(DISTINCT signup_ip)
    ) AS repeats
  FROM members
  GROUP BY email_stem_token, email_domain
  HAVING MAX(email_trailing_number) - MIN(email_trailing_number) <= 2 * COUNT(*)
)
SELECT m.account_id, m.time_us, CASE WHEN r.repeats * 2 >= r.size THEN 5.0 ELSE 3.0 END AS bits, NULL AS event_ids,
  'batch' AS subject_kind, m.email_stem_token AS subject_id, m.email_domain AS window_id, s.holders AS v_holders,
  s.unrelated AS v_unrelated, CASE WHEN r.repeats > 0 THEN r.repeats + 1 ELSE 0 END AS v_sharing
FROM members AS m
JOIN runs AS r ON r.email_stem_token = m.email_stem_token AND r.email_domain = m.email_domain
JOIN strangers(members, (email_stem_token, email_domain)) AS s
  ON s.email_stem_token = m.email_stem_token AND s.email_domain = m.email_domain
WHERE s.unrelated >= {accounts}

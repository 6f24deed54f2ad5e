WITH opened AS (
  SELECT account_id, referrer_account_id, opened_us AS time_us FROM accounts
  WHERE opened_us IS NOT NULL AND reseller_id IS NULL
),
-- Each link: the next account was opened within the window after its referrer.
links AS (
  SELECT o.account_id, o.referrer_account_id, o.time_us
  FROM opened AS o JOIN opened AS r ON r.account_id = o.referrer_account_id
  WHERE o.account_id <> r.account_id AND o.time_us BETWEEN r.time_us AND r.time_us + {window}
),
chains AS (
  SELECT a.referrer_account_id AS first_id, a.account_id AS second_id, b.account_id AS third_id, c.account_id AS fourth_id
  FROM links AS a
  JOIN links AS b ON b.referrer_account_id = a.account_id
  JOIN links AS c ON c.referrer_account_id = b.account_id
  WHERE c.account_id <> a.referrer_account_id
),
members AS (
  SELECT first_id, fourth_id, first_id AS account_id FROM chains
  UNION
  SELECT first_id, fourth_id, second_id AS account_id FROM chains
  UNION
  SELECT first_id, fourth_id, third_id AS account_id FROM chains
  UNION
  SELECT first_id, fourth_id, fourth_id AS account_id FROM chains
)
SELECT m.account_id, o.time_us, 2.0 AS bits, NULL AS event_ids, 'account' AS subject_kind, m.first_id AS subject_id,
  m.first_id AS v_first, s.holders AS v_holders, s.unrelated AS v_unrelated
FROM members AS m
JOIN opened AS o ON o.account_id = m.account_id
JOIN strangers(members, (first_id, fourth_id)) AS s ON s.first_id = m.first_id AND s.fourth_id = m.fourth_id
WHERE s.unrelated >= {unrelated}

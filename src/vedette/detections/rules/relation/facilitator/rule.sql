WITH referred AS (
  SELECT account_id, referrer_account_id FROM accounts
  WHERE referrer_account_id IS NOT NULL AND reseller_id IS NULL AND referrer_account_id <> account_id
),
many AS (
  SELECT referrer_account_id FROM referred GROUP BY referrer_account_id HAVING COUNT(*) >= {unrelated}
),
brought AS (
  SELECT r.account_id, r.referrer_account_id FROM referred AS r
  JOIN many AS m ON m.referrer_account_id = r.referrer_account_id
),
concerned AS (
  SELECT account_id FROM brought
  UNION
  SELECT referrer_account_id AS account_id FROM many
),
used AS (
  SELECT s.account_id, s.ip, s.device_id, MIN(s.time_us) AS time_us, MIN(s.event_id) AS event_id, COUNT(*) AS times,
    SUM(CASE WHEN s.ip_class IN ('vpn', 'tor', 'relay', 'hosting') THEN 1 ELSE 0 END) AS hidden
  FROM signins AS s JOIN concerned AS c ON c.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'
  GROUP BY s.account_id, s.ip, s.device_id
),
shared AS (
  SELECT DISTINCT b.account_id
  FROM brought AS b
  JOIN used AS own ON own.account_id = b.account_id
  JOIN used AS theirs ON theirs.account_id = b.referrer_account_id
  WHERE own.device_id = theirs.device_id OR (own.ip = theirs.ip AND own.hidden = 0)
),
tied AS (
  SELECT b.account_id, b.referrer_account_id, MIN(u.time_us) AS time_us, MIN(u.event_id) AS event_id
  FROM brought AS b
  JOIN used AS u ON u.account_id = b.account_id
  LEFT JOIN shared AS s ON s.account_id = b.account_id
  GROUP BY b.account_id, b.referrer_account_id, s.account_id
  HAVING s.account_id IS NOT NULL OR (SUM(u.times) >= {times} AND SUM(u.hidden) = SUM(u.times))
)
SELECT t.account_id, t.time_us, CASE WHEN s.unrelated >= 5 THEN 6.0 ELSE 5.0 END AS bits, [t.event_id] AS event_ids,
  'account' AS subject_kind, t.referrer_account_id AS subject_id, t.referrer_account_id AS v_referrer,
  s.holders AS v_holders, s.unrelated AS v_unrelated
FROM tied AS t JOIN strangers(tied, referrer_account_id) AS s ON s.referrer_account_id = t.referrer_account_id
WHERE s.unrelated >= {unrelated}

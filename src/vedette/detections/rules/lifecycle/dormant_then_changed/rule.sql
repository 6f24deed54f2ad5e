WITH spans AS (
  SELECT account_id FROM signins WHERE outcome = 'success' GROUP BY account_id
  HAVING MAX(time_us) - MIN(time_us) >= {silence}
),
uses AS (
  SELECT s.account_id, s.time_us, s.event_id, s.device_id, s.ip_country
  FROM signins AS s JOIN spans AS n ON n.account_id = s.account_id
  WHERE s.outcome = 'success'
),
gaps AS (
  SELECT account_id, time_us AS back_us,
    time_us - previous(time_us, account_id, time_us, event_id) AS silent_us
  FROM uses
),
returns AS (
  SELECT account_id, back_us, silent_us FROM gaps WHERE silent_us >= {silence}
),
-- The first seventy-two hours after the return.
after AS (
  SELECT u.account_id, r.back_us, r.silent_us, u.time_us, u.event_id, u.device_id, u.ip_country
  FROM uses AS u JOIN returns AS r ON r.account_id = u.account_id
    AND u.time_us BETWEEN r.back_us AND r.back_us + {window}
),
known_devices AS (
  SELECT DISTINCT r.account_id, r.back_us, u.device_id
  FROM returns AS r JOIN uses AS u ON u.account_id = r.account_id AND u.time_us < r.back_us
  WHERE u.device_id IS NOT NULL
),
known_places AS (
  SELECT DISTINCT r.account_id, r.back_us, u.ip_country
  FROM returns AS r JOIN uses AS u ON u.account_id = r.account_id AND u.time_us < r.back_us
  WHERE u.ip_country IS NOT NULL
),
strange AS (
  SELECT f.account_id, f.back_us, f.silent_us
  FROM after AS f
  JOIN accounts AS a ON a.account_id = f.account_id
  LEFT JOIN known_devices AS d ON d.account_id = f.account_id AND d.back_us = f.back_us AND d.device_id = f.device_id
  LEFT JOIN known_places AS p ON p.account_id = f.account_id AND p.back_us = f.back_us AND p.ip_country = f.ip_country
  GROUP BY f.account_id, f.back_us, f.silent_us
  HAVING COUNT(f.device_id) >= 1
    AND SUM(CASE WHEN d.device_id IS NOT NULL OR f.device_id = a.signup_device_id THEN 1 ELSE 0 END) = 0
    AND SUM(CASE WHEN f.ip_country IS NOT NULL AND p.ip_country IS NULL AND f.ip_country <> a.country THEN 1 ELSE 0 END) >= 1
),
old_means AS (
  SELECT DISTINCT r.account_id, r.back_us, p.instrument_id
  FROM returns AS r JOIN payments AS p ON p.account_id = r.account_id AND p.time_us < r.back_us
  WHERE p.instrument_id IS NOT NULL
),
own_names AS (
  SELECT DISTINCT p.payment_id FROM payer_name_parts AS p
  JOIN account_name_parts AS n ON n.account_id = p.account_id AND n.part_token = p.part_token
),
-- Paid within thirty days, by an instrument not used before, from another country or in a name that shares no part.
paid AS (
  SELECT s.account_id, s.back_us, COUNT(*) AS payments
  FROM strange AS s
  JOIN payments AS p ON p.account_id = s.account_id AND p.time_us BETWEEN s.back_us - 259200000000 AND s.back_us + 30 * 86400000000
  JOIN accounts AS a ON a.account_id = s.account_id
  LEFT JOIN old_means AS o ON o.account_id = s.account_id AND o.back_us = s.back_us AND o.instrument_id = p.instrument_id
  LEFT JOIN own_names AS n ON n.payment_id = p.payment_id
  WHERE o.instrument_id IS NULL
    AND (p.payer_country <> a.country OR (p.payer_name_token IS NOT NULL AND n.payment_id IS NULL))
  GROUP BY s.account_id, s.back_us
)
SELECT f.account_id, f.time_us, 7.0 AS bits, [f.event_id] AS event_ids, f.ip_country AS v_countries,
  CAST(FLOOR(s.silent_us / 86400000000) AS BIGINT) AS v_silent_days, p.payments AS v_payments
FROM after AS f
JOIN strange AS s ON s.account_id = f.account_id AND s.back_us = f.back_us
JOIN paid AS p ON p.account_id = s.account_id AND p.back_us = s.back_us

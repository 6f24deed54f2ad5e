WITH apart AS (
  SELECT a.account_id, a.country, a.declared_timezone,
    MIN(LEAST(ABS(z.offset_minutes - c.offset_minutes), 1440 - ABS(z.offset_minutes - c.offset_minutes))) AS minutes
  FROM accounts AS a
  JOIN zone_offsets AS z ON z.zone = a.declared_timezone
  JOIN country_offsets AS c ON c.country = a.country
  WHERE a.kind = 'person'
  GROUP BY a.account_id, a.country, a.declared_timezone
  HAVING MIN(LEAST(ABS(z.offset_minutes - c.offset_minutes), 1440 - ABS(z.offset_minutes - c.offset_minutes))) >= {hours} * 60
),
used AS (
  SELECT s.account_id, MAX(s.time_us) AS time_us
  FROM signins AS s JOIN apart AS p ON p.account_id = s.account_id
  WHERE s.outcome = 'success'
  GROUP BY s.account_id
)
SELECT p.account_id, u.time_us, 1.0 AS bits, NULL AS event_ids, p.country AS v_declared, p.declared_timezone AS v_zone,
  CAST(FLOOR(p.minutes / 60) AS BIGINT) AS v_hours
FROM apart AS p JOIN used AS u ON u.account_id = p.account_id

WITH seen AS (
  SELECT account_id, time_us, event_id, ip, outcome, refs_version FROM signins WHERE ip_dprk = 'current'
  UNION ALL
  -- A sign-in that a log told of stands in both tables: it counts once.
  SELECT l.account_id, l.time_us, l.event_id, l.ip, l.outcome, l.refs_version
  FROM logs AS l
  LEFT JOIN signins AS s ON l.class_uid = 3002 AND s.account_id = l.account_id AND s.time_us = l.time_us AND s.ip = l.ip
  WHERE l.ip_dprk = 'current' AND s.event_id IS NULL
)
SELECT account_id, time_us, 12.0 AS bits, [event_id] AS event_ids, ip AS v_addresses,
  refs_version AS v_references
FROM seen
WHERE outcome IS NULL OR outcome <> 'failure'

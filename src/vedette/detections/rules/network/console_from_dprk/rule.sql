WITH seen AS (
  SELECT account_id, time_us, event_id, ip, outcome, refs_version FROM signins WHERE ip_dprk = 'current'
  UNION ALL
  SELECT account_id, time_us, event_id, ip, outcome, refs_version FROM logs WHERE ip_dprk = 'current'
)
SELECT account_id, time_us, 12.0 AS bits, [event_id] AS event_ids, ip AS v_addresses,
  refs_version AS v_references
FROM seen
WHERE outcome IS NULL OR outcome <> 'failure'

WITH uses AS (
  SELECT s.account_id, COUNT(*) AS times, SUM(CASE WHEN s.ip_class = 'hosting' THEN 1 ELSE 0 END) AS hosted,
    MAX(s.time_us) - MIN(s.time_us) AS span_us
  FROM signins AS s JOIN accounts AS a ON a.account_id = s.account_id
  WHERE s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console' AND s.ip_class IS NOT NULL
    AND s.ip_class <> 'unknown' AND a.kind = 'person' AND a.reseller_id IS NULL
  GROUP BY s.account_id
  HAVING SUM(CASE WHEN s.ip_class = 'hosting' THEN 1 ELSE 0 END) >= {times}
    AND SUM(CASE WHEN s.ip_class = 'hosting' THEN 1 ELSE 0 END) * 100 >= COUNT(*) * {share}
    AND MAX(s.time_us) - MIN(s.time_us) >= {span}
)
SELECT s.account_id, s.time_us, 2.0 AS bits, [s.event_id] AS event_ids, s.ip_as_org AS v_networks, u.times AS v_times,
  CAST(FLOOR(u.hosted * 100 / NULLIF(u.times, 0)) AS BIGINT) AS v_hosted_share,
  CAST(FLOOR(u.span_us / 86400000000) AS BIGINT) AS v_days
FROM signins AS s JOIN uses AS u ON u.account_id = s.account_id
WHERE s.ip_class = 'hosting' AND s.outcome = 'success' AND COALESCE(s.channel, 'console') = 'console'

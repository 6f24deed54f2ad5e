WITH seen AS (
  SELECT account_id, ip_country, MIN(time_us) AS first_us FROM logs
  WHERE ip_country IS NOT NULL AND account_id IS NOT NULL GROUP BY account_id, ip_country
  UNION ALL
  SELECT account_id, ip_country, MIN(time_us) AS first_us FROM signins
  WHERE ip_country IS NOT NULL AND outcome = 'success' GROUP BY account_id, ip_country
),
sights AS (
  SELECT account_id, ip_country, MIN(first_us) AS first_us FROM seen GROUP BY account_id, ip_country
),
starts AS (
  SELECT account_id, MIN(first_us) AS start_us FROM sights GROUP BY account_id
),
-- New is a country first seen two weeks or more after the account's first.
fresh AS (
  SELECT s.account_id, s.ip_country, s.first_us
  FROM sights AS s JOIN starts AS b ON b.account_id = s.account_id
  WHERE s.first_us >= b.start_us + 14 * 86400000000
),
copies AS (
  SELECT l.account_id, l.time_us, l.event_id, l.ip_country, f.first_us,
    CASE WHEN l.operation IN ('GetObject', 'CopyObject', 'storage.objects.get', 'git.clone', 'repo.download_zip')
      THEN 1 ELSE 0 END AS reading
  FROM logs AS l
  JOIN fresh AS f ON f.account_id = l.account_id AND f.ip_country = l.ip_country
    AND l.time_us BETWEEN f.first_us AND f.first_us + 86400000000
  WHERE (l.outcome IS NULL OR l.outcome <> 'failure') AND l.operation IN (
    'GetObject', 'CopyObject', 'storage.objects.get', 'git.clone', 'repo.download_zip',
    'ModifySnapshotAttribute', 'ModifyImageAttribute', 'ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute',
    'PutBucketReplication', 'CreateInstanceExportTask', 'ExportImage', 'StartExportTask')
),
amounts AS (
  SELECT account_id, ip_country, SUM(reading) AS reads, COUNT(*) - SUM(reading) AS shares
  FROM copies
  GROUP BY account_id, ip_country
  HAVING SUM(reading) >= 300 OR COUNT(*) - SUM(reading) >= 2
)
SELECT c.account_id, c.time_us, CASE WHEN a.shares >= 2 THEN 5.0 ELSE 4.0 END AS bits, [c.event_id] AS event_ids,
  c.ip_country AS v_countries, a.shares AS v_shares, a.reads AS v_reads
FROM copies AS c JOIN amounts AS a ON a.account_id = c.account_id AND a.ip_country = c.ip_country

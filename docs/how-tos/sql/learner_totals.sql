-- ClickHouse: the learning time of each learner over all courses, in seconds.
SELECT actor_id, intervalLengthSum(start, end) AS seconds
FROM learner_profile_active_interval
GROUP BY actor_id
ORDER BY seconds DESC;

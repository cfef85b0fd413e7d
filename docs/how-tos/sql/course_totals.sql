-- ClickHouse: the learning time of each learner in each course, in seconds.
SELECT course_key, actor_id, intervalLengthSum(start, end) AS seconds
FROM learner_profile_active_interval
GROUP BY course_key, actor_id
ORDER BY course_key, seconds DESC;

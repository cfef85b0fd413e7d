-- ClickHouse: learners and learning time of each course by week, from Monday to Sunday (UTC).
SELECT course_key, week, count() AS learners, sum(seconds) AS seconds
FROM
(
    SELECT course_key, toMonday(day) AS week, actor_id, intervalLengthSum(start, end) AS seconds
    FROM learner_profile_active_interval
    GROUP BY course_key, week, actor_id
)
GROUP BY course_key, week
ORDER BY course_key, week;

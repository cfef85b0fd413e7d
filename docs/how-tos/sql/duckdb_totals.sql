-- DuckDB: the learning time of each learner over all courses, in seconds. What overlaps counts once.
WITH
    stretch AS
    (
        SELECT
            actor_id,
            epoch(start::TIMESTAMP)::BIGINT AS began,
            epoch("end"::TIMESTAMP)::BIGINT AS ended
        FROM read_csv('intervals/active_intervals-*.csv.gz')
    ),
    counted AS
    (
        SELECT
            *,
            max(ended) OVER
            (
                PARTITION BY actor_id ORDER BY began, ended ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS counted_to
        FROM stretch
    )
SELECT actor_id, sum(ended - greatest(began, coalesce(counted_to, began)))::BIGINT AS seconds
FROM counted
WHERE ended > coalesce(counted_to, began)
GROUP BY actor_id
ORDER BY seconds DESC;

-- A row holds all active time of a learner's day in a course run, as starts and ends in epoch seconds and what each
-- follows from. Of two rows of one day, that with the greater version holds. One with no starts says that nothing
-- counts of that day any more.
CREATE TABLE IF NOT EXISTS learner_profile_active_day
(
    course_key LowCardinality(String),
    actor_id UUID,
    day Date,
    starts Array(UInt32),
    ends Array(UInt32),
    kinds Array(LowCardinality(String)),
    rule UInt16,
    version UInt64,
    INDEX actor actor_id TYPE bloom_filter GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (course_key, actor_id, day);

CREATE VIEW IF NOT EXISTS learner_profile_active_interval AS
SELECT
    course_key,
    actor_id,
    day,
    toDateTime(span.1, 'UTC') AS start,
    toDateTime(span.2, 'UTC') AS end,
    span.3 AS kind,
    rule
FROM learner_profile_active_day FINAL
ARRAY JOIN arrayZip(starts, ends, kinds) AS span;

-- ClickHouse: the learning time of each learner in each course, by the xAPI statements that Aspects keeps.
-- 600 is the limit of silence of the plugin's rule, in seconds.
WITH
    statement AS
    (
        SELECT DISTINCT
            event_id,
            course_key,
            actor_id,
            object_id,
            toUnixTimestamp(emission_time) AS at,
            splitByChar('/', verb_id)[-1] AS verb,
            JSONExtractString(event, 'context', 'extensions', 'https://w3id.org/xapi/openedx/extensions/session-id')
                AS session,
            JSONExtractFloat(event, 'context', 'extensions', 'https://w3id.org/xapi/video/extensions/length')
                AS length,
            JSONExtractFloat(event, 'result', 'extensions', 'https://w3id.org/xapi/video/extensions/time')
                AS position
        FROM xapi.xapi_events_all_parsed
        -- What learners do. Grades, enrolments and progress come from the platform.
        WHERE verb IN (
            'answered', 'asked', 'attempted', 'completed', 'deleted', 'edited', 'evaluated', 'initialized',
            'interacted', 'navigated', 'paused', 'played', 'posted', 'reported', 'seeked', 'terminated', 'unreported',
            'viewed', 'voted'
        )
    ),
    act AS
    (
        SELECT
            course_key,
            actor_id,
            at,
            lagInFrame(at, 1, at) OVER in_course AS before,
            lagInFrame(verb, 1, '') OVER of_video AS video_verb,
            lagInFrame(at, 1, at) OVER of_video AS video_at,
            lagInFrame(length - position, 1, 0.) OVER of_video AS video_left
        FROM statement
        WINDOW
            in_course AS (PARTITION BY course_key, actor_id ORDER BY at, event_id
                ROWS BETWEEN 1 PRECEDING AND CURRENT ROW),
            of_video AS (PARTITION BY course_key, actor_id, session, object_id ORDER BY at, event_id
                ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    )
SELECT course_key, actor_id, intervalLengthSum(start, end) AS seconds
FROM
(
    SELECT course_key, actor_id, before AS start, at AS end
    FROM act
    WHERE at - before BETWEEN 1 AND 600
    UNION ALL
    SELECT course_key, actor_id, video_at AS start, toUInt32(least(at, video_at + ceil(video_left))) AS end
    FROM act
    WHERE video_verb = 'played'
)
WHERE end > start
GROUP BY course_key, actor_id
ORDER BY course_key, seconds DESC;

"""What is done for profiles outside of a request."""

from __future__ import annotations

from celery import shared_task

from learner_profile_plugin.profile_fields import common_names, picture_files


@shared_task(
    name="learner_profile_plugin.profile_fields.delete_picture_file",
    autoretry_for=(Exception,),
    retry_backoff=30,
    retry_backoff_max=6 * 3600,
    max_retries=12,
    ignore_result=True,
)
def delete_picture_file(file_name: str) -> None:
    """Delete a file whose row is gone already."""
    picture_files.delete_file(file_name)


@shared_task(name="learner_profile_plugin.profile_fields.count_common_names", ignore_result=True)
def count_common_names(suggests: str) -> None:
    """Count which names several learners use alike."""
    common_names.count_common_names(suggests)

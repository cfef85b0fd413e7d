"""A small learning site that stands for the LMS, so that the plugin can be tried and tested without one."""

from demo.celery import app as celery_app

__all__ = ["celery_app"]

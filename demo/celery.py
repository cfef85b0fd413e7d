"""
The task queue of the demo.

The LMS runs tasks in workers; here ``CELERY_TASK_ALWAYS_EAGER`` runs each at once, in the process that asked for it.
"""

from __future__ import annotations

from celery import Celery

app = Celery("demo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

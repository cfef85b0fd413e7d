"""Stands where the LMS has ``openedx.core.djangoapps.user_api.accounts.signals``: see ``demo.lms.apps``."""

from django.dispatch import Signal

USER_RETIRE_LMS_MISC = Signal()
USER_RETIRE_LMS_CRITICAL = Signal()

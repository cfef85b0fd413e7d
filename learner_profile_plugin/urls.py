"""Gathers the addresses of the plugin, where ``plugin_app`` looks for them."""

from learner_profile_plugin.portfolio import rest_api
from learner_profile_plugin.portfolio import urls as pages
from learner_profile_plugin.time_on_task import urls as time_on_task

urlpatterns = [*pages.urlpatterns, *rest_api.urlpatterns, *time_on_task.urlpatterns]

"""The address that units report to."""

from django.urls import path

from learner_profile_plugin.time_on_task.views import take_beats

urlpatterns = [path("learner-profile/beats/", take_beats, name="beats")]

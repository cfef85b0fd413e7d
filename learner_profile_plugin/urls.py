"""
Addresses of the plugin.

``/u/<username>`` is the platform's own historic address of a profile, free since its page was
removed; everything else stands under ``/learner-profile/`` and ``/api/learner_profile/``.
"""

from django.urls import path

from learner_profile_plugin.portfolio.rest_api import PortfolioView
from learner_profile_plugin.portfolio.views import publish, show_own_portfolio, show_portfolio, unpublish
from learner_profile_plugin.profile_fields.views import edit_profile

urlpatterns = [
    path("u/<str:username>", show_portfolio, name="portfolio"),
    path("learner-profile/", show_own_portfolio, name="own_portfolio"),
    path("learner-profile/edit/", edit_profile, name="edit"),
    path("learner-profile/publish/", publish, name="publish"),
    path("learner-profile/unpublish/", unpublish, name="unpublish"),
    path("api/learner_profile/v1/portfolios/<str:username>/", PortfolioView.as_view(), name="api_portfolio"),
]

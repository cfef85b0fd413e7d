"""
The door for programs: what the pages show and do, in JSON, under the same access rules.

Other modules of this package are nobody else's business.
"""

from __future__ import annotations

from django.urls import path

from learner_profile_plugin.portfolio.rest_api import editing, entrance, learning_time, pictures, sharing, visiting

API = "api/learner_profile/v1/"

urlpatterns = [
    path(f"{API}", entrance.RootView.as_view(), name="api_root"),
    path(f"{API}portfolios/<str:username>/", visiting.PortfolioView.as_view(), name="api_portfolio"),
    path(f"{API}shared/<str:token>/", visiting.SharedView.as_view(), name="api_shared"),
    path(f"{API}profile/", editing.ProfileView.as_view(), name="api_profile"),
    path(f"{API}learning-time/", learning_time.LearningTimeView.as_view(), name="api_learning_time"),
    path(f"{API}sections/<str:section>/", editing.SectionView.as_view(), name="api_section"),
    path(f"{API}sections/<str:section>/items/", editing.ItemsView.as_view(), name="api_items"),
    path(f"{API}items/<uuid:item_id>/", editing.ItemView.as_view(), name="api_item"),
    path(f"{API}items/<uuid:item_id>/restore/", editing.RestoreItemView.as_view(), name="api_restore_item"),
    path(f"{API}items/<uuid:item_id>/pictures/", pictures.ItemPicturesView.as_view(), name="api_item_pictures"),
    path(f"{API}pictures/<uuid:picture_id>/", pictures.PictureView.as_view(), name="api_picture"),
    path(f"{API}publication/", sharing.PublicationView.as_view(), name="api_publication"),
    path(f"{API}links/", sharing.LinksView.as_view(), name="api_links"),
    path(f"{API}links/<uuid:link_id>/", sharing.LinkView.as_view(), name="api_link"),
    path(f"{API}links/<uuid:link_id>/revoke/", sharing.RevokeLinkView.as_view(), name="api_revoke_link"),
    path(f"{API}suggestions/<str:kind>/", entrance.SuggestionsView.as_view(), name="api_suggestions"),
]
urlpatterns.append(path(f"{API}schema/", entrance.SchemaView.as_view(patterns=tuple(urlpatterns)), name="api_schema"))

"""
Addresses of the pages.

``/u/<username>`` is the platform's own historic address of a profile, free since its page was
removed; everything else stands under ``/learner-profile/``.
"""

from django.urls import path

from learner_profile_plugin.portfolio import editing, learning_time, sharing, views

OWN = "learner-profile/"

urlpatterns = [
    path("u/<str:username>", views.show_portfolio, name="portfolio"),
    path(f"{OWN}shared/<str:token>/", views.show_shared, name="shared"),
    path(f"{OWN}pictures/<uuid:picture_id>/", views.show_picture, name="picture"),
    path(f"{OWN}shared/<str:token>/pictures/<uuid:picture_id>/", views.show_picture, name="shared_picture"),
    path(OWN, views.show_own_portfolio, name="own_portfolio"),
    path(f"{OWN}publish/", sharing.publish, name="publish"),
    path(f"{OWN}unpublish/", sharing.unpublish, name="unpublish"),
    path(f"{OWN}privacy/", sharing.privacy, name="privacy"),
    path(f"{OWN}links/", sharing.show_links, name="links"),
    path(f"{OWN}links/<uuid:link_id>/<str:action>/", sharing.act_on_link, name="act_on_link"),
    path(f"{OWN}delete/", sharing.delete_profile, name="delete"),
    path(f"{OWN}sections/<str:section>/add/", editing.add_item, name="add_item"),
    path(f"{OWN}sections/<str:section>/order/", editing.order_section, name="order_section"),
    path(f"{OWN}sections/<str:section>/audience/", editing.choose_audience, name="choose_audience"),
    path(f"{OWN}items/<uuid:item_id>/", editing.edit_item, name="edit_item"),
    path(f"{OWN}items/<uuid:item_id>/<str:action>/", editing.act_on_item, name="act_on_item"),
    path(f"{OWN}learning-time/", learning_time.show_learning_time, name="learning_time"),
    path(f"{OWN}drafts/", editing.keep_draft, name="keep_draft"),
    path(f"{OWN}suggestions/<str:kind>/", editing.suggest, name="suggest"),
]

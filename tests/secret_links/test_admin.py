"""Django admin: that links exist can be seen there, but nothing that opens one or says whom it was for."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from learner_profile_plugin.secret_links.models import SecretLink as Row
from tests.conftest import PersonFactory
from tests.secret_links.conftest import LinkFactory

LIST = "admin:learner_profile_plugin_secretlink_changelist"
ONE = "admin:learner_profile_plugin_secretlink_change"


def test_lists_and_shows_without_secret_hash_or_name(
    make_link: LinkFactory, person: PersonFactory, client: Client
) -> None:
    link, token = make_link(name="Lighthouse keeper")
    kept = Row.objects.get(pk=link.id).secret_hash
    client.force_login(person("root", is_staff=True, is_superuser=True))
    for address in (reverse(LIST), reverse(LIST) + "?q=ada", reverse(ONE, args=[link.id])):
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode()
        assert "ada" in text
        assert not [secret for secret in (token[33:], kept, "Lighthouse keeper") if secret in text]


def test_changes_nothing(make_link: LinkFactory, person: PersonFactory, client: Client) -> None:
    link = make_link()[0]
    root: User = person("root", is_staff=True, is_superuser=True)
    client.force_login(root)
    row = Row.objects.get(pk=link.id)
    page = admin.site._registry[Row]
    for name in ("add", "change", "delete"):
        args = [] if name == "add" else [link.id]
        response = client.post(reverse(f"admin:learner_profile_plugin_secretlink_{name}", args=args), {"use_count": 7})
        assert response.status_code == 403
    assert Row.objects.filter(pk=row.pk).values().get() == {
        field.attname: getattr(row, field.attname) for field in Row._meta.concrete_fields
    }
    assert page.get_actions(response.wsgi_request) == {}

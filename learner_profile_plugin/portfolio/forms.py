"""The form in which a learner edits one item, made from what its kind says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.labels import AUDIENCE_LABELS, SECTION_LABELS
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.api import Kind
from learner_profile_plugin.profile_fields.data import Item, Value
from learner_profile_plugin.secret_links.data import InvalidLinkError

MAX_VERSION = 2**31 - 1


class ItemForm(forms.Form):
    """
    The fields of one item, whether it is hidden, its pictures, and the version that the learner started from.

    Field names are those of the kind, with the prefix ``f``, so that no field of ours can be taken for one.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MAX_VERSION)
    is_hidden = forms.BooleanField(
        label=_("Hide it from everybody else"), required=False, help_text=_("It stays in your profile.")
    )

    use_required_attribute = False

    def __init__(
        self, kind: Kind, data: Mapping[str, Any] | None = None, files: Any = None, *, item: Item | None = None
    ) -> None:
        """Show an item, or an empty one to add; with ``data``, what was entered for it."""
        self.kind = kind
        self.item = item
        values = item.values if item else {}
        initial: dict[str, Any] = {f"f-{name}": value for name, value in values.items()}
        initial |= {"version": item.version if item else 0, "is_hidden": bool(item and item.is_hidden)}
        super().__init__(data, files, initial=initial, auto_id=f"{kind.section}-%s")
        for field in kind.fields:
            self.fields[f"f-{field.name}"] = field.form_field()
        if kind.has_pictures:
            self._add_pictures(item)

    def _add_pictures(self, item: Item | None) -> None:
        for picture in item.pictures if item else ():
            self.fields[f"describe-{picture.id}"] = _description(picture.description)
            self.fields[f"remove-{picture.id}"] = forms.BooleanField(label=_("Remove this picture"), required=False)
        self.fields["picture"] = forms.FileField(
            label=_("Add a picture"),
            required=False,
            widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
            help_text=_("JPEG, PNG, WebP or GIF. Where and when it was taken is removed from the file."),
        )
        self.fields["describe-new"] = _description("")

    def clean(self) -> dict[str, Any]:
        """Check the fields against each other."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, message in profile_fields.contradictions(self.kind, self.values()).items():
            # A section of one item is emptied by saving nothing in it.
            if name or not (self.kind.is_single and self.item):
                self.add_error(f"f-{name}" if name else None, message)
        return cleaned

    def values(self) -> dict[str, Value]:
        """Return what was entered for the item's fields, as far as it is right."""
        return {
            field.name: field.load(field.dump(self.cleaned_data[f"f-{field.name}"]))
            for field in self.kind.fields
            if f"f-{field.name}" in self.cleaned_data
        }

    def item_fields(self) -> list[list[forms.BoundField]]:
        """Return the fields of the kind in their order; start and end, which belong together, as a pair."""
        shown: list[list[forms.BoundField]] = []
        for field in self.kind.fields:
            box = self[f"f-{field.name}"]
            if field.name == "end":
                shown[-1].append(box)
            else:
                shown.append([box])
        return shown

    def new_description(self) -> forms.BoundField:
        """Return the box that describes the picture to be added."""
        return self["describe-new"]

    def save_pictures(self, user_id: int, item: Item) -> None:
        """
        Add, describe and remove pictures as entered.

        Raises:
            InvalidItemError: if the new one cannot be taken; the others are saved then.
        """
        for picture in item.pictures if self.kind.has_pictures else ():
            if self.cleaned_data.get(f"remove-{picture.id}"):
                profile_fields.remove_picture(user_id, picture.id)
            elif (words := self.cleaned_data.get(f"describe-{picture.id}", picture.description)) != picture.description:
                profile_fields.describe_picture(user_id, picture.id, words)
        if self.cleaned_data.get("picture"):
            words = self.cleaned_data["describe-new"]
            profile_fields.add_picture(user_id, item.id, self.cleaned_data["picture"], description=words)

    def pictures(self) -> list[dict[str, Any]]:
        """Return the pictures that the item has, each with its boxes."""
        return [
            {
                "picture": picture,
                "description": self[f"describe-{picture.id}"],
                "remove": self[f"remove-{picture.id}"],
            }
            for picture in (self.item.pictures if self.item else ())
            if self.kind.has_pictures
        ]


AUDIENCE_CHOICES = [(audience.value, label) for audience, label in AUDIENCE_LABELS.items()]


class AudienceForm(forms.Form):
    """Who may see a section."""

    audience = forms.TypedChoiceField(
        label=_("Who can see it"),
        choices=AUDIENCE_CHOICES,
        coerce=lambda value: Audience(int(value)),
        show_hidden_initial=True,
    )


class SectionAudiencesForm(forms.Form):
    """Who may see each of several sections; it carries what the learner saw, to tell what they changed."""

    def __init__(
        self, sections: Iterable[Section], present: Mapping[Section, Audience], data: Mapping[str, Any] | None = None
    ) -> None:
        """Make one choice for each section."""
        super().__init__(data, prefix="audience")
        self.sections = list(sections)
        for section in self.sections:
            self.fields[section.value] = forms.TypedChoiceField(
                label=SECTION_LABELS[section],
                choices=AUDIENCE_CHOICES,
                coerce=lambda value: Audience(int(value)),
                initial=present[section].value,
                show_hidden_initial=True,
            )

    def changed(self) -> dict[Section, Audience]:
        """Return what the learner changed. What they left alone may be changed in another tab by now, and stays so."""
        changed = self.changed_data
        return {section: self.cleaned_data[section.value] for section in self.sections if section.value in changed}


class LinkForm(forms.Form):
    """A secret link to make: its name, what it shows, and until when."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Only you see it. For example: application to the lighthouse.")
    )
    sections = forms.MultipleChoiceField(label=_("What it shows"), widget=forms.CheckboxSelectMultiple)
    expires = forms.TypedChoiceField(
        label=_("How long it works"),
        choices=[
            (7, _("One week")),
            (30, _("30 days")),
            (90, _("90 days")),
            (365, _("One year")),
            (0, _("Until I revoke it")),
        ],
        coerce=int,
        initial=30,
    )

    use_required_attribute = False

    def __init__(self, sections: Mapping[Section, bool], data: Mapping[str, Any] | None = None) -> None:
        """Offer these sections, ticked or not; the header is always shown."""
        offered = [section.value for section in sections if section is not Section.HEADER]
        ticked = [name for name in offered if sections[Section(name)]]
        super().__init__(data, prefix="link", initial={"sections": ticked})
        choices = self.fields["sections"]
        assert isinstance(choices, forms.MultipleChoiceField)  # noqa: S101  for the type checker
        choices.choices = [(name, SECTION_LABELS[Section(name)]) for name in offered]

    def entered(self) -> dict[str, Any]:
        """Return what was entered, as secret links are made from it."""
        days = self.cleaned_data["expires"]
        return {
            "name": self.cleaned_data["name"],
            "sections": {Section.HEADER, *(Section(name) for name in self.cleaned_data["sections"])},
            "expires_at": timezone.now() + timedelta(days=days) if days else None,
        }

    def show(self, error: InvalidLinkError) -> None:
        """Put the messages at the boxes that they are about."""
        boxes = {"expires_at": "expires"}
        for name, texts in error.messages.items():
            box = boxes.get(name, name)
            for text in texts:
                self.add_error(box if box in self.fields else None, text)


class DeleteForm(forms.Form):
    """Asks for the word that confirms a deletion."""

    confirm = forms.BooleanField(label=_("Yes, delete my profile. It cannot be had back."))


def _description(initial: str) -> forms.CharField:
    return forms.CharField(
        label=_("What can be seen on it"),
        max_length=200,
        required=False,
        initial=initial,
        help_text=_("For people who cannot see it."),
    )

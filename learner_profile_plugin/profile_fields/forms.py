"""The plain form in which a learner edits their profile: one page, one button."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.access import DEFAULT_AUDIENCE, Audience, Section
from learner_profile_plugin.labels import AUDIENCE_LABELS, SECTION_LABELS
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import Link, Profile, WorkExperience
from learner_profile_plugin.profile_fields.date_field import PartialDateField


class AboutForm(forms.Form):
    """The texts that there is one of, and the version that the learner started from."""

    headline = forms.CharField(
        label=_("Headline"),
        max_length=models.HEADLINE_LENGTH,
        required=False,
        help_text=_("One line under your name: what you do, or what you want to do."),
    )
    about = forms.CharField(
        label=_("About you"),
        max_length=models.ABOUT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("You can use Markdown: **bold**, *italic*, lists and links."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class WorkExperienceForm(forms.Form):
    """One position held."""

    title = forms.CharField(label=_("Title"), max_length=models.NAME_LENGTH)
    employer = forms.CharField(label=_("Employer"), max_length=models.NAME_LENGTH)
    location = forms.CharField(label=_("Location"), max_length=models.NAME_LENGTH, required=False)
    start = PartialDateField(label=_("Start"))
    end = PartialDateField(label=_("End"), required=False, help_text=_("Leave empty if you still work there."))
    description = forms.CharField(
        label=_("Description"),
        max_length=models.DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and _surely_before(end, start):
            self.add_error("end", _("The end lies before the start."))
        return cleaned

    def to_data(self) -> WorkExperience:
        """Return what was entered."""
        return WorkExperience(**{field.name: self.cleaned_data[field.name] for field in fields(WorkExperience)})


class LinkForm(forms.Form):
    """One address on the web."""

    url = forms.CharField(
        label=_("Address"),
        max_length=models.URL_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )
    label = forms.CharField(
        label=_("Name"),
        max_length=models.NAME_LENGTH,
        required=False,
        help_text=_("What to call it, for example: My projects."),
    )

    def clean_url(self) -> str:
        """Take http and https only; an address typed without either is taken as https."""
        url: str = self.cleaned_data["url"].strip()
        if "://" not in url:
            url = f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError:
            raise ValidationError(_("Enter a web address, for example https://example.org/me."), code="url") from None
        return url

    def to_data(self) -> Link:
        """Return what was entered."""
        return Link(url=self.cleaned_data["url"], label=self.cleaned_data["label"])


class AudienceForm(forms.Form):
    """Who may see each section."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Make one choice for each section."""
        super().__init__(*args, **kwargs)
        for section in Section:
            self.fields[section.value] = forms.TypedChoiceField(
                label=SECTION_LABELS[section],
                choices=[(audience.value, label) for audience, label in AUDIENCE_LABELS.items()],
                coerce=lambda value: Audience(int(value)),
            )

    def to_data(self) -> dict[Section, Audience]:
        """Return what was chosen."""
        return {section: self.cleaned_data[section.value] for section in Section}


class ProfileForm:
    """The whole of what a learner edits: four parts that are valid, or not, together."""

    def __init__(self, profile: Profile, data: Any = None) -> None:
        """Show a profile; or take what was posted, whatever the profile is by now."""
        is_new = data is None
        self.about = AboutForm(
            data, initial={name: getattr(profile, name) for name in ("headline", "about", "version")}
        )
        self.work_experience = _formset(WorkExperienceForm, models.MAX_WORK_EXPERIENCES, profile.work_experience)(
            data, prefix="work", initial=[_initial(item) for item in profile.work_experience] if is_new else None
        )
        self.links = _formset(LinkForm, models.MAX_LINKS, profile.links)(
            data, prefix="links", initial=[_initial(item) for item in profile.links] if is_new else None
        )
        self.audiences = AudienceForm(
            data,
            prefix="audience",
            initial={section.value: profile.audiences.get(section, DEFAULT_AUDIENCE).value for section in Section},
        )

    def is_valid(self) -> bool:
        """Check every part, so that all errors are shown at once."""
        validity = [part.is_valid() for part in (self.about, self.work_experience, self.links, self.audiences)]
        return all(validity)

    def to_data(self) -> Profile:
        """Return what was entered; call it when everything is valid."""
        return Profile(
            headline=self.about.cleaned_data["headline"],
            about=self.about.cleaned_data["about"],
            version=self.about.cleaned_data["version"],
            work_experience=tuple(_kept(self.work_experience)),
            links=tuple(_kept(self.links)),
            audiences=self.audiences.to_data(),
        )


def _formset(form: type[forms.Form], most: int, items: tuple[Any, ...]) -> type[forms.BaseFormSet[Any]]:
    """Return a list of forms; where there is nothing yet, with an empty one to start in."""
    return forms.formset_factory(form, extra=0 if items else 1, can_delete=True, max_num=most, validate_max=True)


def _initial(item: WorkExperience | Link) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _kept(formset: forms.BaseFormSet[Any]) -> list[Any]:
    """Return the entries that are neither empty nor marked to be removed."""
    return [form.to_data() for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _surely_before(one: Any, other: Any) -> bool:
    """Return whether a partial date lies before another, whatever their unknown parts are."""
    parts = [(one.year, other.year), (one.month, other.month), (one.day, other.day)]
    for left, right in parts:
        if not left or not right:
            return False
        if left != right:
            return bool(left < right)
    return False

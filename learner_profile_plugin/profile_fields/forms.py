"""The plain form in which a learner edits their profile: one page, one button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.access import DEFAULT_AUDIENCE, Audience, Section
from learner_profile_plugin.labels import AUDIENCE_LABELS, SECTION_LABELS
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import Link, Profile, WorkExperience
from learner_profile_plugin.profile_fields.date_field import PartialDateField

if TYPE_CHECKING:
    BaseFormSet = forms.BaseFormSet[Any]
else:
    BaseFormSet = forms.BaseFormSet


class TextField(forms.CharField):
    """A text of several lines; a line break is one character, as the browser counts, and not two, as it sends."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        """Show ``rows`` lines."""
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks."""
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class AboutForm(forms.Form):
    """The texts that there is one of, and the version that the learner started from."""

    headline = forms.CharField(
        label=_("Headline"),
        max_length=models.HEADLINE_LENGTH,
        required=False,
        help_text=_("One line under your name: what you do, or what you want to do."),
    )
    about = TextField(
        label=_("About you"),
        max_length=models.ABOUT_LENGTH,
        rows=8,
        help_text=_("You can use Markdown: **bold**, *italic*, lists and links."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=models.MAX_VERSION)


class WorkExperienceForm(forms.Form):
    """One position held."""

    title = forms.CharField(label=_("Title"), max_length=models.NAME_LENGTH)
    employer = forms.CharField(label=_("Employer"), max_length=models.NAME_LENGTH)
    location = forms.CharField(label=_("Location"), max_length=models.NAME_LENGTH, required=False)
    start = PartialDateField(label=_("Start"))
    end = PartialDateField(label=_("End"), required=False, help_text=_("Leave empty if you still work there."))
    description = TextField(label=_("Description"), max_length=models.DESCRIPTION_LENGTH, rows=4)

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end.surely_before(start):
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
            is_address = False
        else:
            # A name before an "@" hides where a link leads to, and is how mail addresses end up here.
            is_address = "@" not in urlsplit(url).netloc and len(url) <= models.URL_LENGTH
        if not is_address:
            raise ValidationError(_("Enter a web address, for example https://example.org/me."), code="url")
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


class Entries(BaseFormSet):
    """A list of entries. One that is left empty, or is emptied, is no entry."""

    too_many: ClassVar[Any]

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Let every entry be left empty."""
        return {**super().get_form_kwargs(index), "empty_permitted": True, "use_required_attribute": False}

    def clean(self) -> None:
        """Refuse more entries than there may be; empty ones do not count."""
        entries = [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]
        if len(entries) > self.max_num:
            raise ValidationError(self.too_many % {"number": self.max_num}, code="too_many")

    def to_data(self) -> list[Any]:
        """Return the entries that are neither empty nor marked to be removed."""
        return [form.to_data() for form in self.forms if form.cleaned_data and form not in self.deleted_forms]


def _entries(form: type[forms.Form], most: int, too_many: Any) -> type[Entries]:
    made = forms.formset_factory(form, formset=Entries, extra=0, can_delete=True, max_num=most, absolute_max=2 * most)
    return type("Entries", (made,), {"too_many": too_many})


WorkExperienceEntries = _entries(
    WorkExperienceForm, models.MAX_WORK_EXPERIENCES, _("There is room for %(number)d positions.")
)
LinkEntries = _entries(LinkForm, models.MAX_LINKS, _("There is room for %(number)d links."))


@dataclass(frozen=True)
class ProfileForm:
    """The whole of what a learner edits: four parts that are valid, or not, together."""

    about: AboutForm
    work_experience: Entries
    links: Entries
    audiences: AudienceForm

    @classmethod
    def showing(cls, profile: Profile) -> ProfileForm:
        """Return the form with a profile in it; where a list is empty, with an entry to start in."""
        audiences = {section.value: profile.audiences.get(section, DEFAULT_AUDIENCE).value for section in Section}
        return cls(
            AboutForm(initial={name: getattr(profile, name) for name in AboutForm.base_fields}),
            WorkExperienceEntries(prefix="work", initial=[_values(item) for item in profile.work_experience] or [{}]),
            LinkEntries(prefix="links", initial=[_values(item) for item in profile.links] or [{}]),
            AudienceForm(prefix="audience", initial=audiences),
        )

    @classmethod
    def posted(cls, data: Mapping[str, Any]) -> ProfileForm:
        """Return the form with what was posted, to be checked."""
        return cls(
            AboutForm(data),
            WorkExperienceEntries(data, prefix="work"),
            LinkEntries(data, prefix="links"),
            AudienceForm(data, prefix="audience"),
        )

    @classmethod
    def with_room(cls, data: Mapping[str, Any], prefix: str) -> ProfileForm:
        """Return the form with what was typed, unchecked, and one more entry in the list of this prefix."""
        work = _typed_entries(WorkExperienceEntries, data, "work")
        links = _typed_entries(LinkEntries, data, "links")
        {"work": work, "links": links}[prefix].append({})
        return cls(
            AboutForm(initial=_typed(AboutForm(), data)),
            WorkExperienceEntries(prefix="work", initial=work),
            LinkEntries(prefix="links", initial=links),
            AudienceForm(prefix="audience", initial=_typed(AudienceForm(prefix="audience"), data)),
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
            work_experience=tuple(self.work_experience.to_data()),
            links=tuple(self.links.to_data()),
            audiences=self.audiences.to_data(),
        )


def _values(item: WorkExperience | Link) -> dict[str, Any]:
    return {field.name: getattr(item, field.name) for field in fields(item)}


def _typed(form: forms.BaseForm, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into a form, as its boxes show it."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name)) for name, field in form.fields.items()
    }


def _typed_entries(entries: type[Entries], data: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """Return what was typed into a list of entries; there are no more than one beyond the most."""
    number = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    # Not what anybody types: four digits are plenty.
    count = int(number) if re.fullmatch("[0-9]{1,4}", number) else 0
    blank = entries(prefix=prefix, initial=[{}] * min(count, entries.max_num + 1))
    return [_typed(form, data) for form in blank.forms]

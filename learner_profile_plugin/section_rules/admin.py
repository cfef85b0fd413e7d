"""Rules for sections in Django admin."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learner_profile_plugin import access
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.labels import AUDIENCE_LABELS, SECTION_LABELS
from learner_profile_plugin.section_rules import api
from learner_profile_plugin.section_rules.data import MOST_ITEMS
from learner_profile_plugin.section_rules.models import SectionRule

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[SectionRule]
    ModelForm = forms.ModelForm[SectionRule]
else:
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm

LEFT_OPEN = gettext_lazy("As the settings say")


class YesNoOrOpen(forms.NullBooleanSelect):
    """Yes, no, or left to the settings."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", LEFT_OPEN), *list(self.choices)[1:]]


class SectionRuleForm(ModelForm):
    """A rule for one section: any that has none yet, and after that always this one."""

    section = forms.ChoiceField(
        label=gettext_lazy("Section"), help_text=gettext_lazy("Sections that have a rule already are not offered.")
    )
    default_audience = forms.TypedChoiceField(
        label=gettext_lazy("Default audience"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", LEFT_OPEN), *((audience.value, label) for audience, label in AUDIENCE_LABELS.items())],
        help_text=gettext_lazy(
            "Who sees the section where the learner chose nobody; “you” is the learner. "
            "If the section is locked: who sees it at most."
        ),
    )

    class Meta:
        model = SectionRule
        fields = ("section", "is_enabled", "is_locked", "default_audience", "is_required", "max_items")
        widgets = dict.fromkeys(("is_enabled", "is_locked", "is_required"), YesNoOrOpen) | {
            "max_items": forms.NumberInput(attrs={"min": 1, "max": max(MOST_ITEMS.values())})
        }
        help_texts = {
            "is_enabled": gettext_lazy(
                "If not, nobody sees the section, the learner neither. What it says is kept, and is back with the "
                "section. The head of the page is always shown."
            ),
            "is_locked": gettext_lazy(
                "If so, learners can read the section and change neither what it says nor who sees it. "
                "What a learner has hidden stays hidden."
            ),
            "is_required": gettext_lazy(
                "If so, a portfolio can be published once the section is filled. "
                "Nobody is asked to fill what is locked, not shown or recorded by the platform."
            ),
            "max_items": gettext_lazy(
                "How many items a learner can add. Leave it empty to keep to the settings; "
                "the limits of the plugin can be lowered, not raised."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["section"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        if self.instance.pk is None:
            taken = set(SectionRule.objects.values_list("section", flat=True))
            free = [(section.value, label) for section, label in SECTION_LABELS.items() if section.value not in taken]
            field.choices = [("", "—"), *free]
        else:
            field.choices = [(self.instance.section, _section_label(self.instance))]
            field.disabled = True
            field.help_text = ""


@admin.register(SectionRule)
class SectionRuleAdmin(ModelAdmin):
    """
    Where operators switch sections off, lock, limit and require them.

    Beside each rule stands what holds with it, all sources taken together, on the site that is looked at.
    """

    form = SectionRuleForm
    fields = (*SectionRuleForm.Meta.fields, "modified_at")
    readonly_fields = ("modified_at",)

    def get_list_display(self, request: HttpRequest) -> tuple[str | Callable[[SectionRule], Any], ...]:
        rules = cache(api.get_rules)  # one query for all rows, and none that outlives the page

        @admin.display(description=gettext_lazy("What holds on this site"))
        def holds(row: SectionRule) -> str:
            return in_words(rules()[Section(row.section)]) if row.section in SECTION_LABELS else _("Nothing")

        return ("label", "is_enabled", "is_locked", "audience", "is_required", "max_items", holds)

    @admin.display(description=gettext_lazy("section"), ordering="section")
    def label(self, row: SectionRule) -> str:
        """Name the section as learners know it."""
        return _section_label(row)

    @admin.display(description=gettext_lazy("default audience"), ordering="default_audience")
    def audience(self, row: SectionRule) -> str | None:
        """Name the audience as learners know it."""
        return None if row.default_audience is None else _audience_label(row.default_audience)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Tell, above the list, what is wrong: of the configuration of a site, nothing else tells an operator."""
        if request.method == "GET":
            for problem in api.get_problems():
                messages.warning(request, problem)
        return super().changelist_view(request, extra_context)


def in_words(rule: access.SectionRule) -> str:
    """Return a rule as an operator reads it."""
    if not rule.is_enabled:
        return _("Not shown")
    parts = [_("Audience: %(audience)s") % {"audience": AUDIENCE_LABELS[rule.default_audience]}]
    if rule.is_locked:
        parts.append(_("locked"))
    if rule.is_required:
        parts.append(_("required"))
    if rule.max_items:
        parts.append(_("items: at most %(number)d") % {"number": rule.max_items})
    return "; ".join(parts)


def _section_label(row: SectionRule) -> str:
    return str(SECTION_LABELS[Section(row.section)]) if row.section in SECTION_LABELS else row.section


def _audience_label(value: int) -> str:
    return str(AUDIENCE_LABELS[Audience(value)]) if value in AUDIENCE_LABELS else str(value)

"""A form field for partial dates: a month, which may be left open, and a year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.profile_fields.data import PartialDate

FIRST_YEAR = 1900


class PartialDateWidget(forms.MultiWidget):
    """A list of months beside a box for the year, each with a name of its own for screen readers."""

    template_name = "learner_profile/partial_date.html"

    def __init__(self) -> None:
        """Set the two parts up."""
        months = [("", _("Month")), *MONTHS.items()]
        super().__init__(
            {
                "month": forms.Select(choices=months, attrs={"aria-label": _("Month")}),
                "year": forms.NumberInput(
                    attrs={"aria-label": _("Year"), "placeholder": _("Year"), "min": FIRST_YEAR, "max": 9999}
                ),
            }
        )

    def decompress(self, value: PartialDate | None) -> list[int | None]:
        """Split a date into month and year."""
        return [value.month or None, value.year] if value else [None, None]


class PartialDateField(forms.MultiValueField):
    """Cleans to a :class:`PartialDate`, or to None where it is left empty and may be."""

    widget = PartialDateWidget

    def __init__(self, **kwargs: Any) -> None:
        """Set the two parts up; ``required`` asks for the year."""
        required = kwargs.get("required", True)
        fields = (
            forms.TypedChoiceField(choices=[("", ""), *MONTHS.items()], coerce=int, empty_value=None, required=False),
            forms.IntegerField(
                min_value=FIRST_YEAR,
                max_value=9999,
                required=required,
                error_messages={
                    "incomplete": _("Enter the year."),
                    "required": _("Enter the year."),
                    "invalid": _("Enter the year as four digits."),
                    "min_value": _("Enter the year as four digits."),
                    "max_value": _("Enter the year as four digits."),
                },
            ),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[int | None]) -> PartialDate | None:
        """Join month and year. A month alone, or a date to come, is an error."""
        month, year = data_list or (None, None)
        if year is None:
            if month is not None:
                raise ValidationError(_("Enter the year."), code="no_year")
            return None
        found = PartialDate(year, month or 0)
        if found.first_day() > timezone.now().date():
            raise ValidationError(_("This date lies in the future."), code="future")
        return found

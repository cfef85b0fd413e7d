"""What the API's answers hold, and what it takes: one serializer for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.portfolio.data import Portfolio, Source, Standing
from learner_profile_plugin.portfolio.rest_api.errors import InvalidError
from learner_profile_plugin.portfolio.rest_api.openapi import UUID, ref
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item, PartialDate, Picture, Value
from learner_profile_plugin.secret_links.data import LinkState

SECTIONS = [section.value for section in Section]
BY_DATE = "by_date"


@extend_schema_field({"type": "string", "enum": [source.value for source in Source]})
class SourceField(serializers.ReadOnlyField):
    """Says of an item who says so; every item of one kind has the same source."""

    def __init__(self, source_of_items: Source) -> None:
        """Take the source that all items of this serializer have."""
        super().__init__(source="*")
        self._value = source_of_items.value

    def to_representation(self, value: object) -> str:
        """Return the source, whatever the item."""
        return self._value


class AudienceField(serializers.ChoiceField):
    """An audience, by its name."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer all audiences."""
        super().__init__([audience.name.lower() for audience in Audience], **kwargs)

    def to_representation(self, value: Audience) -> str:  # type: ignore[override] # in the stubs a choice is a text
        """Return its name."""
        return value.name.lower()

    def to_internal_value(self, data: Any) -> Audience:  # type: ignore[override]
        """Return the audience of this name."""
        return Audience[super().to_internal_value(data).upper()]


class PersonSerializer(serializers.Serializer[Any]):
    """Who the portfolio is of. ``email`` is empty unless the learner put it on the page."""

    username = serializers.CharField()
    name = serializers.CharField()
    photo_url = serializers.CharField()
    has_photo = serializers.BooleanField()
    headline = serializers.CharField()
    location = serializers.CharField()
    pronouns = serializers.CharField()
    email = serializers.CharField()


class LearningTimeSerializer(serializers.Serializer[Any]):
    """The measured time, exact to the second; ``text`` as the page shows it."""

    provenance = SourceField(Source.RECORDED)
    seconds = serializers.IntegerField()
    text = serializers.SerializerMethodField()
    course_count = serializers.IntegerField()
    overlaps = serializers.BooleanField()
    rule_version = serializers.IntegerField()

    def get_text(self, box: Any) -> str:
        """Return the time in hours and minutes."""
        return wording.duration(box.seconds)


class CourseSerializer(serializers.Serializer[Any]):
    """A course with the evidence behind it. ``seconds`` is null where the learning time is not visible."""

    provenance = SourceField(Source.RECORDED)
    course_key = serializers.CharField()
    title = serializers.CharField()
    organisation = serializers.CharField()
    url = serializers.CharField()
    image_url = serializers.CharField()
    standing = serializers.ChoiceField([standing.value for standing in Standing])
    at = serializers.DateTimeField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    letter = serializers.CharField()
    certificate_url = serializers.CharField()
    seconds = serializers.IntegerField(allow_null=True)


class AccountLinkSerializer(serializers.Serializer[Any]):
    """An address that the learner keeps in their account; ``site`` names where it leads, if that is known."""

    provenance = SourceField(Source.STATED)
    url = serializers.CharField(source="*")
    site = serializers.SerializerMethodField()

    def get_site(self, url: str) -> str:
        """Return the name of the site."""
        return profile_fields.link_kind(url)


class PortfolioSerializer(serializers.Serializer[Portfolio]):
    """What the viewer sees of a learner: sections that are empty or not theirs to see are empty."""

    person = PersonSerializer()
    learning_time = LearningTimeSerializer(allow_null=True)
    courses = CourseSerializer(many=True)
    items = serializers.SerializerMethodField()
    account_links = AccountLinkSerializer(many=True)

    @extend_schema_field(ref("PortfolioItems"))
    def get_items(self, portfolio: Portfolio) -> dict[str, list[dict[str, Any]]]:
        """Return what is stated, section by section."""
        request, token = self.context["request"], self.context.get("token", "")
        return {
            section.value: [shown_item(item, request, token) for item in portfolio.items.get(section, ())]
            for section in profile_fields.KINDS
        }


class SectionSerializer(serializers.Serializer[Any]):
    """
    One of the learner's own sections, with the rules that the site has for it.

    ``audience`` is whom the learner or the site chose; ``effective_audience`` is who sees it, or would
    if the portfolio were published. ``order`` is ``by_date`` or a list of ids; null where nothing is stated.
    """

    section = serializers.ChoiceField(SECTIONS)
    label = serializers.CharField()  # type: ignore[assignment] # DRF takes declared fields off the class
    provenance = serializers.ChoiceField([source.value for source in Source])
    is_locked = serializers.BooleanField()
    is_required = serializers.BooleanField()
    max_items = serializers.IntegerField()
    audience = AudienceField()
    effective_audience = AudienceField()
    order = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()

    @extend_schema_field(
        {"oneOf": [{"type": "string", "enum": [BY_DATE]}, {"type": "array", "items": UUID}], "nullable": True}
    )
    def get_order(self, facts: Mapping[str, Any]) -> Any:
        """Return how the items are put in order."""
        return facts["order"]

    @extend_schema_field({"type": "array", "items": ref("Item")})
    def get_items(self, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the items, hidden ones too."""
        return [own_item(item, self.context["request"]) for item in facts["items"]]


class StepSerializer(serializers.Serializer[Any]):
    """Something worth adding, and why; without a section it is the photo of the account."""

    section = serializers.ChoiceField(SECTIONS, allow_null=True)
    add = serializers.CharField()
    why = serializers.CharField()
    is_required = serializers.BooleanField()


class ProfileSerializer(serializers.Serializer[Any]):
    """All that the signed-in learner states. A section that the site has switched off is not there."""

    username = serializers.CharField()
    version = serializers.IntegerField()
    is_published = serializers.BooleanField()
    published_at = serializers.DateTimeField(allow_null=True)
    privacy_summary = serializers.CharField()
    next_steps = StepSerializer(many=True)
    sections = SectionSerializer(many=True)


class SectionChoiceSerializer(serializers.Serializer[Any]):
    """Who is to see a section, and in which order its items are: their ids, or ``by_date``."""

    audience = AudienceField(required=False)
    order = extend_schema_field(
        {"oneOf": [{"type": "string", "enum": [BY_DATE]}, {"type": "array", "items": UUID, "maxItems": 100}]}
    )(serializers.JSONField)(required=False)


class DescriptionSerializer(serializers.Serializer[Any]):
    """What can be seen on a picture."""

    description = serializers.CharField(max_length=200, allow_blank=True)


class NewPictureSerializer(serializers.Serializer[Any]):
    """A JPEG, PNG, WebP or GIF, and what can be seen on it."""

    picture = serializers.FileField(use_url=False)
    description = serializers.CharField(max_length=200, allow_blank=True, default="")


class ConsentSerializer(serializers.Serializer[Any]):
    """The learner's word that their portfolio be shown, and until when."""

    given_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    text = serializers.CharField()


class PublicationSerializer(serializers.Serializer[Any]):
    """
    Whether the portfolio is published, and what publishing it now would mean.

    ``text`` is what the learner agrees to by sending it back. ``audiences`` tells who would see what.
    """

    is_published = serializers.BooleanField()
    published_at = serializers.DateTimeField(allow_null=True)
    may_publish = serializers.BooleanField()
    text = serializers.CharField()
    audiences = serializers.DictField(child=AudienceField())
    missing_sections = serializers.ListField(child=serializers.ChoiceField(SECTIONS))
    consents = ConsentSerializer(many=True)


class AgreementSerializer(serializers.Serializer[Any]):
    """The text that the learner was shown and agrees to, word by word."""

    text = serializers.CharField(max_length=10_000, trim_whitespace=False)


class LinkSerializer(serializers.Serializer[Any]):
    """A secret link, without its secret."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    sections = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    use_count = serializers.IntegerField()
    state = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"type": "string", "enum": SECTIONS}})
    def get_sections(self, link: Any) -> list[str]:
        """Return the names of its sections, from the top."""
        return [section.value for section in Section if section in link.sections]

    @extend_schema_field({"type": "string", "enum": [state.value for state in LinkState]})
    def get_state(self, link: Any) -> str:
        """Return whether it leads anywhere now."""
        return str(link.state_at(self.context["now"]).value)


class NewLinkSerializer(LinkSerializer):
    """A secret link that was just made, with its secret, which cannot be had again."""

    token = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    def get_token(self, link: Any) -> str:
        """Return the secret."""
        return str(self.context["token"])

    def get_address(self, link: Any) -> str:
        """Return the address of the page that it opens."""
        path = reverse("learner_profile:shared", args=[self.context["token"]])
        return str(self.context["request"].build_absolute_uri(path))


class LinkRequestSerializer(serializers.Serializer[Any]):
    """A secret link to be: its name, what it shows besides the header, and until when (null: until it is revoked)."""

    name = serializers.CharField(max_length=100)
    sections = serializers.ListField(child=serializers.ChoiceField(SECTIONS), max_length=len(SECTIONS))
    expires_at = serializers.DateTimeField(allow_null=True)


class NamesSerializer(serializers.Serializer[Any]):
    """Names that could be meant, the likeliest first."""

    names = serializers.ListField(child=serializers.CharField())


def refuse_unknown(data: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise InvalidError if there is something in it that nobody would look at."""
    names = list(known)
    if not data.keys() <= set(names):
        text = _("There are fields that are unknown here. The known ones are: %(names)s.")
        raise InvalidError({"": [text % {"names": ", ".join(names)}]})


def own_item(item: Item, request: Request) -> dict[str, Any]:
    """Return an item as its owner gets it."""
    return {"section": item.section.value, "version": item.version, **shown_item(item, request)}


def shown_item(item: Item, request: Request, token: str = "") -> dict[str, Any]:
    """Return an item as a viewer gets it; with the token of a secret link, pictures with addresses of that link."""
    return {
        "id": str(item.id),
        "provenance": Source.STATED.value,
        "is_hidden": item.is_hidden,
        "values": plain_values(item.values),
        "pictures": [shown_picture(picture, request, token) for picture in item.pictures],
    }


def shown_picture(picture: Picture, request: Request, token: str = "") -> dict[str, Any]:
    """Return a picture with its address."""
    name, arguments = ("shared_picture", [token, picture.id]) if token else ("picture", [picture.id])
    return {
        "id": str(picture.id),
        "url": request.build_absolute_uri(reverse(f"learner_profile:{name}", args=arguments)),
        "description": picture.description,
        "width": picture.width,
        "height": picture.height,
    }


def plain_values(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return values as JSON has them: dates as text, null where they are left open."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Value) -> Any:
    if isinstance(value, PartialDate):
        return str(value)
    return list(value) if isinstance(value, tuple) else value

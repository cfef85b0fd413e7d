"""Reads a picture that somebody sends, and draws it anew, so that nothing but what can be seen is kept."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
JPEG_QUALITY = 85
MEGABYTE = 1_000_000
OPAQUE = 255
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by the orientation that its camera noted in EXIF."""


class PictureError(Exception):
    """The picture cannot be taken; its text says why, and what would help."""


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture as it is kept: encoded anew, without a trace of how it came to be. Sides are in pixels."""

    content: bytes
    width: int
    height: int
    content_type: str
    extension: str


def read_picture(upload: IO[bytes] | bytes, *, max_bytes: int, max_pixels: int, max_side: int) -> ReadPicture:
    """
    Return a picture as it is to be kept: a JPEG, or a PNG where something of it is transparent.

    It is turned as its camera held it and shrunk to ``max_side`` pixels. Of a GIF the first picture is
    taken. What a file is is decided by its content, never by its name.

    Raises:
        PictureError: if it is too large (in bytes, or in pixels), moves, or cannot be read.
    """
    content = upload[: max_bytes + 1] if isinstance(upload, bytes) else upload.read(max_bytes + 1)
    if not content:
        raise PictureError(_("The file is empty. Send another one."))
    if len(content) > max_bytes:
        raise PictureError(
            _("The file is too large: %(number)s MB at most. Send a smaller one.")
            % {"number": f"{max_bytes / MEGABYTE:g}"}
        )
    try:
        # Pillow warns of large pictures and of odd metadata. The size is checked here, and the metadata goes anyway.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=FORMATS) as image:
                _check(image, max_pixels)
                return _encoded(_drawn_anew(image, max_side))
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(_("This is no picture that can be read. Send a JPEG, PNG, WebP or GIF file.")) from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_many_pixels(max_pixels) from error
    except Exception as error:  # a hostile file makes Pillow raise whatever there is
        raise PictureError(
            _("The picture is damaged or incomplete. Open it, save it anew as JPEG or PNG, and send that.")
        ) from error


def _too_many_pixels(max_pixels: int) -> PictureError:
    return PictureError(
        _("The picture is too large: %(number)s megapixels at most. Make it smaller and send it again.")
        % {"number": f"{max_pixels / MEGABYTE:g}"}
    )


def _check(image: Image.Image, max_pixels: int) -> None:
    """Refuse what should not be unpacked, from what the file says of itself; its pixels are not read."""
    if image.width * image.height > max_pixels:
        raise _too_many_pixels(max_pixels)
    # Not so for JPEG: many cameras put a second picture (a depth map, say) into the file.
    if image.format in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
        raise PictureError(_("The picture moves. Send one that stands still."))


def _drawn_anew(image: Image.Image, max_side: int) -> Image.Image:
    """Return what can be seen of a picture, in mode RGB or RGBA, and nothing else."""
    plain = _in_mode_that_shrinks(image)
    # First of all, so that what follows has little to carry. A JPEG is even unpacked at a fraction of its size.
    plain.thumbnail((max_side, max_side))
    flat = plain.convert("RGBA" if plain.has_transparency_data else "RGB")
    if flat.mode == "RGBA":
        # Under what is fully transparent there can still be a picture, and nobody would see that it is passed on.
        flat = flat.convert("RGBa").convert("RGBA")
        if flat.getchannel("A").getextrema() == (OPAQUE, OPAQUE):
            flat = flat.convert("RGB")
    turn = _turn(image)
    if turn is not None:
        flat = flat.transpose(turn)
    # A new picture: whatever the old one carried beside its pixels stays behind.
    clean = Image.new(flat.mode, flat.size)
    clean.paste(flat)
    return clean


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return what brings a picture upright whose pixels are read."""
    try:
        return TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - EXIF is broken in many a good picture, and may hold anything
        return None


def _in_mode_that_shrinks(image: Image.Image) -> Image.Image:
    """Return a picture whose pixels can be averaged, which colours of a palette and transparent colours cannot."""
    if image.mode.startswith("I"):
        # Sixteen bits a pixel: Pillow would cut them off at 255.
        grey = image.convert("I").point(lambda value: value / 257).convert("L")
        grey.info.pop("transparency", None)
        return grey
    if image.mode in {"1", "P", "PA"} or "transparency" in image.info:
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _encoded(clean: Image.Image) -> ReadPicture:
    encoded = BytesIO()
    if clean.mode == "RGBA":
        clean.save(encoded, "PNG")
        return ReadPicture(encoded.getvalue(), clean.width, clean.height, "image/png", "png")
    clean.save(encoded, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return ReadPicture(encoded.getvalue(), clean.width, clean.height, "image/jpeg", "jpg")

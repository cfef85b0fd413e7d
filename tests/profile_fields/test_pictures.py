"""A picture that somebody sends is read, and nothing but what can be seen of it is kept."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from learner_profile_plugin.profile_fields import pictures
from learner_profile_plugin.profile_fields.pictures import PictureError, read_picture

RED, GREEN, BLUE = (200, 10, 10), (10, 160, 10), (10, 10, 200)
SECRET = b"52 degrees north"


def sent(image, kind="PNG", **options):
    """Return the bytes of a picture as a learner would send it."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def plain(mode="RGB", size=(40, 30), color=RED):
    return Image.new(mode, size, color)


def read(content, *, max_bytes=2_000_000, max_pixels=1_000_000, max_side=100):
    return read_picture(BytesIO(content), max_bytes=max_bytes, max_pixels=max_pixels, max_side=max_side)


def opened(picture):
    image = Image.open(BytesIO(picture.content), formats=["JPEG" if picture.extension == "jpg" else "PNG"])
    image.load()
    assert image.size == (picture.width, picture.height)
    return image


def looks_like(pixel, color):
    return all(abs(ours - theirs) <= 12 for ours, theirs in zip(pixel, color, strict=True))


def png_chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_saying_its_size(width, height):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IHDR", head) + png_chunk(b"IDAT", zlib.compress(bytes(1000))) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def exif(**tags):
    made = Image.Exif()
    for name, value in tags.items():
        made[ExifTags.Base[name]] = value
    return made


class TestWhatIsTaken:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_kinds_of_the_web_become_a_jpeg(self, kind):
        picture = read(sent(plain(), kind))

        assert (picture.content_type, picture.extension) == ("image/jpeg", "jpg")
        assert looks_like(opened(picture).getpixel((20, 15)), RED)

    def test_bytes_are_taken_like_a_file(self):
        content = sent(plain())

        assert read_picture(content, max_bytes=len(content), max_pixels=1200, max_side=100) == read(content)

    def test_picture_of_one_pixel_is_taken(self):
        assert (read(sent(plain(size=(1, 1)))).width, read(sent(plain(size=(1, 1)))).height) == (1, 1)

    @pytest.mark.parametrize(("size", "kept"), [((400, 200), (100, 50)), ((5000, 1), (100, 1)), ((1, 5000), (1, 100))])
    def test_larger_picture_is_shrunk_in_proportion(self, size, kept):
        assert opened(read(sent(plain(size=size)))).size == kept

    def test_smaller_picture_is_not_blown_up(self):
        assert opened(read(sent(plain(size=(3, 2))))).size == (3, 2)

    def test_first_picture_of_a_moving_gif_is_taken(self):
        content = sent(plain(), "GIF", save_all=True, append_images=[plain(color=GREEN)])

        assert looks_like(opened(read(content)).getpixel((20, 15)), RED)

    def test_second_picture_of_a_camera_s_file_does_not_count_as_moving(self):
        content = sent(plain(), "MPO", save_all=True, append_images=[plain(color=GREEN)])

        assert looks_like(opened(read(content)).getpixel((20, 15)), RED)

    def test_cmyk_jpeg_becomes_one_for_screens(self):
        image = opened(read(sent(plain("CMYK", color=(0, 255, 255, 0)), "JPEG")))

        assert image.mode == "RGB"
        assert looks_like(image.getpixel((20, 15)), (255, 0, 0))

    @pytest.mark.parametrize(("value", "grey"), [(0, 0), (32768, 127), (65535, 255)])
    def test_sixteen_bits_of_grey_keep_their_brightness(self, value, grey):
        assert looks_like(opened(read(sent(plain("I;16", color=value)))).getpixel((20, 15)), (grey, grey, grey))

    def test_black_and_white_is_taken(self):
        assert looks_like(opened(read(sent(plain("1", color=1)))).getpixel((20, 15)), (255, 255, 255))

    def test_upright_camera_gives_an_upright_picture(self):
        lying = plain(size=(60, 40))
        lying.paste(BLUE, (0, 0, 30, 40))
        image = opened(read(sent(lying, "JPEG", exif=exif(Orientation=6), quality=95)))

        assert image.size == (40, 60)
        assert looks_like(image.getpixel((20, 10)), BLUE)
        assert looks_like(image.getpixel((20, 50)), RED)

    @pytest.mark.parametrize("turn", [0, 1, 9, 65535])
    def test_orientation_without_a_turn_changes_nothing(self, turn):
        assert opened(read(sent(plain(), "JPEG", exif=exif(Orientation=turn)))).size == (40, 30)

    @pytest.mark.parametrize("broken", [b"no TIFF at all", b"II*\0", b"II*\0\xff\xff\xff\xff garbage"])
    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_broken_exif_spoils_no_picture(self, kind, broken):
        assert opened(read(sent(plain(), kind, exif=b"Exif\0\0" + broken))).size == (40, 30)


class TestTransparency:
    def test_transparent_picture_becomes_a_png(self):
        picture = read(sent(plain("RGBA", color=(*RED, 128))))

        assert (picture.content_type, picture.extension) == ("image/png", "png")
        assert looks_like(opened(picture).getpixel((20, 15)), (*RED, 128))

    @pytest.mark.parametrize("kind", ["PNG", "GIF"])
    def test_transparent_colour_of_a_palette_stays_transparent(self, kind):
        image = plain("P", color=0)
        image.putpalette([*RED, *GREEN])
        image.paste(1, (0, 0, 20, 30))
        kept = opened(read(sent(image, kind, transparency=1)))

        assert kept.getpixel((5, 15))[3] == 0
        assert looks_like(kept.getpixel((35, 15)), (*RED, 255))

    def test_transparent_colour_without_a_palette_stays_transparent(self):
        assert opened(read(sent(plain(), transparency=RED))).getpixel((20, 15))[3] == 0

    def test_transparent_colour_is_not_mixed_into_the_others_when_shrunk(self):
        board = plain(size=(200, 200), color=GREEN)
        for x in range(0, 200, 2):
            board.paste(RED, (x, 0, x + 1, 200))
        red, green, _blue, alpha = opened(read(sent(board, transparency=RED))).getpixel((50, 50))

        assert 0 < alpha < 255
        assert green > 10 * red

    def test_transparent_grey_of_sixteen_bits_is_shown(self):
        assert looks_like(
            opened(read(sent(plain("I;16", color=65535), transparency=65535))).getpixel((0, 0)), (255,) * 3
        )

    def test_alpha_that_hides_nothing_makes_no_png(self):
        assert read(sent(plain("RGBA", color=(*RED, 255)))).extension == "jpg"

    def test_what_is_under_the_transparent_is_not_passed_on(self):
        assert opened(read(sent(plain("RGBA", color=(*RED, 0))))).getpixel((20, 15)) == (0, 0, 0, 0)


class TestWhatIsLeftBehind:
    def check(self, content):
        assert SECRET in content
        picture = read(content)
        assert SECRET not in picture.content
        assert set(opened(picture).info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }

    def test_place_that_the_camera_noted(self):
        noted = exif(Make="Camera", ImageDescription=SECRET.decode())
        noted[ExifTags.IFD.GPSInfo] = {ExifTags.GPS.GPSLatitude: (52.0, 22.0, 12.0)}
        for kind in ("JPEG", "PNG", "WEBP"):
            content = sent(plain(), kind, exif=noted)
            assert Image.open(BytesIO(content)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
            self.check(content)
            assert not opened(read(content)).getexif()

    def test_comment(self):
        self.check(sent(plain(), "JPEG", comment=SECRET))
        self.check(sent(plain(), "GIF", comment=SECRET))

    def test_colour_profile(self):
        for kind in ("JPEG", "WEBP"):
            self.check(sent(plain(), kind, icc_profile=SECRET))

    def test_xmp(self):
        self.check(sent(plain(), "WEBP", xmp=SECRET))
        jpeg, xmp = sent(plain(), "JPEG"), b"http://ns.adobe.com/xap/1.0/\0" + SECRET
        self.check(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + jpeg[2:])

    def test_text_of_a_png(self):
        text = PngImagePlugin.PngInfo()
        text.add_text("Place", SECRET.decode())
        self.check(sent(plain(), pnginfo=text))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_page_that_hides_behind_a_picture(self, kind):
        self.check(sent(plain(), kind) + b"<html><script>alert('" + SECRET + b"')</script></html>")

    def test_large_text_beside_a_picture(self):
        text = PngImagePlugin.PngInfo()
        text.add_text("Novel", SECRET.decode() * 100_000)

        assert len(read(sent(plain(), pnginfo=text)).content) < 2000


class TestWhatIsRefused:
    def test_empty_file(self):
        with pytest.raises(PictureError, match="file is empty"):
            read(b"")

    def test_too_many_bytes_name_the_limit(self):
        with pytest.raises(PictureError, match=r"1\.5 MB at most"):
            read(bytes(1_500_001), max_bytes=1_500_000)

    def test_no_more_is_taken_in_than_tells_that_it_is_too_much(self):
        upload = BytesIO(bytes(1_000_000))
        with pytest.raises(PictureError):
            read_picture(upload, max_bytes=1000, max_pixels=100, max_side=10)

        assert upload.tell() == 1001

    def test_too_many_pixels_name_the_limit(self):
        with pytest.raises(PictureError, match="2 megapixels at most"):
            read(sent(plain(size=(2001, 1000))), max_pixels=2_000_000)

    @pytest.mark.parametrize("side", [9000, 10_000, 100_000, 2**31 - 1])
    def test_small_file_that_would_unpack_to_a_huge_picture(self, side):
        with pytest.raises(PictureError, match="1 megapixels at most"):
            read(png_saying_its_size(side, side))

    def test_picture_without_an_extent(self):
        empty_gif = b"GIF89a" + bytes(4) + b"\x80\0\0" + bytes(6) + b"," + bytes(9) + b"\x02\x02D\x01\0;"
        for content in (png_saying_its_size(0, 5), empty_gif):
            with pytest.raises(PictureError):
                read(content)

    @pytest.mark.parametrize("kind", ["WEBP", "PNG"])
    def test_moving_picture(self, kind):
        with pytest.raises(PictureError, match="The picture moves"):
            read(sent(plain(), kind, save_all=True, append_images=[plain(color=GREEN)]))

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_file_that_broke_off(self, kind):
        content = sent(Image.effect_noise((40, 30), 50).convert("RGB"), kind)
        with pytest.raises(PictureError):
            read(content[: len(content) // 2])

    @pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PDF", "EPS", "PPM", "TGA", "JPEG2000"])
    def test_other_kinds_that_pillow_knows(self, kind):
        with pytest.raises(PictureError, match="Send a JPEG, PNG, WebP or GIF file"):
            read(sent(plain(size=(32, 32)), kind))

    @pytest.mark.parametrize(
        "content",
        [
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            b"%PDF-1.7\n",
            b"<html></html>",
            b"a note",
            bytes(100),
            b"PK\x03\x04",
        ],
    )
    def test_what_is_no_picture(self, content):
        with pytest.raises(PictureError, match="Send a JPEG, PNG, WebP or GIF file"):
            read(content)

    def test_text_that_would_unpack_to_a_huge_one(self):
        text = PngImagePlugin.PngInfo()
        text.add_text("Bomb", "a" * 5_000_000, zip=True)
        content = sent(plain(), pnginfo=text)
        assert len(content) < 10_000

        with pytest.raises(PictureError):
            read(content)

    def test_memory_that_does_not_suffice_is_a_picture_that_is_too_large(self, monkeypatch):
        def full(image, max_side):
            raise MemoryError

        monkeypatch.setattr(pictures, "_drawn_anew", full)
        with pytest.raises(PictureError, match="megapixels at most"):
            read(sent(plain()))

    def test_limit_of_pillow_is_left_as_it_is(self):
        before = Image.MAX_IMAGE_PIXELS
        read(sent(plain()))

        assert before == Image.MAX_IMAGE_PIXELS


NOISE = Image.effect_noise((17, 13), 80)
REAL = [
    sent(NOISE.convert("RGB"), "JPEG", exif=exif(Orientation=6, Make="Camera"), comment=b"text"),
    sent(NOISE.convert("CMYK"), "JPEG", progressive=True),
    sent(NOISE.convert("RGB"), "MPO", save_all=True, append_images=[NOISE.convert("RGB")]),
    sent(NOISE.convert("RGBA"), "PNG", exif=exif(Orientation=3)),
    sent(NOISE.convert("P"), "PNG", transparency=3),
    sent(NOISE.convert("I;16"), "PNG"),
    sent(NOISE.convert("P"), "PNG", save_all=True, append_images=[NOISE.convert("P").rotate(90)]),
    sent(NOISE.convert("RGB"), "WEBP", exif=exif(Orientation=8)),
    sent(NOISE.convert("RGBA"), "WEBP", lossless=True),
    sent(NOISE.convert("RGB"), "WEBP", save_all=True, append_images=[NOISE.convert("RGB").rotate(90)]),
    sent(NOISE.convert("P"), "GIF", transparency=3, save_all=True, append_images=[NOISE.convert("P").rotate(90)]),
]
STARTS = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x40\0\0\0WEBPVP8 ", b"RIFF\x40\0\0\0WEBPVP8X"]


def keeps_the_law(content):
    """Whatever is sent: it is refused with words, or becomes a small picture that can be shown."""
    try:
        picture = read(content, max_bytes=10_000, max_pixels=20_000, max_side=12)
    except PictureError as error:
        return str(error) != ""
    return max(opened(picture).size) <= 12


class TestHostileFiles:
    @given(st.sampled_from(STARTS), st.binary(max_size=300))
    def test_any_bytes(self, start, rest):
        assert keeps_the_law(start + rest)

    @given(st.sampled_from(REAL), st.data())
    def test_files_that_broke_off(self, content, data):
        assert keeps_the_law(content[: data.draw(st.integers(0, len(content)))])

    @given(st.sampled_from(REAL), st.data())
    def test_files_with_wrong_bytes(self, content, data):
        changed = bytearray(content)
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
            changed[at] = data.draw(st.integers(0, 255))
        assert keeps_the_law(bytes(changed))

    @given(st.sampled_from([content for content in REAL if content.startswith(b"\x89PNG")]), st.data())
    def test_pngs_whose_sums_fit_what_they_say(self, content, data):
        at, chunks = 8, []
        while at < len(content):
            (length,) = struct.unpack(">I", content[at : at + 4])
            chunks.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + length]))
            at += length + 12
        wrong = data.draw(st.integers(0, len(chunks) - 1))
        name, body = chunks[wrong]
        cut = data.draw(st.integers(0, len(body)))
        chunks[wrong] = (name, body[:cut] + data.draw(st.binary(max_size=20)) + body[cut + 1 :])
        chunks = data.draw(st.permutations(chunks)) if data.draw(st.booleans()) else chunks
        assert keeps_the_law(content[:8] + b"".join(png_chunk(*chunk) for chunk in chunks))

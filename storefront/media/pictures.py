"""Pictures that somebody sent: looked at, cleaned, and cut to the widths that pages want.

What a picture is, its bytes say and nothing else. Its size in pixels is read before anything is unpacked, so that a
small file can't fill the memory, and one at a time is unpacked in each process. EXIF (where and with what it was taken)
is dropped; how it was held is applied first, and its colors are turned into sRGB, the only ones told to no browser.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from storefront.config import current as settings
from storefront.kit.errors import Refusal

TYPES = {
    "PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif", "AVIF": "image/avif",
}  # fmt: skip
WIDTHS = (320, 640, 1280, 1920)  # px
MASTER = 2560  # px: the longer side of a picture that is kept without the file it came from
QUALITY, MASTER_QUALITY = 80, 90  # of WebP, in hundredths
MILLION = 1_000_000
SMALLEST = 8  # px

_one_at_a_time = Lock()


class NoPicture(Refusal):
    """What was sent is no picture, or none that can be shown."""

    status = 422
    title = "This picture was not taken."
    message = "It is damaged, or it is no picture. Open it, save it again, and try that one."


class TooManyPixels(NoPicture):
    def __init__(self, has: str) -> None:
        super().__init__(
            f"It has {has} pixels, and {settings().picture_megapixels} million is the most. Make it smaller first."
        )


@dataclass(frozen=True)
class Picture:
    """A picture cut to widths: WebP by width in px, and how large it is itself."""

    content_type: str
    width: int
    height: int
    cuts: dict[int, bytes]
    master: bytes = b""


def type_of(file: BinaryIO) -> str | None:
    """The content type of a picture by its first bytes; None if it is none of those that pages show."""
    try:
        with Image.open(file, formats=tuple(TYPES)) as image:
            return TYPES[image.format or ""]
    except Exception:  # whatever Pillow makes of it, it is no picture
        return None
    finally:
        file.seek(0)


def cut(file: BinaryIO, *, with_master: bool = False) -> Picture:
    """The picture in every width that it fills, and if asked for one to keep in its stead.

    Raises NoPicture with a sentence for what can't be read, TooManyPixels before unpacking what is too large.
    """
    try:
        with _one_at_a_time, Image.open(file, formats=tuple(TYPES)) as image:
            if image.width * image.height > settings().picture_megapixels * MILLION:
                raise TooManyPixels(f"{image.width:,} by {image.height:,}")
            return _cut(image, TYPES[image.format or ""], with_master=with_master)
    except NoPicture:
        raise
    except Image.DecompressionBombError:
        raise TooManyPixels("hundreds of millions of") from None
    except Exception:
        raise NoPicture from None  # Pillow raises a dozen kinds for bytes that lie
    finally:
        file.seek(0)


def _cut(image: Image.Image, content_type: str, *, with_master: bool) -> Picture:
    image.draft("RGB", (MASTER, MASTER))  # a JPEG is unpacked no larger than it is needed
    sides = _sides(image)
    clean = _clean(image)
    if min(clean.size) < SMALLEST:
        raise NoPicture(f"It is smaller than {SMALLEST} by {SMALLEST} pixels.")
    if max(clean.size) > MASTER:
        clean.thumbnail((MASTER, MASTER), Image.Resampling.LANCZOS)
    widths = [each for each in WIDTHS if each < clean.width] or [clean.width]
    if clean.width < WIDTHS[-1] and clean.width not in widths:
        widths.append(clean.width)
    master = _webp(clean, MASTER_QUALITY) if with_master else b""
    cuts = {each: _webp(_narrowed(clean, each), QUALITY) for each in widths}
    width, height = clean.size if with_master else sides
    return Picture("image/webp" if with_master else content_type, width, height, cuts, master)


def _sides(image: Image.Image) -> tuple[int, int]:
    """Width and height as it is seen, once it is held upright."""
    is_lying = image.getexif().get(0x0112) in (5, 6, 7, 8)
    return (image.height, image.width) if is_lying else (image.width, image.height)


def _clean(image: Image.Image) -> Image.Image:
    """The picture alone: upright, in sRGB, without anything that came with it."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    if upright.mode == "CMYK" and profile:
        upright, profile = _in_srgb(upright, profile), None
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    if profile:
        plain = _in_srgb(plain, profile)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    with suppress(Exception):  # a profile that can't be read says nothing about colors
        known = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = "RGB" if image.mode == "CMYK" else image.mode
        converted = ImageCms.profileToProfile(image, known, ImageCms.createProfile("sRGB"), outputMode=mode)
        return converted or image
    return image


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _webp(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()

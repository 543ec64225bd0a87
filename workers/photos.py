"""Photos made anew: upright, of a modest size, and without what they said of place, hour and device."""

import io
import warnings

# Large enough for a page of paper, small enough for a phone.
LONGEST_SIDE, QUALITY = 1600, 82


class NoPicture(ValueError):
    """Raised for bytes that are no picture, or a trap: few bytes that unfold to gigabytes."""


def anew(content: bytes) -> bytes:
    """The same picture as a JPEG of its own. Raises NoPicture."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
                upright = ImageOps.exif_transpose(picture)
                if upright.has_transparency_data:
                    # What one sees through is white, as the paper is.
                    drawn = upright.convert("RGBA")
                    upright = Image.new("RGB", drawn.size, "white")
                    upright.paste(drawn, mask=drawn.getchannel("A"))
                upright = upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NoPicture from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    # A new image: what the old one carried besides its pixels stays behind.
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()

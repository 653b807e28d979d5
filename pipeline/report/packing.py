"""Blocks of the page made small: what is not shown at first travels compressed.

Belongs here: text to a short string a browser can read back. Does not belong here: what the text says.
"""

import base64
import json
import zlib
from collections.abc import Mapping

_RAW_DEFLATE = -15


def pack(blocks: Mapping[str, str]) -> str:
    """Blocks as JSON, deflated (RFC 1951, no header) and written in base64, which holds no character of HTML."""
    squeezer = zlib.compressobj(level=9, wbits=_RAW_DEFLATE)
    text = json.dumps(dict(blocks), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(squeezer.compress(text.encode()) + squeezer.flush()).decode("ascii")


def unpack(packed: str) -> dict[str, str]:
    """The blocks again, as the page's script reads them."""
    return dict(json.loads(zlib.decompress(base64.b64decode(packed), wbits=_RAW_DEFLATE)))

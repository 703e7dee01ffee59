"""TOML, from the standard library or, on Python 3.10, from its backport."""

from __future__ import annotations

import re
import sys
from typing import Any

if sys.version_info >= (3, 11):
    from tomllib import TOMLDecodeError
    from tomllib import loads as _loads
else:
    from tomli import TOMLDecodeError
    from tomli import loads as _loads

__all__ = ["TOMLDecodeError", "loads"]

# The parser's work grows with the square of a key's parts: forty dotted words in a row are no key of anybody's.
_ENDLESS_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]{1,64}[ \t]{0,2}\.[ \t]{0,2}){40}")


def loads(text: str) -> dict[str, Any]:
    """Return the document of a TOML text; raises TOMLDecodeError where it is none, or nests without end."""
    if _ENDLESS_KEY.search(text):
        raise TOMLDecodeError("a key of more than forty parts")
    try:
        document: dict[str, Any] = _loads(text)
    except RecursionError:
        raise TOMLDecodeError("nested too deeply") from None
    except TOMLDecodeError:
        raise
    except ValueError as error:  # a number of more digits than Python reads
        raise TOMLDecodeError(str(error)) from None
    return document

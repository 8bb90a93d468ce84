"""Static files as they are deployed: style sheets that import others become one file each.

A phone on a slow line pays a round trip for each file that holds the first paint back. In the
source every part stays a file of its own, and a browser follows the imports by itself.
"""

import posixpath
import re
from collections.abc import Callable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

# What the templates name; each is nothing but imports.
BUNDLES = ("css/site.css", "css/found.css")
_IMPORT = re.compile(r'@import url\("([^"]+)"\)\s*([^;]*);\n?')
_URL = re.compile(r"""url\(\s*(["']?)(?!data:|[a-z]+:|/|#)([^"')]+)\1\s*\)""")


def joined(name: str, *, read: Callable[[str], str]) -> str:
    """Return a style sheet with what it imports in place of the imports.

    Addresses inside are told from where the sheet stands. Imports stand before all else in a
    sheet, and what is imported imports nothing itself.
    """
    folder = posixpath.dirname(name)

    def put_in(found: re.Match) -> str:
        address, media = found.groups()
        part = posixpath.normpath(posixpath.join(folder, address))
        text = _moved(read(part), part, folder)
        return f"@media {media} {{\n{text}\n}}\n" if media else f"{text}\n"

    return _IMPORT.sub(put_in, read(name))


def _moved(text: str, part: str, folder: str) -> str:
    """Tell the addresses of a part from the folder of the sheet it is put into."""

    def told(found: re.Match) -> str:
        whole = posixpath.normpath(posixpath.join(posixpath.dirname(part), found[2]))
        return f'url("{posixpath.relpath(whole, folder)}")'

    return _URL.sub(told, text)


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Joins the bundles, then names each file by its content and compresses it, as before."""

    def post_process(self, paths: dict, *args, **options) -> Iterator:
        """Begin with the bundles: what comes after reads them as they were joined."""

        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode("utf-8")

        for name in BUNDLES:
            if name in paths:
                text = joined(name, read=read)
                with open(self.path(name), "w", encoding="utf-8") as file:
                    file.write(text)
                paths[name] = (self, name)
        return super().post_process(paths, *args, **options)

"""Style sheets that import others become one file, with every address inside it still right."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from finder.static_files import BUNDLES, joined

FILES = {
    "css/all.css": (
        '/* All. */\n@import url("../vendor/x-1/x.css");\n@import url("own.css") print;\n'
    ),
    "vendor/x-1/x.css": '@font-face{src:url(fonts/a.woff2)} i{background:url("data:image/png;x")}',
    "css/own.css": "a { mask: url('../img/i.svg'); }",
}


def test_imports_are_put_in_where_they_stood():
    text = joined("css/all.css", read=FILES.__getitem__)

    assert text == (
        "/* All. */\n"
        '@font-face{src:url("../vendor/x-1/fonts/a.woff2")}'
        ' i{background:url("data:image/png;x")}\n'
        '@media print {\na { mask: url("../img/i.svg"); }\n}\n'
    )


@pytest.mark.parametrize("bundle", BUNDLES)
def test_bundle_holds_imports_alone_and_each_of_them_none(bundle):
    folder = Path(settings.BASE_DIR) / "static"

    text = (folder / bundle).read_text(encoding="utf-8")

    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.S).strip().splitlines()
    assert rules and all(line.startswith('@import url("') for line in rules)
    parts = [folder / "css" / re.search(r'"([^"]+)"', line)[1] for line in rules]
    assert not [part for part in parts if "@import" in part.read_text(encoding="utf-8")]


def test_deployed_bundle_is_one_file_whose_addresses_lead_somewhere(tmp_path):
    deployed = {
        "default": settings.STORAGES["default"],
        "staticfiles": {"BACKEND": "finder.static_files.StaticFilesStorage"},
    }
    with override_settings(STORAGES=deployed, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)

    (sheet,) = tmp_path.glob("css/site.*.css")
    text = sheet.read_text(encoding="utf-8")
    assert "@import" not in text
    assert "--brand: #376462" in text and ".usa-button" in text and "@media print {" in text
    addresses = re.findall(r'url\("?(?!data:)([^")]+)"?\)', text)
    assert len(addresses) > 5
    missing = [a for a in addresses if not (sheet.parent / a.split("#")[0]).resolve().exists()]
    assert missing == []

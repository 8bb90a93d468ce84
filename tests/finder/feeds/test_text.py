import pytest

from finder.feeds.text import LONGEST, fold, line, plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  Peace &amp; Quiet ", "Peace & Quiet"),
        ("a<br>b<br />c", "a\nb\nc"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("&amp;lt;br&amp;gt;x", "x"),
        ("<script>alert(1)</script>Hall", "Hall"),
        ("“Serenity”", "Serenity"),
        ("nul\x00here", "nul here"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("right\u202eleft\u200b", "rightleft"),
        ("caf\u00e9 \x93quoted\x94", "café “quoted”"),
        ("Donâ€™t", "Don’t"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        (None, ""),
        (True, ""),
        (12, "12"),
        (["a", {"b": 1}, "c"], "a\nc"),
        ({"a": "b"}, ""),
        ("\r\nline\rtwo\n\n\n", "line\ntwo"),
    ],
)
def test_plain_cleans(written, read):
    assert plain(written) == read


def test_plain_writes_out_a_mail_link_so_that_privacy_sees_it():
    assert "mailto:zeb@example.org" in plain('<a href="mailto:zeb@example.org">mail</a>')


def test_plain_cuts_before_it_cleans():
    assert len(plain("x" * 1_000_000)) == LONGEST


def test_line_has_no_line_breaks():
    assert line("a<br>b") == "a b"


def test_fold_compares_across_accents_and_case():
    assert fold("Île d'Espoir") == fold("ILE D ESPOIR")

"""Names in letters: only those without a web address in any spelling."""

from __future__ import annotations

import pytest

from intake.engine.names import greeted


@pytest.mark.parametrize(
    "name",
    [
        "Kim Exempel", "A.B Carlsson", "J.P. Svensson", "A. B. Carlsson", "A.B. Carlsson", "Per J. Ek",
        "J.R.R. Tolkien",
        "J.-P. Ek", "Anna-Karin O'Neill", "Jean-Luc D’Arc", "S:t Clair", "S:ta Maria", "St. Clair", "Dr. Ek",
        "Ek, Per Jr.",
        "Nilsson, Per", "Åsa Öberg-Ñandú", "Nguyễn Thị 李 محمد", "محمد بن علی", "Karl XII",
        "Kim (Kimmie) Ek",
        "Kim Ek.",
        'Kim "Kimmie" Ek', "Wwilma Exempel", "de la Cruz", "Li", 'Kim <b>& "Co"</b>', "{reference} {phone}", "." * 100,
        "%s =3D", "Ann S:son Berg", "Per A:sen", "Md. Rahman", "Mohd. Ali", "Chr. Berg", "Joh. Ek",
    ],
)  # fmt: skip
def test_a_name_is_greeted_as_it_was_written(name: str) -> None:
    assert greeted(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "bit.ly/x", "Kim bit.ly/x", "bit．ly", "bit。ly", "bit：ly", "http：//x.se", "https://example.org/prize",
        "bit . ly",
        "h t t p",
        "h t t p : / / e v i l", "w w w evil com", "www evil com", "www.example.org", "ｗｗｗ．ｅｖｉｌ．ｓｅ", "t.me",
        "t.me/x", "x.com", "A.Bc", "A.B.com", "Bit. Ly", "evil .com", "evil.com.", "Kim evil.com Ek", "kim@example.com",
        "пример.рф", "bücher.de", "例え.jp", "evil\u2024com", "evil·com",
        "ev\u200bil.c\u00adom", "evil[.]com",
        "evil(.)com",
        "evil dot com", "evil (dot) com", "evil punkt se", "hxxp evil", "hxxp://a.se", "1.2.3.4", "e v i l . c o m",
        "e.v.i.l.c.o.m", "evil\\com", "evil/com", "Per.Nilsson", "HTTPS://EXAMPLE.ORG", "Kim, see example.org",
        "s:son.se", "S:son/x", "Md.com", "mailto:son",
    ],
)  # fmt: skip
def test_a_name_with_a_web_address_in_it_is_not(name: str) -> None:
    assert greeted(name) == ""

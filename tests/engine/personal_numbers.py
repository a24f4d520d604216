"""Spellings of personal identity numbers, and ordinary texts without one. The numbers have invented days."""

from __future__ import annotations

from collections.abc import Iterator


def check_digit(nine: str) -> str:
    """The tenth digit of a personal identity number, by Luhn, counted as by hand."""
    total = 0
    for place, digit in enumerate(nine):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def number(day: str, three: str) -> str:
    """Twelve digits of a day ("1981-12-18") and three digits."""
    plain = day.replace("-", "")
    return plain + three + check_digit(plain[2:] + three)


ONE = number("1981-12-18", "987")  # 12 digits; the ways below are made of these
TEN = ONE[2:]
YY, MM, DD, LAST = TEN[:2], TEN[2:4], TEN[4:6], TEN[6:]
DAY, BORN = TEN[:6], ONE[:8]
COORDINATION = number("1979-03-21", "123")
COORDINATION = COORDINATION[:6] + "81123" + check_digit(COORDINATION[2:6] + "81123")
WRONG = TEN[:-1] + str((int(TEN[-1]) + 1) % 10)
YOUNG = number("2005-03-12", "123")  # begins with 0 in ten digits
HUNDRED = number("1923-07-04", "238")


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def _digits(text: str, zero: int) -> str:
    return "".join(chr(zero + int(char)) if char.isdigit() else char for char in text)


def ways() -> Iterator[str]:
    """Each holds a personal identity number."""
    usual, long = f"{DAY}-{LAST}", f"{BORN}-{LAST}"
    yield from (usual, long, TEN, ONE, f"{DAY} {LAST}", f"{BORN} {LAST}", f"{DAY} - {LAST}", f"{BORN}  {LAST}")
    yield from (f"{HUNDRED[2:8]}+{HUNDRED[8:]}", f"{HUNDRED[:8]}+{HUNDRED[8:]}")
    coordination = COORDINATION[2:]
    yield from (coordination, f"{coordination[:6]}-{coordination[6:]}", COORDINATION, " ".join(COORDINATION))
    for sign in ("-", " ", ".", "/", ",", ":", "_", "\u00a0", ", ", " / ", "\t"):
        yield sign.join((YY, MM, DD, LAST))
    for sign in (",", ":", "_", ".", "/", ";", "|", "*", "\n", " – ", "…", "\u202f"):
        yield DAY + sign + LAST
    yield f"{ONE[:4]}-{MM}-{DD}-{LAST}"
    yield f"{ONE[:4]}-{MM}-{DD} {LAST}"
    yield f"{ONE[:4]}/{MM}/{DD} {LAST}"
    yield f"{ONE[:4]} {MM}{DD} {LAST}"
    yield " ".join((YY, MM, DD, LAST[:2], LAST[2:]))  # as telephone numbers are written
    yield "-".join((ONE[:4], MM, DD, LAST[:2], LAST[2:]))
    yield f"{YY}{MM} {DD}{LAST[:2]} {LAST[2:]}"
    yield f"{ONE[:4]} {ONE[4:8]} {ONE[8:]}"
    yield f"{TEN[0]} {TEN[1:4]} {TEN[4:7]} {TEN[7:]}"  # as sums are written
    yield from (" ".join(TEN), " ".join(ONE), "-".join(TEN), ".".join(TEN), ", ".join(TEN))
    yield from (f"{DAY}\u00ad{LAST}", f"{YY}\u00ad{MM}\u00ad{DD}-{LAST}", f"{DAY}\u200b{LAST}", f"{DAY}\u2060-{LAST}")
    yield from (f"{DAY}\u200d{LAST}", f"\u202a{usual}\u202c", f"{DAY}\ufeff-{LAST}", "\u200b".join(TEN))
    yield from (f"{DAY}{dash}{LAST}" for dash in "\u2010\u2011\u2012\u2013\u2014\u2212")
    yield from (_wide(usual), _wide(TEN), _digits(usual, 0x660), _digits(TEN, 0x6F0), _digits(TEN, 0x966))
    yield from (_digits(usual, 0x1D7CE), "".join(f"{char}\ufe0f\u20e3" for char in TEN))
    yield from (f"({usual})", f"{DAY} ({LAST})", f"[{DAY}] [{LAST}]", f"pnr{usual}", f"{usual}.")
    yield f"Anna {usual}, ring"
    yield from (f"{YOUNG[2:8]}-{YOUNG[8:]}", YOUNG, f"{YOUNG[:8]}-{YOUNG[8:]}", f"tel {YOUNG[2:8]}+{YOUNG[8:]}")
    yield from (f"{WRONG[:6]}-{WRONG[6:]}", WRONG, f"19{WRONG}", f"{WRONG[:6]} {WRONG[6:]}")  # a slip in the last digit
    yield from (f"+46 {usual}", f"411 05 {usual}", f"00 {usual}")
    yield f"1, {' '.join((YY, MM, DD, LAST[:2], LAST[2:]))}"
    yield f"2026-11-23 {usual}"


def _telephones() -> Iterator[str]:
    yield from (
        "070-174 06 05", "0701740605", "070 174 06 05", "070-1740605", "070.174.06.05", "0701-74 06 05", "070/1740605",
        "+46701740605", "+46 70 174 06 05", "+46 (0)70 174 06 05", "+46(0)701740605", "+46-70-174 06 05",
        "0046701740605", "0046 70 174 06 05", "(070) 174 06 05", "tel:+46701740605", "Tel. 070-174 06 05.",
        "031-123 45 67", "031-12 34 56", "0311234567", "+46 31 123 45 67", "08-123 456 78", "08-12 34 56 78",
        "0812345678", "+46 8 123 456 78", "0303-123 45", "0303-12 34 56", "0300-123 45", "0521-123 45", "0500-12 34 56",
        "020-123 456", "0771-11 33 13", "010-123 45 67", "+47 22 12 34 56", "+45 32 12 34 56", "+358 40 123 4567",
        "+44 20 7946 0958", "+1 212 555 0123", "+49 30 123456", "0047 22 12 34 56", "112", "1177", "114 14", "90 510",
        "031-123 45 67 anknytning 12", "växel 031-368 00 00", "Ring 070-174 06 05 eller 031-123 45 67",
        "070-174 06 05, 073-174 06 05", "٠٧٠١٧٤٠٦٠٥", "０７０－１７４ ０６ ０５",
    )  # fmt: skip
    # Mobile numbers of which the middle is a day, and some of those with what would be a right check digit.
    for ahead in ("0701", "0702", "0703", "0704", "0705", "0706", "0707", "0708", "0709", "0710", "0711", "0712"):
        if ahead < "0710":
            seven = ahead + "23" + "456"
            right = seven + check_digit(seven)
            yield from (right, f"{right[:3]}-{right[3:6]} {right[6:8]} {right[8:]}", f"+46{right[1:]}")
            yield from (f"0046 {right[1:3]} {right[3:]}", f"+46 (0){right[1:3]}-{right[3:]}")
            yield f"{right[:4]}-{right[4:]}"


def _dates() -> Iterator[str]:
    yield from (
        "2026-11-23", "2026-11-23 0900", "2026-11-23 09:00", "2026-11-23 kl 09.00", "2026-11-23T09:00:00",
        "2026-11-23 09:00-10:30", "23/11 2026", "23/11-2026", "23.11.2026", "23.11.2026 09:00", "23 november 2026",
        "11/23/2026", "20261123", "20261123 0900", "261123", "261123 kl 0900", "2026-11", "11/2026", "2024-2026",
        "2019-05-03 - 2021-06-01", "1999-05-03 - 2001-06-01", "1999-05-03–2001-06-01", "2001-05-03 till 2010-06-01",
        "1999-05 - 2001-06", "2003-04--2009-12", "1998, 2003 och 2011", "1998-2003, 2005-2009", "vecka 47, 2026",
        "190503-190601", "kl 08.30-16.30", "mån 08-16, tis 08-12", "23 09:15-10:30", "3/5 2019 - 1/6 2020",
        "03/05/2019 - 01/06/2020", "12/10/2026, 09:00", "Onsdag 25 november kl. 13:00-14:30 i rum 4",
        "2026-11-23 13:15, 2026-11-24 14:30", "2026-12-01: 2 500 kr", "2026-11-23, 2500 kr", "2026/11/23 0900",
        "2026-11-23 1530", "2026.11.23 1530", "2027-01-07 08:15", "Ring 2026-12-03 mellan 0900 och 1100",
    )  # fmt: skip
    for month in range(1, 13):
        yield from (f"2026-{month:02}-1{month % 10} 0{month % 10}30", f"1{month % 10}/{month} 2027 kl 1{month % 10}.15")
        yield from (f"2027-{month:02}-01 {8 + month % 9:02}00", f"{2000 + month}-{month:02}-15 - {2010 + month}-01-31")


def _numbers() -> Iterator[str]:
    yield from (
        "556036-0793", "5560360793", "16556036-0793", "556036 0793", "org.nr 802400-4532", "212000-0142", "969697-1234",
        "VK-7K3M-2QXR", "VK-2026-0001", "Dnr 2026/1234-5", "Ärende 4711-2026", "Målnr T 1234-26", "LP-2026-004711",
        "Ärende 20261130-0042", "Dnr 20261130-0044", "Ärende 261130-0042", "Möte 261203-1300", "Ref 2611300042",
        "Dnr 2026-11-30-0042", "20191101-1234", "Ärende 2026-1130-0042", "Dnr 261130/0042",
        "OCR 1234567897", "OCR 7992739871", "OCR 55012345678", "Faktura 100234567", "Faktura 2026-100234",
        "kundnr 998877665", "Bankgiro 5050-1055", "bg 123-4567", "Plusgiro 12 34 56-7", "pg 90 19 50-6",
        "SE45 5000 0000 0583 9825 7466", "SE4550000000058398257466", "DE89 3704 0044 0532 0130 00",
        "4111 1111 1111 1111", "5500-0000-0000-0004", "Clearing 8105-9, konto 123 456 789-0", "3300 881 234 567",
        "12 500 kr", "1 250 000:-", "10 100-15 000 kr", "10 100 - 15 000 kr/mån", "25.000-32.000", "32 500,50 SEK",
        "100 %", "3,5 procent", "37,5 tim/v", "411 05 Göteborg", "SE-411 05 Göteborg",
        "Storgatan 12 A, 411 05 Göteborg",
        "Box 123, 401 21 Göteborg", "57.7089, 11.9746", "N 57° 42' 32\" E 11° 58' 28\"", "ISBN 978-91-0-012345-6",
        "ISBN 91-0-012345-6", "7350053850019", "192.168.100.123", "10.0.0.1", "00:1A:2B:3C:4D:5E", "v2.14.3",
        "SSYK 7212", "SNI 28.910", "ISO 9001:2015", "EN 287-1", "§ 6 kap. 3 LAS (1982:80)", "SFS 2022:850",
        "förordning 2021:1057", "24 kap. 8 § OSL 2009:400", "ABC 123", "Volvo XC60 2019", "2 x 4 x 300 mm",
        "M8x1.25", "230V 16A", "40-talet", "1 2 3 4 5 6 7 8 9 10 11 12", "1, 2, 3, 4 och 5", "8-16", "100/100",
        "a1b2c3d4e5f6", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "https://example.org/a/1234567890", "#1234567",
        "12345", "1234567890", "0000000000", "9999999999", "00000000-0000", "123456-7890", "12 34 56 78 90",
        "99 99 99 99 99", "19 19 19 19 19 19", "20 20 20 20 20 20", "1000000000", "31 32 33 34 35", "50 60 70 80 90",
        "200 000-250 000", "200 000 - 250 000 kr", "15 00 00 00 00", "rum 1408, plan 14, hus 3", "lön 31 500, 160 tim",
        "Anna-Karin O'Neill", "A.B Carlsson", "Vill bli svetsare igen.", "", " ", "åäö", "12/4", "TIG 141 + MIG 135",
        "Truckkort A1-A4, B1-B3", "2 barn, 5 och 8 år", "25 år i yrket, 3 arbetsgivare",
        "uppsagd 3 av 12 på avdelningen",
        "Svetsprov 141 T BW 8 S t3.0 D114", "C1E-kort sedan 2009", "Fyra skift: 06-14, 14-22, 22-06, 10-18",
    )  # fmt: skip


def ordinary() -> list[str]:
    """None of them holds a personal identity number."""
    places = ("Kungsgatan", "Storgatan", "Parkvägen")
    addresses = (f"{street} {one}, 4{one:02} {one + 10} Göteborg" for street in places for one in range(1, 13))
    return list(dict.fromkeys((*_telephones(), *_dates(), *_numbers(), *addresses)))

"""Whose machine an address names, and which addresses are never asked."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.settings.addresses import host_of, kind_of, read_base_url

LOCAL = """127.0.0.1 127.8.9.10 localhost LOCALHOST localhost. 0.0.0.0 ::1 :: ::ffff:127.0.0.1 10.0.0.7 172.16.0.1
172.31.255.255 192.168.1.20 fc00::1 fd12:3456::1 fd00:ec3::1 ::ffff:10.0.0.1 gpu lab-server gpu_1 gpu.local GPU.Lan
gpu.internal nas.home.arpa model.localhost""".split()
PUBLIC = """8.8.8.8 172.32.0.1 11.0.0.1 api.example.org example.com. localhost.example.org 10.0.0.1.example.org
2001:4860:4860::8888 ::ffff:8.8.8.8 2002:0808:0808::1 fake.locals internal.example.org""".split()
REFUSED = """169.254.169.254 169.254.0.1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe 2002:a9fe:a9fe::1
64:ff9b::169.254.169.254 fe80::1 fe80::1%eth0 fd00:ec2::254 100.100.100.200 metadata metadata.google.internal
METADATA.GOOGLE.INTERNAL. 2852039166 0xa9fea9fe 0xA9FEA9FE 025177524776 169.254.43518 169.16689662
0251.0376.0251.0376 0xa9.0xfe.0xa9.0xfe 169.254.169.254. 0169.254.169.254 127.1 2130706433 010.0.0.1 1.2.3.4.5
256.1.1.1 a..b . % [x] fd00:ec2::23 fd00:ec2:ffff::1 64:ff9b:1::1 ::169.254.169.254 ::8.8.8.8 ::2 224.0.0.1
239.255.255.255 ff02::1 metadata.azure.internal rancher-metadata""".split()


@pytest.mark.parametrize("host", LOCAL)
def test_the_house_itself(host: str) -> None:
    assert kind_of(host) == "local"


@pytest.mark.parametrize("host", PUBLIC)
def test_the_internet(host: str) -> None:
    assert kind_of(host) == "public"


@pytest.mark.parametrize("host", REFUSED)
def test_what_is_never_asked(host: str) -> None:
    assert kind_of(host) == "refused"


@given(st.integers(0, 2**16 - 1))
def test_no_spelling_of_a_link_local_address_gets_through(low: int) -> None:
    number = (169 << 24) + (254 << 16) + low
    octets = ipaddress.IPv4Address(number).packed
    spellings = [
        ".".join(map(str, octets)),
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(map(hex, octets)),
        ".".join(f"0{each:o}" for each in octets),
        f"{octets[0]}.{number & 0xFFFFFF}",
        f"{octets[0]}.{octets[1]}.{low}",
        f"::ffff:{ipaddress.IPv4Address(number)}",
        f"::ffff:{number >> 16:x}:{low:x}",
    ]
    assert {kind_of(each) for each in spellings} == {"refused"}


@given(st.one_of(st.text(max_size=80), st.text("htps:/[]@.%0123a", max_size=40).map("http://".__add__)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        url = read_base_url(text)
    except ValueError:
        return
    assert kind_of(host_of(url)) in ("local", "public")
    assert url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("HTTP://LocalHost:8080/v1/", "http://localhost:8080/v1"),
        ("http://gpu", "http://gpu"),
        ("https://api.example.org/V1//", "https://api.example.org/V1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
    ],
)
def test_one_spelling(text: str, read: str) -> None:
    assert read_base_url(text) == read


BAD = [
    ("127.0.0.1:8080/v1", "begins with http://"),
    ("localhost:8080", "begins with http://"),
    ("ftp://127.0.0.1/v1", "begins with http://"),
    ("file:///etc/passwd", "begins with http://"),
    ("http://", "names no machine"),
    ("http:///v1", "names no machine"),
    ("http://:8080/v1", "names no machine"),
    ("http://127.0.0.1:0/v1", "names no machine"),
    ("http://127.0.0.1:99999/v1", "cannot be read"),
    ("http://127.0.0.1:port/v1", "cannot be read"),
    ("http://[::1/v1", "cannot be read"),
    ("http://me:canary@127.0.0.1/v1", "CLOSEREAD_KEY"),
    ("http://canary@127.0.0.1/v1", "CLOSEREAD_KEY"),
    ("http://127.0.0.1\\@example.org/v1", "no spaces"),
    ("http://127.0.0.1/v1?key=canary", "CLOSEREAD_KEY"),
    ("http://127.0.0.1/v1?", "CLOSEREAD_KEY"),
    ("http://127.0.0.1/v1#canary", "CLOSEREAD_KEY"),
    ("http://127.0.0.1/v1 canary", "no spaces"),
    ("http://127.0.0.1/v1\ncanary", "no spaces"),
    ("http://169。254。169。254/v1", "no spaces"),
    ("http://169.254.169.254/latest", "no model is asked"),
    ("http://[::ffff:169.254.169.254]/v1", "no model is asked"),
    ("http://2852039166/v1", "no model is asked"),
    ("http://127.0.0.1%2f@x/v1", "CLOSEREAD_KEY"),
    ("http://a..b/v1", "no model is asked"),
]


@pytest.mark.parametrize(("text", "words"), BAD, ids=[text for text, _ in BAD])
def test_what_is_no_address_is_said_without_repeating_it(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read_base_url(text)
    assert words in str(caught.value)
    assert "canary" not in str(caught.value)

"""Keys are read as they are pasted, taken out of addresses, and go back to their own server only."""

from __future__ import annotations

import pytest

from restoration_planner.core.basemap.keys import KEPT, TIANDITU, lacks_key, put_in, server_of, take_out
from restoration_planner.core.basemap.tianditu import SERVICES, read_key, tile_address
from restoration_planner.core.errors import PlannerError

KEY = "0123456789abcdef0123456789ABCDEF"


@pytest.mark.parametrize("entered", [KEY, f" {KEY}\n", f"tk={KEY}", KEY[:16] + " " + KEY[16:], "０" + KEY[1:]])
def test_a_key_is_read_as_it_is_pasted(entered: str) -> None:
    assert read_key(entered) == KEY.lower()


@pytest.mark.parametrize(
    ("entered", "message"), [("", "key_missing"), ("  ", "key_missing"), ("abc", "key_form"), ("g" * 32, "key_form")]
)
def test_what_is_no_key_is_refused_and_the_way_to_one_told(entered: str, message: str) -> None:
    with pytest.raises(PlannerError) as caught:
        read_key(entered)
    assert caught.value.message.id == f"basemap.{message}" and "console.tianditu.gov.cn" in str(caught.value)
    assert "g" * 32 not in str(caught.value)


@pytest.mark.parametrize("layer", [n for s in SERVICES.values() for n in (s.name, s.labels)])
def test_tianditus_addresses_hold_no_key_until_they_go_out(layer: str) -> None:
    address = tile_address(layer)
    assert f"LAYER={layer}&" in address and address.startswith("https://t") and KEPT in address
    sent = put_in(address, {TIANDITU: {"tk": KEY}})
    assert sent.endswith(f"&tk={KEY}") and KEPT not in sent


def test_keys_are_taken_out_and_put_in_again() -> None:
    pasted = "https://a.example.org/{z}/{x}/{y}?style=a%20b&Access_Token=s%2Bc%26t&v=1#top"
    address, keys = take_out(pasted)
    assert keys == {"Access_Token": "s+c&t"} and "s%2Bc" not in address
    assert put_in(address.partition("#")[0], {"https://a.example.org": keys}) == pasted.partition("#")[0]


def test_an_address_without_a_key_stays_as_it_is() -> None:
    for address in ("https://a.example.org/{z}/{x}/{y}.png", "https://a.example.org/?x={x}&y={y}&z={z}&key="):
        assert take_out(address) == (address, {})
        assert put_in(address, {"https://a.example.org": {"key": "s"}}) == address


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://a.example.org/?tk=",
        "https://a.example.org:8443/?tk=",
        "https://b.example.org/?tk=",
        "https://a.example.org.evil.example/?tk=",
        "https://a.example.org@evil.example/?tk=",
        "https://evil.example/https://a.example.org/?tk=",
    ],
)
def test_a_key_goes_to_no_other_server(elsewhere: str) -> None:
    keys = {"https://a.example.org": {"tk": "secret"}}
    assert put_in("https://a.example.org/?tk=" + KEPT, keys).endswith("tk=secret")
    assert "secret" not in put_in(elsewhere + KEPT, keys) and lacks_key(elsewhere + KEPT, keys)


def test_tianditus_servers_share_a_key_and_others_of_its_domain_do_not() -> None:
    assert {server_of(f"https://t{n}.tianditu.gov.cn/a") for n in range(8)} == {TIANDITU}
    for other in ("http://t0.tianditu.gov.cn", "https://t8.tianditu.gov.cn", "https://liaoning.tianditu.gov.cn"):
        assert server_of(other) != TIANDITU

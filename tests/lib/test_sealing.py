import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.lib import sealing
from jiceng.lib.sealing import AES_256_GCM, SM4_GCM, Keyring, Unreadable, lookup_hash, seal, unseal

FIELD = "people.person.number"
SALT = b"0123456789abcdef"
NUMBER = "000000198001011231"
OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(params=[AES_256_GCM, SM4_GCM], ids=["aes", "sm4"])
def keyring(request):
    return Keyring.of(NEW, algorithm=request.param)


@given(st.text(), st.sampled_from([AES_256_GCM, SM4_GCM]))
def test_what_was_sealed_opens_again(said, algorithm):
    keys = Keyring.of(NEW, algorithm=algorithm)
    assert unseal(keys, SALT, FIELD, seal(keys, SALT, FIELD, said)) == said


def test_an_envelope_shows_nothing_of_the_text(keyring):
    envelope = seal(keyring, SALT, FIELD, NUMBER)
    assert NUMBER.encode() not in envelope
    assert NUMBER[6:14].encode() not in envelope
    assert SALT not in envelope
    assert seal(keyring, SALT, FIELD, NUMBER) != envelope


def test_another_salt_field_or_key_opens_nothing(keyring):
    envelope = seal(keyring, SALT, FIELD, NUMBER)
    for keys, salt, field in (
        (keyring, b"", FIELD),
        (keyring, SALT[::-1], FIELD),
        (keyring, SALT, "people.person.phone"),
        (Keyring.of(OLD), SALT, FIELD),
    ):
        with pytest.raises(Unreadable):
            unseal(keys, salt, field, envelope)


@pytest.mark.parametrize("place", [0, 1, 6, 20, -1])
def test_an_altered_byte_is_noticed(keyring, place):
    envelope = bytearray(seal(keyring, SALT, FIELD, NUMBER))
    envelope[place] ^= 1
    with pytest.raises(Unreadable):
        unseal(keyring, SALT, FIELD, bytes(envelope))


@pytest.mark.parametrize("length", [0, 1, 17, 32])
def test_a_cut_envelope_is_unreadable_and_breaks_nothing(keyring, length):
    with pytest.raises(Unreadable):
        unseal(keyring, SALT, FIELD, seal(keyring, SALT, FIELD, NUMBER)[:length])


def test_after_a_rotation_old_envelopes_open_and_numbers_are_still_found():
    before, after = Keyring.of(OLD), Keyring.of(NEW, OLD)
    assert unseal(after, SALT, FIELD, seal(before, SALT, FIELD, NUMBER)) == NUMBER
    assert lookup_hash(after, "resident-id", NUMBER) == lookup_hash(before, "resident-id", NUMBER)
    with pytest.raises(Unreadable):
        unseal(before, SALT, FIELD, seal(after, SALT, FIELD, NUMBER))


def test_a_lookup_is_hmac_sha256_under_a_derived_key():
    # Computed by the openssl command over the same bytes.
    assert lookup_hash(Keyring.of(b"k" * 32), "resident-id", NUMBER).hex() == (
        "ea1faeb55d518a5b3abba23e8eb6e00ad179f45dbbe11b3483e80db5a8a622e9"
    )


def test_numbers_of_different_kinds_never_meet():
    keys = Keyring.of(NEW)
    assert lookup_hash(keys, "passport", "E12345678") != lookup_hash(keys, "taiwan", "E12345678")


def test_any_content_can_be_sealed(keyring):
    content = bytes(range(256)) * 4
    assert sealing.unseal_bytes(keyring, SALT, "file", sealing.seal_bytes(keyring, SALT, "file", content)) == content

import base64
import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.encryption import DecryptionError, Key, Sealed, SealedField, master_keys, place, seal, unseal, unwrap, wrap
from participants.models import Participant

KEY = Key.new(b"one")
HERE = place("people", 1, "name")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)


def keys(**secrets):
    return override_settings(ENCRYPTION_KEYS={name: base64.b64encode(secret * 32).decode() for name, secret in secrets.items()})


@given(st.binary(), st.binary(min_size=1, max_size=255))
def test_what_was_sealed_opens(plain, key_id):
    key = Key.new(key_id)
    sealed = key.seal(plain, HERE)
    assert key.open(sealed, HERE) == plain
    assert sealed.key_id == key_id


@given(st.text(), st.text(), st.text(), st.text())
def test_places_never_coincide(table, column, other_table, other_column):
    assert (place(table, 1, column) == place(other_table, 1, other_column)) == ((table, column) == (other_table, other_column))


@pytest.mark.parametrize("where", [place("people", 2, "name"), place("people", 1, "phone"), place("others", 1, "name"), b""])
def test_a_value_moved_elsewhere_does_not_open(where):
    with pytest.raises(DecryptionError):
        KEY.open(KEY.seal(b"Samira", HERE), where)


@given(st.binary(max_size=40), st.data())
def test_a_changed_value_does_not_open(plain, data):
    sealed = bytearray(KEY.seal(plain, HERE))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DecryptionError):
        KEY.open(bytes(sealed), HERE)


@given(st.binary(max_size=80))
def test_anything_else_does_not_open_and_raises_nothing_worse(junk):
    with pytest.raises(DecryptionError):
        KEY.open(junk, HERE)
    sealed = KEY.seal(b"Samira", HERE)
    with pytest.raises(DecryptionError):
        KEY.open(sealed[: len(junk) % len(sealed)], HERE)


def test_a_wrong_key_raises_and_never_gives_back_the_sealed_value():
    with pytest.raises(DecryptionError):
        Key.new(b"two").open(KEY.seal(b"Samira", HERE), HERE)
    with pytest.raises(DecryptionError):
        Key.new(b"one").open(KEY.seal(b"Samira", HERE), HERE)  # the same id, another secret


def test_the_same_value_sealed_twice_looks_different():
    assert KEY.seal(b"Samira", HERE) != KEY.seal(b"Samira", HERE)


def test_neither_keys_nor_sealed_values_print_themselves():
    sealed = KEY.seal(b"Samira", HERE)
    assert str(sealed) == repr(sealed) == f"{sealed}" == "<sealed>"
    assert repr(KEY.secret) not in repr(KEY)


@given(st.dictionaries(st.sampled_from(["first_name", "phone", "birth_year", "languages", "interpreter"]), json_values, min_size=1))
def test_a_row_opens_with_its_own_values_only(values):
    row, other = Participant(), Participant()
    seal(row, KEY, values)
    assert unseal(row, KEY, values) == json.loads(json.dumps(values))
    for name in values:
        setattr(other, name, getattr(row, name))
        with pytest.raises(DecryptionError):
            unseal(other, KEY, [name])
    with pytest.raises(DecryptionError):
        unseal(row, KEY, ["email"])


def test_columns_of_one_row_cannot_be_swapped():
    row = Participant()
    seal(row, KEY, {"first_name": "Samira", "last_name": "Haddad"})
    row.first_name, row.last_name = row.last_name, row.first_name
    with pytest.raises(DecryptionError):
        unseal(row, KEY, ["first_name"])


def test_a_row_without_a_key_of_its_own_is_not_sealed():
    with pytest.raises(ValueError, match="primary key"):
        seal(Participant(pk=None), KEY, {"first_name": "Samira"})


@pytest.mark.parametrize("plain", ["Samira", b"Samira", 7, memoryview(b"Samira")])
def test_a_sealed_column_takes_no_plain_value(plain):
    with pytest.raises(TypeError, match="sealed"):
        SealedField().get_prep_value(plain)
    assert SealedField().get_prep_value(Sealed(b"x")) == b"x"
    assert SealedField().get_prep_value(None) is None


def test_a_data_key_is_wrapped_by_the_first_master_key_and_opened_by_any():
    key = Key.new(b"participant")
    with keys(old=b"o"):
        wrapped = wrap(key, HERE)
        assert wrapped.key_id == b"old"
    with keys(new=b"n", old=b"o"):
        assert unwrap(key.id, wrapped, HERE) == key
        assert wrap(key, HERE).key_id == b"new"
    with keys(new=b"n"), pytest.raises(DecryptionError, match="'old'"):
        unwrap(key.id, wrapped, HERE)
    with keys(old=b"x"), pytest.raises(DecryptionError):
        unwrap(key.id, wrapped, HERE)
    with keys(old=b"o"), pytest.raises(DecryptionError):
        unwrap(key.id, wrapped, place("people", 2, "name"))


WRONG = [{}, {"a": "not base64!"}, {"a": base64.b64encode(b"short").decode()}, {"": base64.b64encode(b"x" * 32).decode()}]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_master_key_is_named_at_once(wrong):
    with override_settings(ENCRYPTION_KEYS=wrong), pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        master_keys()

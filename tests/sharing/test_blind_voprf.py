"""The oblivious function: the published vectors of RFC 9497 appendix A.1.2, its laws, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sharing.blind import voprf

SEED = bytes.fromhex("a3" * 32)
INFO = bytes.fromhex("74657374206b6579")
SECRET = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909"
PUBLIC = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
BLIND = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"
RANDOM = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e"
ONE, SEVENTEEN = "00", "5a" * 17
OUTPUT_ONE = (
    "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
    "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
)
OUTPUT_SEVENTEEN = (
    "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
    "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6"
)
#: (inputs, blinds, blinded, evaluated, proof, random scalar of the proof, outputs), as the RFC prints them.
VECTORS = {
    "vector 1, batch of 1": (
        [ONE],
        [BLIND],
        ["863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945"],
        ["aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e"],
        "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
        "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d",
        RANDOM,
        [OUTPUT_ONE],
    ),
    "vector 2, batch of 1": (
        [SEVENTEEN],
        [BLIND],
        ["cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c"],
        ["60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468"],
        "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a"
        "67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02",
        RANDOM,
        [OUTPUT_SEVENTEEN],
    ),
    "vector 3, batch of 2": (
        [ONE, SEVENTEEN],
        [BLIND, RANDOM],
        [
            "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
            "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
        ],
        [
            "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
            "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
        ],
        "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a"
        "5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08",
        "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
        [OUTPUT_ONE, OUTPUT_SEVENTEEN],
    ),
}
KEYS = voprf.derive_key_pair(SEED, INFO)
#: Encodings that no participant may send: RFC 9496 appendix A.3 gives the non-canonical and negative ones.
MALFORMED = {
    "identity": "00" * 32,
    "non-canonical": "00" + "ff" * 31,
    "field order": "ed" + "ff" * 30 + "7f",
    "negative": "01" + "00" * 31,
    "off the curve": "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "too short": "11" * 31,
    "too long": "11" * 33,
    "empty": "",
}


class TestVectors:
    def test_the_key_pair_is_derived_as_published(self) -> None:
        assert (KEYS.secret.hex(), KEYS.public.hex()) == (SECRET, PUBLIC)

    @pytest.mark.parametrize("name", VECTORS)
    def test_every_step_gives_the_published_bytes(self, name: str) -> None:
        inputs, blinds, blinded, evaluated, proof, scalar, outputs = VECTORS[name]
        made = [voprf.blind(bytes.fromhex(i), bytes.fromhex(b)) for i, b in zip(inputs, blinds, strict=True)]
        assert [item.element.hex() for item in made] == blinded
        answers, proven = voprf.blind_evaluate(KEYS, [item.element for item in made], bytes.fromhex(scalar))
        assert [item.hex() for item in answers] == evaluated
        assert proven.hex() == proof
        assert voprf.verify_proof(KEYS.public, [item.element for item in made], answers, proven)
        assert [voprf.finalize(*pair).hex() for pair in zip(made, answers, strict=True)] == outputs
        assert [voprf.evaluate(KEYS.secret, bytes.fromhex(item)).hex() for item in inputs] == outputs

    def test_expansion_agrees_with_rfc_9380_where_it_needs_several_blocks(self) -> None:
        """Appendix K.3 (SHA-512): the empty message to 32 bytes."""
        tag = b"QUUX-V01-CS02-with-expander-SHA512-256"
        expected = "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba"
        assert voprf.expand_message_xmd(b"", tag, 32).hex() == expected
        assert voprf.expand_message_xmd(b"abc", tag, 128)[:64] != voprf.expand_message_xmd(b"abc", tag, 64)


class TestLaws:
    @settings(max_examples=20, deadline=None)
    @given(inputs=st.lists(st.binary(max_size=80), min_size=1, max_size=4), seed=st.binary(min_size=32, max_size=32))
    def test_the_client_gets_what_the_holder_would_compute_and_can_tell_that_it_did(
        self, inputs: list[bytes], seed: bytes
    ) -> None:
        keys = voprf.derive_key_pair(seed, b"law")
        made = [voprf.blind(item) for item in inputs]
        answers, proof = voprf.blind_evaluate(keys, [item.element for item in made])
        assert voprf.verify_proof(keys.public, [item.element for item in made], answers, proof)
        assert [voprf.finalize(*pair) for pair in zip(made, answers, strict=True)] == [
            voprf.evaluate(keys.secret, item) for item in inputs
        ]

    def test_the_same_input_is_blinded_differently_every_time(self) -> None:
        assert voprf.blind(b"x").element != voprf.blind(b"x").element

    def test_secrets_do_not_show_in_what_is_printed(self) -> None:
        assert KEYS.secret.hex() not in repr(KEYS)
        assert "secret-input" not in repr(voprf.blind(b"secret-input"))


class TestProofs:
    def setup_method(self) -> None:
        self.elements = [voprf.blind(text).element for text in (b"a", b"b", b"c")]
        self.answers, self.proof = voprf.blind_evaluate(KEYS, self.elements)

    def test_another_key_for_one_element_of_many_is_noticed(self) -> None:
        other = voprf.derive_key_pair(bytes(32), b"other")
        forged = (*self.answers[:2], voprf.multiply(other.secret, self.elements[2]))
        assert not voprf.verify_proof(KEYS.public, self.elements, forged, self.proof)
        assert not voprf.verify_proof(other.public, self.elements, self.answers, self.proof)

    def test_swapped_answers_are_noticed(self) -> None:
        swapped = (self.answers[1], self.answers[0], self.answers[2])
        assert not voprf.verify_proof(KEYS.public, self.elements, swapped, self.proof)

    @pytest.mark.parametrize("place", [0, 31, 32, 63])
    def test_a_changed_byte_of_the_proof_is_noticed(self, place: int) -> None:
        changed = bytearray(self.proof)
        changed[place] ^= 1
        assert not voprf.verify_proof(KEYS.public, self.elements, self.answers, bytes(changed))

    @pytest.mark.parametrize("proof", [b"", bytes(63), bytes(65), b"\xff" * 64, bytes(64)])
    def test_malformed_proofs_are_no_proofs(self, proof: bytes) -> None:
        assert not voprf.verify_proof(KEYS.public, self.elements, self.answers, proof)

    def test_missing_answers_are_no_proof(self) -> None:
        assert not voprf.verify_proof(KEYS.public, self.elements, self.answers[:2], self.proof)
        assert not voprf.verify_proof(KEYS.public, [], [], self.proof)


class TestRefusals:
    @pytest.mark.parametrize("name", MALFORMED)
    def test_no_malformed_element_is_evaluated(self, name: str) -> None:
        good = voprf.blind(b"good").element
        with pytest.raises(voprf.VoprfError):
            voprf.blind_evaluate(KEYS, [good, bytes.fromhex(MALFORMED[name])])

    @pytest.mark.parametrize("name", MALFORMED)
    def test_no_malformed_element_passes_a_proof(self, name: str) -> None:
        good = voprf.blind(b"good").element
        answers, proof = voprf.blind_evaluate(KEYS, [good])
        assert not voprf.verify_proof(KEYS.public, [bytes.fromhex(MALFORMED[name])], answers, proof)
        assert not voprf.verify_proof(KEYS.public, [good], [bytes.fromhex(MALFORMED[name])], proof)
        assert not voprf.verify_proof(bytes.fromhex(MALFORMED[name]), [good], answers, proof)

    @settings(max_examples=60, deadline=None)
    @given(st.binary(min_size=32, max_size=32))
    def test_random_bytes_are_an_element_or_refused_never_a_crash(self, data: bytes) -> None:
        try:
            voprf.check_element(data)
        except voprf.VoprfError:
            with pytest.raises(voprf.VoprfError):
                voprf.blind_evaluate(KEYS, [data])

    @pytest.mark.parametrize("count", [0, voprf.MOST_IN_PROOF + 1])
    def test_empty_and_over_large_batches_are_refused_before_any_work(self, count: int) -> None:
        with pytest.raises(voprf.VoprfError, match="between 1 and"):
            voprf.blind_evaluate(KEYS, [bytes(32)] * count)

    def test_scalars_out_of_range_inputs_too_long_and_short_seeds_are_refused(self) -> None:
        with pytest.raises(voprf.VoprfError):
            voprf.blind(b"x", b"\xff" * 32)
        with pytest.raises(voprf.VoprfError):
            voprf.blind(b"x" * 65_536)
        with pytest.raises(voprf.VoprfError):
            voprf.derive_key_pair(b"short", b"")

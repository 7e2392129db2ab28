"""A puzzle that a phone solves in about a second and a script must solve each time.

Twin: `solve` in copapp/offline/store/proof.js.
"""

from hashlib import sha256


def is_solved(challenge: str, key: str, answer: str, bits: int) -> bool:
    """Whether SHA-256 of "challenge.key.answer" begins with that many zero bits."""
    digest = sha256(f"{challenge}.{key}.{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0

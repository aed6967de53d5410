"""The kernel waits."""

from orbit.control.kernel import Kernel


def test_a_kernel_is_made():
    assert Kernel(None) is not None

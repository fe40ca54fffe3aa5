"""What a part of a sale is made of: whole units, never more of a part than there is, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.kit.money import Money
from storefront.refunds.rules import Parts

NETS = st.integers(1, 200_000) | st.integers(1, 99_999_999)


@given(net=NETS, tax=st.integers(0, 50_000), data=st.data())
def test_any_parts_add_up_to_the_whole(net: int, tax: int, data: st.DataObject) -> None:
    fee, share = Money(net, "USD").split_fee(basis_points=1500)
    left = paid = Parts(fee.amount, share.amount, tax)
    taken = []
    for _refund in range(data.draw(st.integers(0, 6))):
        if left.amount > 1:
            taken.append(left.take(data.draw(st.integers(1, left.amount - 1))))
            left = paid.without(taken)
            assert min(taken[-1].fee, taken[-1].share, taken[-1].tax, left.fee, left.share, left.tax) >= 0
    taken.append(left.take(left.amount))

    assert paid.without(taken) == Parts(0, 0, 0)


@given(net=NETS, data=st.data())
def test_one_that_came_back_leaves_as_much_as_before(net: int, data: st.DataObject) -> None:
    """A part that failed is whole again, whatever was given back meanwhile."""
    fee, share = Money(net + 2, "USD").split_fee(basis_points=1500)
    paid = Parts(fee.amount, share.amount, 0)
    failed = paid.take(data.draw(st.integers(1, paid.amount - 1)))
    kept = paid.without([failed]).take(data.draw(st.integers(1, paid.amount - failed.amount)))

    left = paid.without([kept])

    assert min(left.fee, left.share) >= 0
    assert not left.amount or left.take(left.amount) == left


@pytest.mark.parametrize("amount", [0, -1, 101])
def test_nothing_and_too_much_are_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="can't be taken"):
        Parts(15, 85, 0).take(amount)

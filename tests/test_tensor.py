"""What a tensor is: views, sharing with NumPy, Python's protocols, copies, pickles."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import tinytensor as tt

VIEWS = {
    "getitem int": lambda x: x[1],
    "getitem slice": lambda x: x[1:, ::2],
    "getitem None": lambda x: x[:, None],
    "ellipsis": lambda x: x[..., 1],
    "view": lambda x: x.view(4, 3),
    "reshape": lambda x: x.reshape(2, 6),
    "flatten": lambda x: x.flatten(),
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "t": lambda x: x.t(),
    "transpose": lambda x: x.transpose(0, 1),
    "permute": lambda x: x.permute(1, 0),
    "unsqueeze": lambda x: x.unsqueeze(0),
    "squeeze": lambda x: x[None].squeeze(0),
    "expand": lambda x: x[:, :1].expand(3, 4)[:, 2],
    "narrow": lambda x: x.narrow(1, 1, 2),
    "select": lambda x: x.select(0, 2),
    "unbind": lambda x: x.unbind(0)[1],
    "split": lambda x: x.split(2)[1],
    "chunk": lambda x: x.chunk(2, 1)[1],
    "diagonal": lambda x: x.diagonal(),
    "as_strided": lambda x: x.as_strided((2, 2), (4, 1), 1),
    "unfold": lambda x: x.unfold(1, 2, 1),
    "detach": lambda x: x.detach(),
    "data": lambda x: x.data,
    "numpy": lambda x: tt.from_numpy(x.numpy()),
}
COPIES = {
    "clone": lambda x: x.clone(),
    "add": lambda x: x + 0,
    "advanced index": lambda x: x[[0, 1, 2]],
    "mask": lambda x: x[x > -1],
    "contiguous of a transpose": lambda x: x.T.contiguous(),
    "reshape of a transpose": lambda x: x.T.reshape(-1),
    "to another dtype": lambda x: x.double(),
    "tensor()": lambda x: tt.tensor(x.numpy()),
    "cat": lambda x: tt.cat([x]),
    "repeat": lambda x: x.repeat(1, 1),
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_share_memory(name: str) -> None:
    x = tt.arange(12.0).reshape(3, 4).clone()
    VIEWS[name](x).fill_(-1)
    assert (x == -1).any()


@pytest.mark.parametrize("name", COPIES)
def test_copies_do_not(name: str) -> None:
    x = tt.arange(12.0).reshape(3, 4).clone()
    y = COPIES[name](x)
    y.fill_(-1)
    assert not (x == -1).any()


def test_same_dtype_and_contiguous_copy_nothing() -> None:
    x = tt.ones(2, 3)
    for y in (x.contiguous(), x.to(tt.float32), x.float(), x.to("cpu"), x.cpu(), x.expand(2, 3)):
        assert y.data_ptr() == x.data_ptr()


def test_view_refuses_what_needs_a_copy() -> None:
    with pytest.raises(RuntimeError, match="reshape"):
        tt.ones(3, 4).T.view(12)


def test_strides_offsets_contiguity() -> None:
    x = tt.arange(24).reshape(2, 3, 4)
    y = x[:, 1:, ::2]
    assert y.shape == (2, 2, 2) and y.stride() == (12, 4, 2) and y.storage_offset() == 4
    assert tt.zeros(5)[3:3].storage_offset() == 3 and tt.zeros(1)[1::2].storage_offset() == 1
    assert not y.is_contiguous() and x.is_contiguous() and not x.mT.is_contiguous()
    assert tt.ones(2, 1).expand(2, 3).stride() == (1, 0)
    assert y.tolist() == x.numpy()[:, 1:, ::2].tolist()


def test_size_is_a_tuple_with_extras() -> None:
    x = tt.zeros(2, 3)
    assert isinstance(x.shape, tuple) and x.shape == (2, 3) and x.size() == x.shape and x.size(-1) == 3
    assert x.shape.numel() == 6 and x.numel() == 6 and x.ndim == x.dim() == 2
    assert repr(x.shape) == "torch.Size([2, 3])"
    rows, columns = x.shape
    assert (rows, columns) == (2, 3)


def test_setitem_broadcasts_and_casts() -> None:
    x = tt.zeros(3, 4)
    x[1] = 1
    x[:, 0] = tt.tensor([1, 2, 3])
    x[2, 2:] = True
    x[x == 0] = -0.5
    x[[0, 0], [1, 2]] = tt.tensor([7.0, 8.0])
    assert x.tolist() == [[1, 7, 8, -0.5], [2, 1, 1, 1], [3, -0.5, 1, 1]]
    with pytest.raises(RuntimeError):
        x[0] = tt.zeros(3)
    with pytest.raises(IndexError):
        x[3] = 0
    with pytest.raises(IndexError):
        x[0, 0, 0] = 0


def test_overlapping_copies_come_out_right() -> None:
    x = tt.arange(6.0)
    x[1:] = x[:-1].clone()
    assert x.tolist() == [0, 0, 1, 2, 3, 4]
    y = tt.arange(9.0).reshape(3, 3)
    y.copy_(y.clone().T)
    assert y.tolist() == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]


def test_writing_into_an_expanded_tensor_is_refused() -> None:
    with pytest.raises(RuntimeError, match=r"memory|expand"):
        tt.zeros(1).expand(3).add_(1)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "int32", "int16", "int8", "uint8", "bool"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 2)])
def test_numpy_both_ways_shares_memory(dtype: str, shape: tuple[int, ...]) -> None:
    a = np.ones(shape, dtype)
    x = tt.from_numpy(a)
    assert str(x.dtype).rpartition(".")[2] == dtype and tuple(x.shape) == shape
    x.zero_()
    assert not a.any()
    b = x.numpy()
    assert b.dtype == a.dtype and b.shape == a.shape
    b[...] = 1
    assert bool((x == 1).all())
    assert np.array_equal(np.asarray(x), b) and np.array_equal(np.array(x), b)


def test_numpy_keeps_strides_and_lifetimes() -> None:
    a = np.arange(12.0).reshape(3, 4)[:, ::2]
    x = tt.from_numpy(a)
    assert x.stride() == (4, 2)
    b = x.T.numpy()
    assert b.strides == (16, 32)
    del a, x
    assert b.tolist() == [[0, 4, 8], [2, 6, 10]]


def test_numpy_that_cannot_be_shared_is_refused() -> None:
    with pytest.raises((ValueError, RuntimeError), match="negative"):
        tt.from_numpy(np.arange(3)[::-1])
    with pytest.raises(TypeError):
        tt.from_numpy(np.array(["a"]))
    with pytest.raises(TypeError):
        tt.from_numpy([1, 2])  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="grad"):
        tt.ones(2, requires_grad=True).numpy()
    assert tt.tensor(np.arange(3)[::-1].copy()).tolist() == [2, 1, 0]


def test_dlpack_both_ways() -> None:
    x = tt.arange(6.0).reshape(2, 3)
    a = np.from_dlpack(x)
    assert a.tolist() == x.tolist()
    b = np.arange(4, dtype=np.int32)
    y = tt.from_dlpack(b)
    y[0] = 9
    assert b[0] == 9 and y.dtype == tt.int32
    assert tt.from_dlpack(x.T).tolist() == x.T.tolist()
    assert x.__dlpack_device__()[0] == 1


def test_torch_shares_through_dlpack() -> None:
    torch = pytest.importorskip("torch")
    x = tt.arange(4.0)
    t = torch.from_dlpack(x)
    t[0] = 5
    assert x[0].item() == 5 and tt.from_dlpack(t).data_ptr() == x.data_ptr()


def test_numbers_from_tensors() -> None:
    x = tt.tensor(3.75)
    assert (float(x), int(x), bool(x), x.item()) == (3.75, 3, True, 3.75)
    assert isinstance(tt.tensor(3).item(), int) and isinstance(tt.tensor(True).item(), bool)
    assert [10, 20, 30][tt.tensor(1)] == 20
    assert tt.tensor([[2]]).item() == 2 and float(tt.tensor([1.5])) == 1.5
    assert list(range(tt.tensor(3))) == [0, 1, 2]
    with pytest.raises((TypeError, RuntimeError)):
        [1, 2][tt.tensor(0.5)]  # type: ignore[call-overload]
    with pytest.raises(RuntimeError, match="element"):
        tt.ones(2).item()
    for convert in (float, int, complex):
        with pytest.raises(ValueError, match="only one element"):
            convert(tt.ones(2))


@pytest.mark.parametrize("shape", [(2,), (0,), (2, 2)])
def test_truth_of_many_elements_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(RuntimeError, match="ambiguous"):
        bool(tt.zeros(shape))
    assert not tt.zeros(1, 1) and tt.ones(1)


def test_len_and_iteration() -> None:
    x = tt.arange(6).reshape(3, 2)
    assert len(x) == 3 and [r.tolist() for r in x] == [[0, 1], [2, 3], [4, 5]]
    assert [v.item() for v in tt.tensor([1, 2])] == [1, 2]
    a, b, c = x
    assert b.tolist() == [2, 3] and (c is not a)
    for bad in (len, iter, list):
        with pytest.raises(TypeError, match="0-d"):
            bad(tt.tensor(1))
    assert tt.tensor(2) in x and 7 not in x


def test_nested_lists() -> None:
    assert tt.tensor([[1, 2], [3, 4]]).dtype == tt.int64
    assert tt.tensor([[1, 2], [3, 4.5]]).dtype == tt.float32
    assert tt.tensor([True, False]).dtype == tt.bool
    assert tt.tensor([1, True]).dtype == tt.int64
    assert tt.tensor(np.array([1.0])).dtype == tt.float64
    assert tt.tensor([tt.tensor(1), tt.tensor(2)]).tolist() == [1, 2]
    assert tt.tensor([np.float64(1.5), 2]).tolist() == [1.5, 2]
    assert tt.tensor([[], []]).shape == (2, 0)
    assert tt.tensor(((1, 2), [3, 4])).shape == (2, 2)
    assert tt.tensor([1.7], dtype=tt.int32).tolist() == [1]
    with pytest.raises(ValueError, match=r"length|expected sequence"):
        tt.tensor([[1, 2], [3]])
    with pytest.raises((TypeError, ValueError)):
        tt.tensor([1, "a"])
    with pytest.raises((TypeError, ValueError, RuntimeError)):
        tt.tensor([1, None])


def test_identity_and_hash() -> None:
    x, y = tt.zeros(2), tt.zeros(2)
    assert hash(x) != hash(y) and len({x, y, x}) == 2 and {x: 1}[x] == 1
    assert (x == y).tolist() == [True, True]
    assert x is x.requires_grad_(False) and x is x.to(tt.float32)


def test_copies_and_pickles() -> None:
    x = tt.arange(6.0).reshape(2, 3).requires_grad_()
    base = tt.arange(6.0)
    shared = [base[:3], base[3:]]
    for clone in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert clone.requires_grad and clone.is_leaf and clone.tolist() == x.tolist()
        assert clone.data_ptr() != x.data_ptr()
    shallow = copy.copy(x)
    assert shallow.data_ptr() == x.data_ptr()
    again = pickle.loads(pickle.dumps(x.detach().T))
    assert again.tolist() == x.T.tolist() and again.shape == (3, 2)
    twins = copy.deepcopy([x, x])
    assert twins[0] is twins[1]
    a, b = copy.deepcopy(shared)
    a[0] = 9
    assert base[0] == 0 and b.tolist() == [3, 4, 5]
    with pytest.raises(RuntimeError, match=r"deepcopy|leaf|leaves|graph"):
        copy.deepcopy(x * 2)


def test_attributes_are_free() -> None:
    x = tt.zeros(1)
    x.label = "w"  # type: ignore[attr-defined]
    assert x.label == "w"  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        x.nothing_like_this  # noqa: B018


def test_operators_with_foreign_types() -> None:
    x = tt.ones(2)
    assert (2 * x).tolist() == [2, 2] and (1 - x).tolist() == [0, 0] and (2 / x).tolist() == [2, 2]
    assert (2**x).tolist() == [2, 2] and (x % 1).tolist() == [0, 0] and (7 // x).tolist() == [7, 7]
    assert (np.float32(2) * tt.tensor(3.0)).item() == 6
    with pytest.raises(TypeError):
        x + "a"
    with pytest.raises(TypeError):
        x + None
    assert (x == "a") is False and (x != None) is True  # noqa: E711
    x += 1
    x *= tt.tensor([2.0, 3.0])
    assert x.tolist() == [4, 6]


def test_inplace_keeps_dtype_and_shape() -> None:
    x = tt.tensor([1, 2])
    with pytest.raises(RuntimeError, match=r"cast|dtype|type"):
        x += 0.5
    with pytest.raises(RuntimeError, match=r"shape|size"):
        tt.zeros(3).add_(tt.zeros(2, 3))
    x += True
    assert x.tolist() == [2, 3] and x.dtype == tt.int64


@pytest.mark.parametrize(
    ("index", "error"),
    [
        (3, IndexError),
        (-4, IndexError),
        ((0, 0, 0), IndexError),
        ((slice(None), 4), IndexError),
        (slice(None, None, -1), ValueError),
        (slice(None, None, 0), ValueError),
        (1.5, (TypeError, IndexError)),
        ("a", (TypeError, IndexError)),
        ([0, 3], IndexError),
        (np.array([True, False]), IndexError),
    ],
    ids=str,
)
def test_bad_indices(index: Any, error: Any) -> None:
    with pytest.raises(error):
        tt.zeros(3, 4)[index]


def test_indexing_agrees_with_numpy() -> None:
    a = np.arange(60).reshape(3, 4, 5)
    x = tt.tensor(a)
    rows, columns, mask = np.array([2, 0]), np.array([[1], [3]]), a[:, :, 0] > 20
    indices: list[Any] = [
        np.s_[1], np.s_[-1], np.s_[1:], np.s_[::2, 1:3], np.s_[..., 0], np.s_[None, 1], np.s_[:, None, ..., None],
        np.s_[rows], np.s_[rows, columns], np.s_[:, rows], np.s_[rows, :, rows], np.s_[rows, 1:, 2],
        np.s_[mask], np.s_[mask, 1], np.s_[True], np.s_[False], np.s_[:, a[0, :, 0] > 5], np.s_[1:1], np.s_[10:],
        np.s_[..., rows, None], np.s_[[0, 2], [1, 1]], np.s_[[[0], [1]], [0, 1]], np.s_[-3:-1, -2:],
    ]  # fmt: skip
    for index in indices:
        ours = (
            index
            if not isinstance(index, tuple)
            else tuple(tt.tensor(i) if isinstance(i, np.ndarray) else i for i in index)
        )
        ours = tt.tensor(index) if isinstance(index, np.ndarray) else ours
        assert np.array_equal(x[ours].numpy(), a[index]), index


def test_cuda_is_refused_in_words() -> None:
    with pytest.raises((RuntimeError, AssertionError)):
        tt.zeros(1).cuda()
    assert tt.zeros(1).device == tt.device("cpu") and tt.zeros(1, device="cpu").device.type == "cpu"


@pytest.mark.parametrize("name", ["bfloat16", "float16", "complex64", "complex128", "uint16", "uint32", "uint64"])
def test_missing_dtypes_are_named_and_refused(name: str) -> None:
    dtype = getattr(tt, name)
    assert repr(dtype) == f"torch.{name}" and isinstance(dtype, tt.dtype) and dtype != tt.float32
    assert dtype.itemsize == np.dtype(name).itemsize if name != "bfloat16" else 2
    assert dtype.is_complex == name.startswith("c") and dtype.is_floating_point == ("float" in name)
    x = tt.ones(2)
    for use in (
        lambda: tt.zeros(2, dtype=dtype),
        lambda: x.to(dtype),
        lambda: x.sum(dtype=dtype),
        lambda: x.type(dtype),
    ):
        with pytest.raises(NotImplementedError, match=f"tensors of dtype {name} are not supported by tinytensor"):
            use()


def test_as_strided_stays_in_memory() -> None:
    x = tt.ones(4)
    for size, stride in (((2**62,), (4,)), ((2**40, 2**40), (0, 0)), ((5,), (1,)), ((2,), (2**63 - 1,))):
        with pytest.raises(RuntimeError, match="out of bounds"):
            x.as_strided(size, stride)


def test_memory_formats() -> None:
    x = tt.arange(2 * 3 * 4 * 5).view(2, 3, 4, 5)
    last = x.to(memory_format=tt.channels_last)
    assert last.stride() == (60, 1, 15, 3) and (last == x).all() and last.is_contiguous(memory_format=tt.channels_last)
    assert x.to(memory_format=tt.preserve_format) is x and last.to(memory_format=tt.channels_last) is last
    assert x.contiguous(memory_format=tt.channels_last).stride() == x.float(memory_format=tt.channels_last).stride()
    assert last.clone().stride() == tt.zeros_like(last).stride() == last.double().stride() == (60, 1, 15, 3)
    assert last.contiguous().stride() == last.clone(memory_format=tt.contiguous_format).stride() == (60, 20, 5, 1)
    assert tt.empty(2, 3, 4, 5, memory_format=tt.channels_last).stride() == (60, 1, 15, 3)
    assert tt.zeros(1, 2, 3, 4, 5).contiguous(memory_format=tt.channels_last_3d).stride() == (120, 1, 40, 10, 2)
    assert not x.is_contiguous(memory_format=tt.channels_last) and not tt.ones(3).is_contiguous(
        memory_format=tt.channels_last
    )
    with pytest.raises(RuntimeError, match="rank 4"):
        tt.ones(3).clone(memory_format=tt.channels_last)
    with pytest.raises(RuntimeError, match="preserve"):
        x.contiguous(memory_format=tt.preserve_format)


IN_PLACE_VIEWS = {
    "squeeze_": ((1, 3, 1), ()), "unsqueeze_": ((2, 3), (1,)), "transpose_": ((2, 3, 4), (0, 2)), "t_": ((2, 3), ()),
    "swapaxes_": ((2, 3), (0, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_PLACE_VIEWS)
def test_views_in_place(name: str) -> None:
    shape, args = IN_PLACE_VIEWS[name]
    leaf = tt.randn(shape, requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf"):
        getattr(leaf, name)(*args)
    x = leaf * 1
    memory, wanted = x.data_ptr(), getattr(leaf, name[:-1])(*args)
    other = x.view(-1)
    assert getattr(x, name)(*args) is x
    assert x.shape == wanted.shape and x.stride() == wanted.stride() and x.data_ptr() == memory and (x == wanted).all()
    assert other.shape == (leaf.numel(),)
    weights = tt.arange(leaf.numel()).view(x.shape)
    (x * weights).sum().backward()
    (expected,) = tt.autograd.grad((wanted * weights).sum(), leaf)
    assert (leaf.grad == expected).all()
    kept = leaf.exp()
    y = kept.sin()
    getattr(kept, name)(*args)
    with pytest.raises(RuntimeError, match="inplace"):
        y.sum().backward()


SMALL = tt.ones(2, dtype=tt.int8)
TOO_LARGE = {
    "fill": lambda: SMALL.fill_(300),
    "full": lambda: tt.full((2,), 1e40),
    "setitem": lambda: SMALL.__setitem__(0, 300),
    "masked_fill": lambda: SMALL.masked_fill(SMALL > 0, 300),
    "where": lambda: tt.where(SMALL > 0, SMALL, 300),
    "clamp": lambda: tt.ones(2).clamp(max=1e40),
    "pow": lambda: SMALL**300,
    "alpha": lambda: tt.add(SMALL, SMALL, alpha=300),
    "beta": lambda: tt.ones(2, 2).addmm(tt.ones(2, 2), tt.ones(2, 2), beta=1e40),
    "value": lambda: tt.addcmul(SMALL, SMALL, SMALL, value=300),
    "pad": lambda: tt.nn.functional.pad(SMALL, (1, 1), value=300),
    "hardtanh": lambda: tt.nn.functional.hardtanh(tt.ones(2), -1e40, 1.0),
    "histc": lambda: tt.ones(2).histc(3, 0, 1e40),
    "lerp": lambda: tt.lerp(tt.ones(2), tt.ones(2), 1e40),
    "index_add": lambda: SMALL.index_add(0, tt.tensor([0]), SMALL[:1], alpha=300),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_numbers_that_do_not_fit_are_refused(name: str) -> None:
    with pytest.raises(RuntimeError, match="without overflow"):
        TOO_LARGE[name]()


def test_numbers_in_arithmetic_wrap() -> None:
    assert (SMALL + 300).tolist() == [45, 45] and (SMALL * -200).tolist() == [56, 56]
    assert (tt.ones(2) * 1e40).tolist() == [float("inf")] * 2
    with pytest.raises(OverflowError):
        tt.ones(2) + 10**30


def test_flags_are_strict() -> None:
    x = tt.ones(2, 3)
    for call in (lambda: x.sum(0, 1), lambda: x.max(0, 1), lambda: x.topk(1, 0, 1), lambda: x.norm(2, 0, 1)):
        with pytest.raises(TypeError, match="must be bool, not int"):
            call()


def test_expanded_tensors_are_filled() -> None:
    x = tt.zeros(3, 1)
    assert (x.expand(3, 4).fill_(2) == 2).all() and x.tolist() == [[2.0]] * 3
    with pytest.raises(RuntimeError, match="single memory location"):
        x.expand(3, 4).add_(1)


def test_subclass_survives() -> None:
    p = tt.nn.Parameter(tt.ones(2))
    assert isinstance(p, tt.Tensor) and p.requires_grad and p.is_leaf
    assert type(p * 2) is tt.Tensor and type(p.detach()) is tt.Tensor
    assert isinstance(copy.deepcopy(p), tt.nn.Parameter)
    assert isinstance(pickle.loads(pickle.dumps(p)), tt.nn.Parameter)


def test_operators_leave_what_they_do_not_take_to_the_other_operand() -> None:
    class Symbol:
        def __radd__(self, other: object) -> str:
            return "radd"

        def __rmatmul__(self, other: object) -> str:
            return "rmatmul"

    n = tt.tensor(3)
    assert n + Symbol() == "radd" and tt.ones(2) @ Symbol() == "rmatmul"
    assert [0] * n == n * [0] == [0, 0, 0] and "-" * n == "---" and (1,) * tt.tensor([2]) == (1, 1)
    total = n
    total += Symbol()
    assert total == "radd"
    shifted = same = tt.tensor([8, 5])
    shifted >>= 1
    assert shifted is same and same.tolist() == [4, 2]
    for wrong in (lambda: n + "a", lambda: "a" + n, lambda: [1] - n, lambda: n * None):
        with pytest.raises(TypeError, match=r"unsupported operand|can only concatenate"):
            wrong()
    with pytest.raises(TypeError, match=r"mul.*must be"):
        tt.mul(n, [0])

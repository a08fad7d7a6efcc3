"""torch.save and torch.load: files that travel to PyTorch and back, and files that are refused."""

from __future__ import annotations

import collections
import io
import os
import pickle
import stat
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import nn

DTYPES = ("float32", "float64", "int64", "int32", "int16", "int8", "uint8", "bool")
CHECKPOINT = Path(__file__).parent / "data" / "pytorch.pt"


def array(x: Any) -> np.ndarray[Any, Any]:
    return np.asarray(x.detach().numpy())


def saved(obj: Any) -> bytes:
    file = io.BytesIO()
    tt.save(obj, file)
    return file.getvalue()


def loaded(data: bytes, **kwargs: Any) -> Any:
    return tt.load(io.BytesIO(data), **kwargs)


def sample(lib: Any) -> dict[str, Any]:
    """What checkpoints hold, in either library."""
    base = lib.arange(24, dtype=lib.float32).reshape(4, 6)
    parameter = lib.nn.Parameter(lib.linspace(0, 1, 5))
    return {
        "dtypes": [lib.tensor([0, 1, 2]).to(getattr(lib, name)) for name in DTYPES],
        "base": base,
        "row": base[1],
        "strided": base.t()[::2, 1:],
        "expanded": base[0, :1].expand(3),
        "scalar": lib.tensor(3.5),
        "empty": lib.zeros(0, 3),
        "leaf": lib.ones(2, requires_grad=True),
        "parameter": parameter,
        "again": parameter,
        "plain": (1, -(2**70), 2.5, "text é", b"\x00\xff", None, True, {3, 4}, 1 + 2j),
        "ordered": collections.OrderedDict(a=lib.ones(1)),
        "described": (base.shape, lib.float64, lib.device("cpu"), collections.Counter("aab")),
    }


def assert_same(got: dict[str, Any], want: dict[str, Any]) -> None:
    assert list(got) == list(want)
    for a, b in zip(got["dtypes"], want["dtypes"], strict=True):
        assert str(a.dtype) == str(b.dtype)
        assert array(a).tobytes() == array(b).tobytes()
    for name in ("base", "row", "strided", "expanded", "scalar", "empty", "leaf", "parameter"):
        a, b = got[name], want[name]
        assert tuple(a.shape) == tuple(b.shape) and tuple(a.stride()) == tuple(b.stride())
        assert a.requires_grad == b.requires_grad and type(a).__name__ == type(b).__name__
        np.testing.assert_array_equal(array(a), array(b))
    assert got["again"] is got["parameter"]
    assert got["plain"] == want["plain"]
    assert [str(item) for item in got["described"]] == [str(item) for item in want["described"]]
    got["base"][1, 1] = 100.0  # views still share memory
    assert got["row"][1] == 100.0 and got["strided"][0, 0] == got["base"][1, 0] and got["strided"][1, 0] == 8.0


def test_round_trip() -> None:
    assert_same(loaded(saved(sample(tt))), sample(tt))


def test_pytorch_reads_it(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    tt.save(sample(tt), tmp_path / "ours.pt")
    assert_same(torch.load(tmp_path / "ours.pt"), sample(torch))
    assert_same(torch.load(tmp_path / "ours.pt", mmap=True), sample(torch))
    assert_same(torch.load(io.BytesIO(saved(sample(tt))), weights_only=False), sample(torch))


@pytest.mark.parametrize("protocol", [2, 4])
def test_pytorch_wrote_it(tmp_path: Path, protocol: int) -> None:
    torch = pytest.importorskip("torch")
    torch.save(sample(torch), tmp_path / "theirs.pt", pickle_protocol=protocol)
    assert_same(tt.load(tmp_path / "theirs.pt"), sample(tt))
    assert_same(tt.load(str(tmp_path / "theirs.pt"), weights_only=False), sample(tt))


def train(lib: Any, steps: int, state: Any = None) -> dict[str, Any]:
    """Some steps of a small model, from scratch or from a checkpoint of either library."""
    lib.manual_seed(7)
    model = lib.nn.Sequential(lib.nn.Linear(3, 4), lib.nn.BatchNorm1d(4), lib.nn.Tanh(), lib.nn.Linear(4, 2))
    optimizer = lib.optim.AdamW(model.parameters(), lr=0.1)
    schedule = lib.optim.lr_scheduler.StepLR(optimizer, 2)
    if state is not None:
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
    x = lib.linspace(-1, 1, 15).reshape(5, 3)
    for _ in range(steps):
        loss = (model(x) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "loss": loss.item(),
    }


def test_training_goes_on_in_the_other_library(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.save(train(torch, 3), tmp_path / "theirs.pt")
    tt.save(train(tt, 3), tmp_path / "ours.pt")
    want = train(torch, 2, torch.load(tmp_path / "theirs.pt"))["loss"]
    assert train(torch, 2, torch.load(tmp_path / "ours.pt"))["loss"] == pytest.approx(want, rel=1e-5)
    assert train(tt, 2, tt.load(tmp_path / "theirs.pt"))["loss"] == pytest.approx(want, rel=1e-5)
    assert train(tt, 2, tt.load(tmp_path / "ours.pt"))["loss"] == pytest.approx(want, rel=1e-5)


def test_stored_pytorch_checkpoint() -> None:
    state = tt.load(CHECKPOINT)
    assert CHECKPOINT.stat().st_size < 2048
    model = nn.Linear(2, 2, bias=False)
    model.load_state_dict(state["model"])
    assert model.weight.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert state["model"]._metadata[""] == {"version": 1}
    assert state["steps"].dtype is tt.int64 and state["steps"].item() == 12
    assert isinstance(state["row"], nn.Parameter) and state["row"].tolist() == [3.0, 4.0]
    state["model"]["weight"][0, 0] = 9.0
    assert state["view"].tolist() == [9.0, 3.0]


def test_layout_of_the_file(tmp_path: Path) -> None:
    tt.save({"w": tt.ones(2, 2), "b": tt.zeros(3, dtype=tt.int64)}, tmp_path / "model.best.pt")
    with zipfile.ZipFile(tmp_path / "model.best.pt") as archive:
        names = archive.namelist()
        assert {"model.best/data.pkl", "model.best/data/0", "model.best/data/1", "model.best/version"} <= set(names)
        assert archive.read("model.best/byteorder") == b"little" and archive.read("model.best/version") == b"3\n"
        assert archive.read("model.best/data/0") == np.ones(4, "<f4").tobytes()
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            assert (entry.header_offset + 30 + len(entry.filename) + len(entry.extra)) % 64 == 0


def test_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    tt.save(tt.ones(2), path)
    path.chmod(0o640)
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        tt.save([tt.ones(3), lambda: None], path)
    assert tt.load(path).tolist() == [1, 1]
    (tmp_path / "link.pt").symlink_to(path)
    tt.save(tt.zeros(1), tmp_path / "link.pt")
    assert tt.load(path).tolist() == [0] and stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["a.pt", "link.pt"]
    tt.save(tt.ones(1), os.devnull)
    with pytest.raises(RuntimeError, match=r"Parent directory .*nowhere does not exist"):
        tt.save(tt.ones(1), tmp_path / "nowhere" / "a.pt")


def test_attributes_of_tensors() -> None:
    x, p = tt.ones(2), nn.Parameter(tt.ones(2))
    x.note, p.note = "plain", "trained"
    y, q = loaded(saved([x, p]))
    assert (y.note, q.note, type(q)) == ("plain", "trained", nn.Parameter)
    torch = pytest.importorskip("torch")
    y, q = torch.load(io.BytesIO(saved([x, p])))
    assert (y.note, q.note, type(q)) == ("plain", "trained", torch.nn.Parameter)


def test_one_memory_of_two_dtypes_is_refused() -> None:
    memory = np.ones(4, np.float32)
    with pytest.raises(RuntimeError, match="view the same data as different types"):
        saved([tt.from_numpy(memory), tt.from_numpy(memory.view(np.int32))])


class Opens:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> Any:
        return os.system, ("exit 3",)


class Point:
    def __init__(self, x: int) -> None:
        self.x = x


def test_names_are_refused_unless_declared_safe() -> None:
    data = saved({"model": Point(3)})
    with pytest.raises(pickle.UnpicklingError, match=r"names .*Point, .*add_safe_globals.*weights_only=False"):
        loaded(data)
    with tt.serialization.safe_globals([Point]):
        assert tt.serialization.get_safe_globals() == [Point]
        assert loaded(data)["model"].x == 3
    assert tt.serialization.get_safe_globals() == []
    assert loaded(data, weights_only=False)["model"].x == 3
    tt.serialization.add_safe_globals([(Point, f"{Point.__module__}.Point")])
    try:
        assert loaded(data)["model"].x == 3
    finally:
        tt.serialization.clear_safe_globals()
    for obj in (Opens(), [nn.Linear(1, 1)], np.float64(1.0), np.ones(2), print):
        with pytest.raises(pickle.UnpicklingError, match="Weights only load failed"):
            loaded(saved(obj))


def test_whole_module() -> None:
    layer = nn.Linear(3, 2)
    with tt.serialization.safe_globals([nn.Linear, *_hidden_names(saved(layer))]):
        again = loaded(saved(layer))
    assert (again.weight == layer.weight).all()
    assert isinstance(loaded(saved(nn.Sequential(layer, nn.ReLU())), weights_only=False)[1], nn.ReLU)


def _hidden_names(data: bytes) -> list[Any]:
    """Classes besides the layer's own that a pickled module names."""
    from collections import defaultdict

    return [defaultdict] if b"defaultdict" in data else []


def pickled(stream: bytes, **records: bytes) -> bytes:
    """An archive around the given pickle."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", stream)
        for name, data in records.items():
            archive.writestr(f"archive/{name}", data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (b"cos\nsystem\n(S'true'\ntR.", "names os.system|opcode STRING"),
        (b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R.", "names posix.system"),
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.", "names os.system"),
        (b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n}X\x01\x00\x00\x00aK\x01sb.", "would change a function"),
        (
            b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\nN}X\x09\x00\x00\x00_functionK\x01s\x86b.",
            "would change a function",
        ),
        (b"\x80\x02c_codecs\nencode\nX\x01\x00\x00\x00aX\x05\x00\x00\x00rot13\x86R.", "encoding 'rot13'"),
        (b"\x80\x02]r\xff\xff\xff\x7f.", "stores an object"),
        (b"\x80\x02(i__main__\nPoint\n.", "opcode INST"),
        (b"\x80\x02ctorch\nTensor\n)\x81.", "NEWOBJ class argument must be a type"),
        (b"\x80\x02K\x01K\x02Q.", "no storage"),
        (b"\x80\x02R.", "damaged|stack|MARK"),
        (b"\x80\x02", "damaged"),
        (b"", "damaged"),
    ],
)
def test_hostile_pickles(stream: bytes, message: str) -> None:
    with pytest.raises(pickle.UnpicklingError, match=message):
        loaded(pickled(stream))


@pytest.mark.parametrize(
    ("offset", "size", "stride"),
    [
        (0, (5,), (1,)),
        (2, (2,), (2,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
        (0, (2**62,), (4,)),
        (0, (2**40, 2**40), (0, 0)),
    ],
)
def test_tensors_lie_in_their_storage(offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> None:
    stream = io.BytesIO()
    from tinytensor.serialization.pickling import Pickler
    from tinytensor.serialization.tensors import Storage, _rebuild_tensor_v2

    class Forged:
        def __reduce__(self) -> Any:
            return _rebuild_tensor_v2, (
                Storage(tt.ones(4), "0"),
                offset,
                size,
                stride,
                False,
                collections.OrderedDict(),
            )

    Pickler(stream, 2).dump(Forged())
    with pytest.raises(RuntimeError, match=r"does not lie in its storage|out of bounds"):
        loaded(pickled(stream.getvalue(), **{"data/0": bytes(16)}))
    with pytest.raises(RuntimeError, match=r"data/0 has 8 bytes, not those of 4 elements of float32"):
        loaded(pickled(stream.getvalue(), **{"data/0": bytes(8)}))
    with pytest.raises(RuntimeError, match="it has no data/0"):
        loaded(pickled(stream.getvalue()))


def test_byte_order_of_other_machines() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(tt.tensor([1.0, 2.0])))) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            content = {"archive/byteorder": b"big", "archive/data/0": np.array([1, 2], ">f4").tobytes()}
            new.writestr(name, content.get(name, old.read(name)))
    assert loaded(data.getvalue()).tolist() == [1.0, 2.0]


def test_damaged_and_foreign_files(tmp_path: Path) -> None:
    data = saved({"w": tt.arange(1000)})
    for end in (3, 30, 200, len(data) // 2, len(data) - 1):
        with pytest.raises(RuntimeError, match="truncated or damaged"):
            loaded(data[:end])
    flipped = bytearray(data)
    flipped[data.index(tt.arange(1000).numpy().tobytes()) + 100] ^= 1
    with pytest.raises(RuntimeError, match=r"damaged in data/0: Bad CRC-32"):
        loaded(bytes(flipped))
    with pytest.raises(EOFError, match="the file object is empty"):
        loaded(b"")
    with pytest.raises(pickle.UnpicklingError, match=r"no file that torch.save wrote"):
        loaded(b"hello, world")
    with pytest.raises(pickle.UnpicklingError, match="safetensors"):
        loaded(b"\x40\x00\x00\x00\x00\x00\x00\x00{...")
    with pytest.raises(FileNotFoundError):
        tt.load(tmp_path / "none.pt")
    with pytest.raises(RuntimeError, match=r"no PyTorch checkpoint: it has no data\.pkl"):
        empty = io.BytesIO()
        zipfile.ZipFile(empty, "w").close()
        loaded(empty.getvalue())
    with pytest.raises(AttributeError, match="expected a path or a file object"):
        tt.load(3)
    with pytest.raises(AttributeError, match="expected 'f' to be string, path"):
        tt.save(tt.ones(1), 3)


LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."


def test_what_is_refused_in_words() -> None:
    with pytest.raises(NotImplementedError, match=r"PyTorch before 1\.6"):
        loaded(LEGACY)
    with pytest.raises(NotImplementedError, match=r"PyTorch before 1\.6"):
        tt.save(tt.ones(1), io.BytesIO(), _use_new_zipfile_serialization=False)
    torch = pytest.importorskip("torch")
    for name in ("float16", "bfloat16", "complex64", "uint16", "float8_e5m2"):
        file = io.BytesIO()
        torch.save({"w": torch.ones(2).to(getattr(torch, name))}, file)
        for weights_only in (True, False):
            with pytest.raises(NotImplementedError, match=f"a tensor of dtype {name}, which tinytensor does not have"):
                loaded(file.getvalue(), weights_only=weights_only)
    file = io.BytesIO()
    torch.save(torch.ones(2), file, _use_new_zipfile_serialization=False)
    with pytest.raises(NotImplementedError, match=r"PyTorch before 1\.6"):
        loaded(file.getvalue())
    file = io.BytesIO()
    torch.save({"dtype": torch.bfloat16}, file)
    assert loaded(file.getvalue()) == {"dtype": tt.bfloat16}


def test_map_location() -> None:
    data = saved(tt.ones(2))
    where: list[str] = []

    def everything_here(storage: Any, location: str) -> Any:
        where.append(location)
        return storage

    for place in (None, "cpu", tt.device("cpu"), {"cuda:0": "cpu"}, everything_here, lambda storage, location: None):
        assert loaded(data, map_location=place).tolist() == [1, 1]
    assert where == ["cpu"]
    with pytest.raises(RuntimeError, match="runs on the CPU"):
        loaded(data, map_location="cuda")
    on_gpu = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(on_gpu, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0"))
    with pytest.raises(RuntimeError, match=r"was on 'cuda:0'.*map_location='cpu'"):
        loaded(on_gpu.getvalue())
    for place in ("cpu", {"cuda:0": "cpu"}, everything_here):
        assert loaded(on_gpu.getvalue(), map_location=place).tolist() == [1, 1]


def test_file_objects(tmp_path: Path) -> None:
    path = tmp_path / "two.bin"
    with path.open("wb") as file:
        file.write(b"header")
        tt.save(tt.ones(3), file)
    with path.open("rb") as file:
        file.seek(6)
        assert tt.load(file).tolist() == [1, 1, 1]


# ---- safetensors ----


def test_safetensors_both_ways(tmp_path: Path) -> None:
    numpy_files = pytest.importorskip("safetensors.numpy")
    from tinytensor import safetensors

    path = tmp_path / "w.safetensors"
    tensors = {name: tt.tensor([[0, 1, 2]]).to(getattr(tt, name)) for name in DTYPES}
    tensors |= {
        "t": tt.arange(6.0).reshape(2, 3).t(),
        "p": nn.Parameter(tt.ones(2)),
        "e": tt.zeros(0, 2),
        "s": tt.tensor(4.0),
    }
    safetensors.save_file(tensors, path, metadata={"format": "pt"})
    for name, value in numpy_files.load_file(path).items():
        np.testing.assert_array_equal(value, array(tensors[name]))
    numpy_files.save_file({name: array(x).copy("C") for name, x in tensors.items()}, path)
    for got in (safetensors.load_file(path), safetensors.load(safetensors.save(tensors))):
        assert set(got) == set(tensors)
        for name, x in got.items():
            assert x.dtype is tensors[name].dtype and x.shape == tensors[name].shape and (x == tensors[name]).all()
    got["s"].add_(1)
    with pytest.raises(ValueError, match="Key `a` is invalid"):
        safetensors.save({"a": 3})
    with pytest.raises(NotImplementedError, match="'h' is of dtype float16"):
        safetensors.load(numpy_files.save({"h": np.ones(2, np.float16)}))
    with pytest.raises(Exception, match=r"header|Header|[Ss]afetensor"):
        safetensors.load(b"hello, world")


def test_safetensors_with_pytorch(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    torch = pytest.importorskip("torch")
    from safetensors import torch as theirs

    from tinytensor import safetensors

    layer = nn.Linear(3, 2)
    safetensors.save_file(layer.state_dict(), tmp_path / "ours")
    other = torch.nn.Linear(3, 2)
    other.load_state_dict(theirs.load_file(tmp_path / "ours"))
    theirs.save_file(other.state_dict(), tmp_path / "theirs")
    assert (safetensors.load_file(tmp_path / "theirs")["weight"] == layer.weight).all()
    with pytest.raises(NotImplementedError, match="'h' is of dtype bfloat16"):
        safetensors.load(theirs.save({"h": torch.ones(2).to(torch.bfloat16)}))

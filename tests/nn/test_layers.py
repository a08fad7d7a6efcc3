"""Layers: what they print, what they are made of, which numbers they start with, what they compute."""

import copy
import pickle

import numpy as np
import pytest

import tinytensor as tt
from tinytensor import nn

# Constructor calls, and the shapes of the inputs to call the layer with (None: it is not called here).
LAYERS = [
    ("Linear", (3, 4), {}, [(2, 3)]),
    ("Linear", (3, 4), {"bias": False}, [(3,)]),
    ("Bilinear", (3, 4, 5), {}, [(2, 3), (2, 4)]),
    ("Identity", (), {}, [(2, 3)]),
    ("BatchNorm1d", (5,), {}, [(4, 5)]),
    ("BatchNorm1d", (5,), {"momentum": None}, [(4, 5, 3)]),
    ("BatchNorm2d", (5,), {"affine": False}, [(4, 5, 3, 2)]),
    ("BatchNorm3d", (2,), {"track_running_stats": False}, [(4, 2, 3, 2, 2)]),
    ("LayerNorm", (5,), {}, [(2, 5)]),
    ("LayerNorm", ((2, 3),), {"bias": False}, [(4, 2, 3)]),
    ("RMSNorm", (4,), {}, [(2, 4)]),
    ("GroupNorm", (2, 4), {}, [(3, 4, 5)]),
    ("InstanceNorm1d", (3,), {"affine": True}, [(2, 3, 5)]),
    ("InstanceNorm2d", (4,), {"track_running_stats": True}, [(2, 4, 3, 3)]),
    ("LocalResponseNorm", (2,), {}, [(2, 4, 3)]),
    ("Flatten", (), {}, [(2, 3, 4)]),
    ("Unflatten", (1, (2, 3)), {}, [(4, 6)]),
    ("Conv1d", (4, 8, 2), {"groups": 2, "bias": False}, [(2, 4, 6)]),
    ("Conv2d", (3, 6, (3, 5)), {"stride": 2, "padding": 1}, [(2, 3, 7, 8)]),
    ("Conv2d", (2, 4, 3), {"padding": "same", "padding_mode": "reflect", "dilation": 2}, [(2, 2, 7, 8)]),
    ("Conv3d", (1, 2, 2), {}, [(1, 1, 4, 3, 3)]),
    ("ConvTranspose1d", (4, 6, 3), {"groups": 2, "stride": 2}, [(2, 4, 5)]),
    ("ConvTranspose2d", (3, 4, 3), {"output_padding": 1, "stride": 2, "padding": 1}, [(2, 3, 4, 5)]),
    ("ConvTranspose3d", (1, 2, 2), {}, [(1, 1, 2, 3, 2)]),
    ("LSTM", (5, 7), {"num_layers": 2, "bidirectional": True}, [(4, 3, 5)]),
    ("LSTM", (5, 7), {"proj_size": 3, "batch_first": True}, [(4, 3, 5)]),
    ("GRU", (3, 4), {"bias": False, "num_layers": 2}, [(5, 2, 3)]),
    ("RNN", (5, 7), {"nonlinearity": "relu", "batch_first": True}, [(2, 4, 5)]),
    ("RNN", (5, 7), {}, [(4, 5)]),
    ("LSTMCell", (5, 7), {}, [(3, 5)]),
    ("GRUCell", (5, 7), {"bias": False}, [(3, 5)]),
    ("RNNCell", (5, 7), {"nonlinearity": "relu"}, [(5,)]),
    ("MultiheadAttention", (8, 2), {}, [(5, 3, 8)] * 3),
    ("MultiheadAttention", (8, 2), {"kdim": 3, "vdim": 5, "add_bias_kv": True}, [(5, 3, 8), (4, 3, 3), (4, 3, 5)]),
    ("MultiheadAttention", (8, 4), {"batch_first": True, "add_zero_attn": True, "bias": False}, [(2, 5, 8)] * 3),
    ("TransformerEncoderLayer", (8, 2, 16), {"dropout": 0.0}, [(5, 3, 8)]),
    ("TransformerEncoderLayer", (8, 2, 16, 0.0, "gelu"), {"batch_first": True, "norm_first": True}, [(3, 5, 8)]),
    ("TransformerDecoderLayer", (8, 2, 16), {"dropout": 0.0}, [(5, 3, 8), (4, 3, 8)]),
    ("Transformer", (8, 2, 2, 2, 16, 0.0), {}, [(5, 3, 8), (4, 3, 8)]),
    ("PReLU", (), {}, [(2, 3)]),
    ("ReLU", (), {}, [(2, 3)]),
    ("ReLU6", (), {}, [(2, 3)]),
    ("ELU", (), {}, [(2, 3)]),
    ("CELU", (0.5,), {}, [(2, 3)]),
    ("SELU", (), {}, [(2, 3)]),
    ("GELU", (), {}, [(2, 3)]),
    ("GELU", ("tanh",), {}, [(2, 3)]),
    ("GLU", (), {}, [(2, 4)]),
    ("Hardtanh", (-0.5, 0.5), {}, [(2, 3)]),
    ("Threshold", (0.1, 20), {}, [(2, 3)]),
    ("LeakyReLU", (0.2,), {}, [(2, 3)]),
    ("Softplus", (), {}, [(2, 3)]),
    ("Softshrink", (), {}, [(2, 3)]),
    ("Hardshrink", (), {}, [(2, 3)]),
    ("Hardswish", (), {}, [(2, 3)]),
    ("Hardsigmoid", (), {}, [(2, 3)]),
    ("SiLU", (), {}, [(2, 3)]),
    ("Mish", (), {}, [(2, 3)]),
    ("Tanh", (), {}, [(2, 3)]),
    ("Sigmoid", (), {}, [(2, 3)]),
    ("LogSigmoid", (), {}, [(2, 3)]),
    ("Softsign", (), {}, [(2, 3)]),
    ("Tanhshrink", (), {}, [(2, 3)]),
    ("Softmin", (), {"dim": 1}, [(2, 3)]),
    ("Softmax", (1,), {}, [(2, 3)]),
    ("LogSoftmax", (1,), {}, [(2, 3)]),
    ("Softmax2d", (), {}, [(2, 3, 4, 4)]),
    ("RReLU", (), {}, [(20, 3)]),
    ("Dropout", (0.3,), {}, [(20, 30)]),
    ("Dropout1d", (), {}, [(4, 6, 3)]),
    ("Dropout2d", (), {}, [(4, 6, 3, 3)]),
    ("Dropout3d", (), {}, [(4, 6, 3, 3, 2)]),
    ("AlphaDropout", (), {}, [(20, 3)]),
    ("MaxPool1d", (2,), {"stride": 1}, [(2, 3, 7)]),
    ("MaxPool2d", (2,), {"ceil_mode": True, "padding": 1}, [(2, 3, 7, 8)]),
    ("MaxPool3d", (2,), {}, [(2, 3, 4, 4, 4)]),
    ("AvgPool1d", (2,), {}, [(2, 3, 7)]),
    ("AvgPool2d", (3,), {"padding": 1, "ceil_mode": True, "count_include_pad": False, "stride": 2}, [(2, 3, 8, 7)]),
    ("AvgPool3d", ((1, 2, 2),), {}, [(1, 2, 3, 4, 4)]),
    ("AdaptiveAvgPool1d", (3,), {}, [(2, 3, 7)]),
    ("AdaptiveAvgPool2d", ((3, None),), {}, [(2, 3, 7, 5)]),
    ("AdaptiveAvgPool3d", (2,), {}, [(2, 1, 3, 4, 5)]),
    ("AdaptiveMaxPool1d", (3,), {}, [(2, 3, 7)]),
    ("AdaptiveMaxPool2d", ((2, 3),), {"return_indices": True}, [(2, 3, 7, 5)]),
    ("ZeroPad2d", (1,), {}, [(1, 2, 3, 3)]),
    ("ConstantPad1d", (1, 2.0), {}, [(1, 2, 3)]),
    ("ReflectionPad2d", ((1, 2, 2, 1),), {}, [(1, 2, 3, 3)]),
    ("ReplicationPad1d", (1,), {}, [(1, 2, 3)]),
    ("CircularPad2d", (1,), {}, [(1, 2, 3, 3)]),
    ("Upsample", (), {"scale_factor": 2}, [(1, 2, 3, 3)]),
    ("Upsample", ((5, 4),), {"mode": "bilinear"}, [(1, 2, 3, 3)]),
    ("Upsample", ((5, 4),), {"mode": "bicubic"}, [(1, 2, 3, 3)]),
    ("UpsamplingBilinear2d", (), {"scale_factor": 2}, [(1, 2, 3, 3)]),
    ("PixelShuffle", (2,), {}, [(1, 8, 2, 3)]),
    ("PixelUnshuffle", (2,), {}, [(1, 2, 4, 6)]),
    ("ChannelShuffle", (2,), {}, [(1, 4, 2, 3)]),
    ("Unfold", (2,), {"padding": 1}, [(1, 2, 4, 5)]),
    ("Fold", ((4, 5), 2), {"stride": 1}, [(1, 8, 12)]),
    ("PairwiseDistance", (), {}, [(2, 3), (2, 3)]),
    ("CosineSimilarity", (), {}, [(2, 3), (2, 3)]),
]

LOSSES = [
    ("MSELoss", {}, [(4, 3), (4, 3)]),
    ("L1Loss", {"reduction": "sum"}, [(4, 3), (4, 3)]),
    ("SmoothL1Loss", {"beta": 0.5}, [(4, 3), (4, 3)]),
    ("HuberLoss", {"reduction": "none"}, [(4, 3), (4, 3)]),
    ("KLDivLoss", {"reduction": "batchmean", "log_target": True}, [(4, 3), (4, 3)]),
    ("PoissonNLLLoss", {}, [(4, 3), (4, 3)]),
    ("SoftMarginLoss", {}, [(4, 3), (4, 3)]),
    ("BCEWithLogitsLoss", {}, [(4, 3), (4, 3)]),
    ("HingeEmbeddingLoss", {}, [(4, 3), (4, 3)]),
    ("MarginRankingLoss", {}, [(4,), (4,), (4,)]),
    ("TripletMarginLoss", {"swap": True}, [(4, 3), (4, 3), (4, 3)]),
    ("TripletMarginWithDistanceLoss", {}, [(4, 3), (4, 3), (4, 3)]),
]


def named(case):
    return f"{case[0]}{case[1]}{case[2] or ''}"


def arrays(shapes):
    rng = np.random.RandomState(0)
    return [rng.randn(*shape).astype("float32") for shape in shapes]


def outputs_of(value):
    flat = []
    for item in value if isinstance(value, (tuple, list)) else [value]:
        flat += [] if item is None else outputs_of(item) if isinstance(item, (tuple, list)) else [item]
    return flat


def call(library, module, inputs, constant=0):
    """Outputs, gradients and buffers; the last `constant` inputs require no gradient."""
    inputs_with_grad = len(inputs) - constant
    tensors = [library.tensor(array, requires_grad=i < inputs_with_grad) for i, array in enumerate(inputs)]
    outputs = outputs_of(module(*tensors))
    total = sum((out * out).sum() for out in outputs if out.dtype.is_floating_point)
    if total.requires_grad:
        total.backward()
    params = [param.grad for param in module.parameters()]
    grads = [None if g is None else g.detach().numpy() for g in [t.grad for t in tensors] + params]
    buffers = [buffer.numpy() for buffer in module.buffers()]
    return [out.detach().numpy() for out in outputs], grads, buffers


@pytest.mark.parametrize("case", LAYERS, ids=named)
@pytest.mark.filterwarnings("ignore:enable_nested_tensor", "ignore:LSTM with projections")
def test_layer_equals_pytorch(case):
    torch = pytest.importorskip("torch")
    name, args, kwargs, shapes = case
    torch.manual_seed(1)
    tt.manual_seed(1)
    theirs, ours = getattr(torch.nn, name)(*args, **kwargs), getattr(nn, name)(*args, **kwargs)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for key, value in theirs.state_dict().items():
        np.testing.assert_array_equal(ours.state_dict()[key].numpy(), value.numpy(), err_msg=f"start of {key}")
    inputs = arrays(shapes)
    expected, grads, buffers = call(torch, theirs, inputs)
    got, got_grads, got_buffers = call(tt, ours, inputs)
    for a, b in zip(expected + buffers, got + got_buffers, strict=True):
        np.testing.assert_allclose(b, a, rtol=2e-5, atol=2e-6)
    for a, b in zip(grads, got_grads, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_allclose(b, a, rtol=2e-4, atol=2e-5)
    expected, *_ = call(torch, theirs.eval(), inputs)
    got, *_ = call(tt, ours.eval(), inputs)
    for a, b in zip(expected, got, strict=True):
        np.testing.assert_allclose(b, a, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("case", LOSSES, ids=lambda case: f"{case[0]}{case[1] or ''}")
def test_loss_equals_pytorch(case):
    torch = pytest.importorskip("torch")
    name, kwargs, shapes = case
    theirs, ours = getattr(torch.nn, name)(**kwargs), getattr(nn, name)(**kwargs)
    assert repr(ours) == repr(theirs)
    inputs = arrays(shapes)
    inputs[-1] = np.abs(inputs[-1]) if name != "TripletMarginLoss" else inputs[-1]
    constant = 0 if name.startswith("Triplet") else 1
    expected, grads, _ = call(torch, theirs, inputs, constant)
    got, got_grads, _ = call(tt, ours, inputs, constant)
    for a, b in zip(expected + grads[: len(inputs) - constant], got + got_grads[: len(inputs) - constant], strict=True):
        np.testing.assert_allclose(b, a, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("kwargs", [{}, {"label_smoothing": 0.1}, {"ignore_index": 1}, {"reduction": "sum"}])
def test_cross_entropy_equals_pytorch(kwargs):
    torch = pytest.importorskip("torch")
    logits, target = arrays([(6, 4)])[0], np.array([0, 1, 2, 3, 1, 0])
    values = [lib.nn.CrossEntropyLoss(**kwargs)(lib.tensor(logits), lib.tensor(target)).item() for lib in (torch, tt)]
    assert values[1] == pytest.approx(values[0], rel=1e-6)


def test_linear_starts_with_known_numbers():
    tt.manual_seed(42)
    layer = nn.Linear(2, 2)
    np.testing.assert_allclose(layer.weight.tolist(), [[0.5406, 0.5869], [-0.1657, 0.6496]], atol=5e-5)
    np.testing.assert_allclose(layer.bias.tolist(), [-0.1549, 0.1427], atol=5e-5)


def test_embedding():
    tt.manual_seed(0)
    table = nn.Embedding(5, 3, padding_idx=1)
    assert repr(table) == "Embedding(5, 3, padding_idx=1)"
    assert table.weight[1].tolist() == [0.0, 0.0, 0.0]
    table(tt.tensor([[0, 1], [1, 0]])).sum().backward()
    assert table.weight.grad.tolist() == [[2.0] * 3] + [[0.0] * 3] * 4
    frozen = nn.Embedding.from_pretrained(tt.ones(2, 2))
    assert not frozen.weight.requires_grad
    with pytest.raises(AssertionError, match="Padding_idx"):
        nn.Embedding(5, 3, padding_idx=5)


def test_layers_refuse_bad_arguments():
    for make, error in [
        (lambda: nn.Dropout(1.5), "dropout probability has to be between 0 and 1, but got 1.5"),
        (lambda: nn.GroupNorm(3, 4), r"num_channels \(4\) must be divisible by num_groups \(3\)"),
        (lambda: nn.Conv2d(3, 4, 3, groups=2), "in_channels must be divisible by groups"),
        (lambda: nn.LSTM(0, 3), "input_size must be greater than zero"),
        (lambda: nn.RNN(2, 3, nonlinearity="sin"), "Unknown nonlinearity 'sin'"),
    ]:
        with pytest.raises(ValueError, match=error):
            make()
    with pytest.raises(ValueError, match="expected 2D or 3D input"):
        nn.BatchNorm1d(3)(tt.ones(3))


def test_a_model_is_copied_and_pickled():
    tt.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 2))
    x = tt.randn(5, 3)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert repr(twin) == repr(model)
        assert twin(x).tolist() == model(x).tolist()
        assert twin[0].weight is not model[0].weight
        assert isinstance(twin[0].weight, nn.Parameter)


def test_recurrent_layers_take_packed_sequences():
    torch = pytest.importorskip("torch")
    results = []
    for lib in (torch, tt):
        lib.manual_seed(0)
        layer = lib.nn.LSTM(2, 3, bidirectional=True)
        x = lib.tensor(arrays([(4, 3, 2)])[0])
        packed = lib.nn.utils.rnn.pack_padded_sequence(x, [2, 4, 1], enforce_sorted=False)
        assert packed.double().data.dtype == packed.to(lib.float64).data.dtype == lib.float64 and not packed.is_cuda
        output, (h, c) = layer(packed.cpu())
        padded, lengths = lib.nn.utils.rnn.pad_packed_sequence(output)
        results.append([y.detach().numpy() for y in (padded, lengths, h, c, packed.data, packed.batch_sizes)])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("masked", ["causal", "bool", "float", "no"])
def test_attention_drops_the_weights_that_dropout_would(masked: str) -> None:
    q, k, v = (tt.randn(2, 3, n, 4, dtype=tt.float64, requires_grad=True) for n in (70, 66, 66))
    seen = tt.ones(70, 66, dtype=tt.bool).tril() if masked == "causal" else tt.rand(70, 66) < 0.8
    added = tt.zeros(70, 66, dtype=tt.float64).masked_fill(~seen, float("-inf"))
    given = {"causal": {"is_causal": True}, "bool": {"attn_mask": seen}, "float": {"attn_mask": added}}

    def composed() -> tt.Tensor:
        scores = q @ k.transpose(-2, -1) / 2
        weights = tt.softmax(scores if masked == "no" else scores + added, -1)
        return nn.functional.dropout(weights, 0.4) @ v

    results = []
    attend = nn.functional.scaled_dot_product_attention
    for f in (lambda: attend(q, k, v, dropout_p=0.4, **given.get(masked, {})), composed):
        tt.manual_seed(1)
        y = f()
        grads = tt.autograd.grad(y.sin().sum(), [q, k, v], create_graph=True)
        more = tt.autograd.grad(sum((g * g).sum() for g in grads), [q, k, v])
        results.append([y, *grads, *more, tt.rand(2)])
    for fused, plain in zip(*results, strict=True):
        tt.testing.assert_close(fused, plain)


def test_embedding_bag_of_a_given_table() -> None:
    bag = nn.EmbeddingBag.from_pretrained(tt.tensor([[1.0], [3.0]]), mode="sum")
    assert bag(tt.tensor([[0, 1], [1, 1]])).tolist() == [[4.0], [6.0]] and not bag.weight.requires_grad
    assert nn.EmbeddingBag.from_pretrained(tt.ones(2, 3), freeze=False, padding_idx=0).weight.requires_grad
    with pytest.raises(AssertionError, match="2-dimensional"):
        nn.EmbeddingBag.from_pretrained(tt.ones(3))

"""Modules: members, names, state, hooks, representation."""

import re
import warnings

import pytest

import tinytensor as tt
from tinytensor import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 3)
        self.scale = nn.Parameter(tt.ones(3))
        self.register_buffer("seen", tt.zeros(1))
        self.register_buffer("scratch", tt.zeros(1), persistent=False)
        self.blocks = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3)])

    def forward(self, x):
        x = self.fc(x) * self.scale
        for block in self.blocks:
            x = block(x)
        return x


def test_members_and_names():
    net = Net()
    names = ["scale", "fc.weight", "fc.bias", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias"]
    assert [name for name, _ in net.named_parameters()] == names
    assert [name for name, _ in net.named_parameters(recurse=False)] == ["scale"]
    assert [name for name, _ in net.named_buffers()] == ["seen", "scratch"]
    assert [name for name, _ in net.named_modules()] == ["", "fc", "blocks", "blocks.0", "blocks.1"]
    assert [name for name, _ in net.named_children()] == ["fc", "blocks"]
    assert list(net.state_dict()) == ["scale", "seen", *names[1:]]
    assert net.get_parameter("blocks.1.bias") is net.blocks[1].bias
    assert net.get_submodule("blocks.0") is net.blocks[0]
    assert dict(net._parameters) == {"scale": net.scale}
    assert "fc" in net._modules and "seen" in net._buffers


def test_shared_members_count_once():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[1].weight = net[0].weight
    assert len(list(net.parameters())) == 3
    assert len(net.state_dict()) == 4
    layer = nn.Linear(2, 2)
    assert len(list(nn.Sequential(layer, layer).modules())) == 2


def test_assignment_registers_and_refuses():
    net = Net()
    with pytest.raises(TypeError, match=r"cannot assign 'tinytensor.tensor.Tensor' as parameter 'scale'"):
        net.scale = tt.ones(3)
    with pytest.raises(TypeError, match="cannot assign 'int' as child module 'fc'"):
        net.fc = 3
    with pytest.raises(TypeError, match="cannot assign 'int' as buffer 'seen'"):
        net.seen = 3
    net.seen = tt.ones(2)
    assert net.state_dict()["seen"].tolist() == [1.0, 1.0]
    net.scale = None
    assert "scale" not in dict(net.named_parameters())
    del net.fc
    assert not hasattr(net, "fc") and "fc" not in dict(net.named_children())
    net.extra = 5
    net.extra = nn.Linear(1, 1)
    assert "extra" in dict(net.named_children())
    net.mask = nn.Buffer(tt.ones(1), persistent=False)
    assert "mask" in dict(net.named_buffers()) and "mask" not in net.state_dict()


def test_registration_errors():
    net = Net()
    with pytest.raises(KeyError, match="attribute 'fc' already exists"):
        net.register_parameter("fc", None)
    with pytest.raises(KeyError, match=r"parameter name can.*contain"):
        net.register_parameter("a.b", None)
    with pytest.raises(KeyError, match=r"buffer name can.*be empty string"):
        net.register_buffer("", None)
    with pytest.raises(TypeError, match="int is not a Module subclass"):
        net.add_module("m", 3)
    with pytest.raises(ValueError, match="Cannot assign non-leaf Tensor to parameter 'w'"):
        net.register_parameter("w", _non_leaf_parameter())
    with pytest.raises(AttributeError, match="'Net' object has no attribute 'missing'"):
        _ = net.missing

    class Early(nn.Module):
        def __init__(self):
            self.fc = nn.Linear(1, 1)

    with pytest.raises(AttributeError, match=re.escape("cannot assign module before Module.__init__() call")):
        Early()


def _non_leaf_parameter():
    param = nn.Parameter(tt.ones(1), requires_grad=False)
    param.add_(tt.ones(1, requires_grad=True))
    return param


def test_state_round_trip_and_errors():
    net, other = Net(), Net()
    assert repr(other.load_state_dict(net.state_dict())) == "<All keys matched successfully>"
    assert other.fc.weight.tolist() == net.fc.weight.tolist()
    state = net.state_dict()
    state["extra"] = tt.ones(1)
    del state["fc.bias"]
    with pytest.raises(RuntimeError) as caught:
        other.load_state_dict(state)
    assert str(caught.value) == (
        "Error(s) in loading state_dict for Net:\n"
        '\tMissing key(s) in state_dict: "fc.bias". \n'
        '\tUnexpected key(s) in state_dict: "extra". '
    )
    missing, unexpected = other.load_state_dict(state, strict=False)
    assert (missing, unexpected) == (["fc.bias"], ["extra"])
    with pytest.raises(
        RuntimeError, match=re.escape("size mismatch for scale: copying a param with shape torch.Size([4])")
    ):
        other.load_state_dict({**net.state_dict(), "scale": tt.ones(4)})
    with pytest.raises(TypeError, match="Expected state_dict to be dict-like"):
        other.load_state_dict(3)
    other.load_state_dict({**net.state_dict(), "scale": tt.full((3,), 7.0)}, assign=True)
    assert isinstance(other.scale, nn.Parameter) and other.scale.tolist() == [7.0] * 3


def test_state_shares_memory_without_history():
    layer = nn.Linear(1, 1)
    state = layer.state_dict()
    assert not state["weight"].requires_grad
    state["weight"].fill_(3.0)
    assert layer.weight.item() == 3.0
    assert state._metadata[""] == {"version": 1}


def test_modes_and_conversion():
    net = Net()
    net.eval()
    assert not any(module.training for module in net.modules())
    assert net.train().training
    net.double()
    assert net.fc.weight.dtype == tt.float64 and isinstance(net.fc.weight, nn.Parameter)
    assert net.to(tt.float32).fc.weight.dtype == tt.float32
    assert net.to("cpu") is net and net.cpu() is net
    net.requires_grad_(False)
    assert not any(param.requires_grad for param in net.parameters())
    for refused in (net.cuda, net.half, lambda: net.to("cuda"), net.bfloat16):
        with pytest.raises(RuntimeError, match="tinytensor computes"):
            refused()
    with pytest.raises(TypeError, match="only accepts floating point"):
        net.to(tt.int64)
    with pytest.raises(ValueError, match="training mode is expected to be boolean"):
        net.train(1)


def test_apply_and_zero_grad():
    net = Net()
    seen = []
    net.apply(lambda module: seen.append(type(module).__name__))
    assert seen == ["Linear", "Linear", "Linear", "ModuleList", "Net"]
    net(tt.ones(1, 2)).sum().backward()
    assert net.scale.grad is not None
    net.zero_grad(set_to_none=False)
    assert net.scale.grad.tolist() == [0.0] * 3
    net.zero_grad()
    assert net.scale.grad is None


def test_representation():
    assert repr(Net()) == (
        "Net(\n"
        "  (fc): Linear(in_features=2, out_features=3, bias=True)\n"
        "  (blocks): ModuleList(\n"
        "    (0-1): 2 x Linear(in_features=3, out_features=3, bias=True)\n"
        "  )\n"
        ")"
    )
    for made in (nn.Parameter, nn.Buffer):
        with pytest.raises(AttributeError, match="expected a Tensor, not int"):
            made(3)
    assert repr(nn.Parameter(tt.ones(2))) == "Parameter containing:\ntensor([1., 1.], requires_grad=True)"


def test_containers():
    a, b, c = nn.Linear(1, 1), nn.Tanh(), nn.Linear(1, 1)
    net = nn.Sequential(a, b)
    net.append(c)
    assert list(net) == [a, b, c] and net[-1] is c and len(net[:2]) == 2
    net.insert(1, nn.ReLU())
    assert [type(m).__name__ for m in net] == ["Linear", "ReLU", "Tanh", "Linear"]
    del net[1]
    assert list(net._modules) == ["0", "1", "2"]
    assert len(nn.Sequential(a) + nn.Sequential(b)) == 2
    with pytest.raises(IndexError, match="index 3 is out of range"):
        net[3]
    named = nn.Sequential({"first": a, "second": b})
    assert named.first is a

    table = nn.ModuleDict({"x": a})
    table["y"] = b
    assert list(table) == ["x", "y"] and "y" in table and table.pop("x") is a

    params = nn.ParameterList([tt.ones(2), tt.zeros(3)])
    params.append(tt.ones(1))
    assert len(params) == 3 and isinstance(params[2], nn.Parameter)
    assert repr(params).split("\n")[1] == "    (0): Parameter containing: [torch.float32 of size 2]"
    weights = nn.ParameterDict({"w": tt.ones(2)})
    assert repr(weights) == "ParameterDict(  (w): Parameter containing: [torch.FloatTensor of size 2])"
    weights["b"] = tt.zeros(1)
    assert [name for name, _ in weights.named_parameters()] == ["w", "b"]
    with pytest.raises(RuntimeError, match="ParameterDict should not be called"):
        weights(1)


def test_forward_hooks():
    layer = nn.Linear(2, 2)
    calls = []
    first = layer.register_forward_pre_hook(lambda module, args: (args[0] * 0,))
    layer.register_forward_hook(lambda module, args, out: calls.append(out.shape))
    assert layer(tt.ones(1, 2)).tolist() == [layer.bias.tolist()]
    first.remove()
    layer.register_forward_hook(lambda module, args, out: out * 0, prepend=True)
    assert layer(tt.ones(1, 2)).tolist() == [[0.0, 0.0]]
    assert len(calls) == 2
    layer.register_forward_pre_hook(lambda module, args, kwargs: ((kwargs["input"],), {}), with_kwargs=True)
    assert layer(input=tt.ones(1, 2)).tolist() == [[0.0, 0.0]]


def test_hooks_on_all_modules():
    seen = []
    handle = nn.modules.module.register_module_forward_hook(
        lambda module, args, out: seen.append(type(module).__name__)
    )
    nn.Sequential(nn.Tanh())(tt.ones(1))
    handle.remove()
    nn.Tanh()(tt.ones(1))
    assert seen == ["Tanh", "Sequential"]


def test_backward_hooks():
    layer = nn.Linear(2, 1, bias=False)
    seen = {}

    def full(module, grad_input, grad_output):
        seen["input"], seen["output"] = grad_input[0].tolist(), grad_output[0].tolist()
        return (grad_input[0] * 10,)

    layer.register_full_backward_pre_hook(lambda module, grad_output: (grad_output[0] * 2,))
    layer.register_full_backward_hook(full)
    x = tt.ones(1, 2, requires_grad=True)
    layer(x).sum().backward()
    weight = layer.weight.tolist()[0]
    assert seen["output"] == [[2.0]]
    assert seen["input"] == [[2 * w for w in weight]]
    assert x.grad.tolist() == [[pytest.approx(20 * w) for w in weight]]
    assert layer.weight.grad.tolist() == [[2.0, 2.0]]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        other = nn.Linear(1, 1)
        other.register_full_backward_hook(lambda module, grad_input, grad_output: None)
        other(tt.ones(1, 1)).sum().backward()
    assert "no inputs require gradients" in str(caught[0].message)


def test_module_without_forward():
    with pytest.raises(
        NotImplementedError, match=re.escape('Module [Module] is missing the required "forward" function')
    ):
        nn.Module()(1)
    with pytest.raises(TypeError, match="got an unexpected keyword argument 'size'"):
        nn.Module(size=3)


def test_clipping_and_vectors():
    params = [nn.Parameter(tt.ones(3)), nn.Parameter(tt.ones(2))]
    for param in params:
        param.grad = tt.full_like(param.detach(), 2.0)
    assert nn.utils.clip_grad_norm_(params, 1.0).item() == pytest.approx(20**0.5)
    assert sum((param.grad**2).sum().item() for param in params) == pytest.approx(1.0, rel=1e-5)
    nn.utils.clip_grad_value_(params, 0.1)
    assert params[0].grad.tolist() == [pytest.approx(0.1)] * 3
    vector = nn.utils.parameters_to_vector(params)
    assert vector.shape == (5,)
    nn.utils.vector_to_parameters(tt.arange(5.0), params)
    assert params[1].tolist() == [3.0, 4.0]

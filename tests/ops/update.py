"""Rows of csrc/kernels/update.cpp: two steps of an optimizer, as a function of a parameter and its gradient."""

from op_row import FLOATS, Row, S, T


def stepping(name, **settings):
    def run(tt, param, grad):
        param = param.clone().detach().requires_grad_()
        param.grad = grad.clone().detach()
        optimizer = getattr(tt.optim, name)([param], lr=0.1, **settings)
        optimizer.step()
        optimizer.step()
        return param.detach()

    return run


def row(kernel, name, **settings):
    return Row(f"optim.{kernel}", [S(T(3, 4), T(3, 4)), S(T(), T()), S(T(0, 2), T(0, 2)), S(T(70), T(70))],
               fn=stepping(name, **settings), covers=[kernel], dtypes=FLOATS, grad=False, method=False)  # fmt: skip


ROWS = [
    row("sgd_step", "SGD", weight_decay=0.1),
    row("sgd_momentum_step", "SGD", momentum=0.9, nesterov=True),
    row("adam_step", "AdamW"),
    row("amsgrad_step", "Adam", amsgrad=True, weight_decay=0.1),
]

# PyTorch's time for one training step (see step.py): one thread and all cores, with and without oneDNN's LSTM.

import torch
from step import CLASSES, CORES, DENSE, FEATURES, HIDDEN, batch, options, report

CONFIGURATIONS = {
    "onednn,threads=1": (True, 1),
    f"onednn,threads={CORES}": (True, CORES),
    "native,threads=1": (False, 1),
    f"native,threads={CORES}": (False, CORES),
}


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(FEATURES, HIDDEN, num_layers=2)
        self.dense = torch.nn.Linear(HIDDEN, DENSE)
        self.out = torch.nn.Linear(DENSE, CLASSES)

    def forward(self, x):
        y, _ = self.lstm(x)
        return self.out(torch.relu(self.dense(y[-1])))


def measure(name, args):
    onednn, threads = CONFIGURATIONS[name]
    torch.set_num_threads(threads)
    torch.backends.mkldnn.enabled = onednn
    torch.manual_seed(1)
    features, labels = batch()
    x = torch.tensor(features).transpose(0, 1).contiguous()  # [T, B, F], the layout that PyTorch prefers
    targets = torch.tensor(labels)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), fused=True)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    report("torch", torch.__version__, name, threads, step, args)


args = options(CONFIGURATIONS)
for configuration in [args.only] if args.only else CONFIGURATIONS:
    measure(configuration, args)

"""Rows and cells shared by the golden cases of imported models. Everything is float32 and seeded."""
import numpy as np

names = ["ndvi", "lst", "slope", "clay"]


def rows(n=400, seed=5):
    """Training rows (n x 4) and a target. Half of the columns are coarse, so that many rows share a value."""
    random = np.random.default_rng(seed)
    x = random.uniform(-1, 1, (n, 4))
    x[:, 0] = np.round(x[:, 0] * 8) / 8
    x[:, 1] = x[:, 1] * 40 + 280
    x[:, 2] = np.round(np.abs(x[:, 2]) * 30)
    x = x.astype(np.float32)
    y = 0.3 + 0.1 * x[:, 0] - 0.004 * (x[:, 1] - 280) + 0.05 * np.sin(x[:, 2]) * x[:, 3] + random.normal(0, 0.02, n)
    return x, y


def cells(thresholds, n=120, seed=6):
    """Cells to predict: random ones, then ones on thresholds and one float32 beside them on each side.
    thresholds: (column, value) pairs as the model holds them."""
    random = np.random.default_rng(seed)
    x = rows(n, seed + 1)[0]
    chosen = random.permutation(len(thresholds))[:80]
    extra = []
    for i in chosen:
        column, value = thresholds[i]
        near = np.float32(value)
        for v in (np.nextafter(near, np.float32(-np.inf)), near, np.nextafter(near, np.float32(np.inf))):
            row = x[random.integers(n)].copy()
            row[column] = v
            extra.append(row)
    return np.concatenate([x, np.array(extra, np.float32)]) if extra else x


def write_cells(path, x, predicted):
    """CSV: the predictors (9 digits name every float32), then one column per entry of `predicted` (17 digits)."""
    with open(path, "w") as file:
        file.write(",".join(names + list(predicted)) + "\n")
        for i in range(len(x)):
            file.write(",".join(["%.9g" % v for v in x[i]] + ["%.17g" % p[i] for p in predicted.values()]) + "\n")

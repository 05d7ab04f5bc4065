"""Small ONNX graphs that use every operator, comparison and way to join trees which Loam takes over; cells.csv: what
onnxruntime makes of them. Trees are complete, of depth 3, with random splits and leaves.
Made with onnxruntime 1.30.0, onnx 1.12.0, numpy 1.24.2. Run: python3 make.py"""
import os
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import problem

random = np.random.default_rng(11)
x = problem.rows()[0]
depth = 3
splits = 2**depth - 1
leaves = 2**depth
trees = 6


def draw(modes, scaled=None):
    """Per tree: columns, thresholds, modes of its splits (heap order) and its leaves."""
    values = x if scaled is None else scaled(x)
    result = []
    for _ in range(trees):
        columns = random.integers(0, 4, splits)
        thresholds = [np.float32(values[random.integers(len(x)), c]) for c in columns]
        result.append((columns, thresholds, [modes[random.integers(len(modes))] for _ in range(splits)],
                       random.normal(0, 1, leaves).astype(np.float32)))
    return result


def regressor(forest, inputs, output, doubles=False, **more):
    a = {k: [] for k in "nodes_treeids nodes_nodeids nodes_featureids nodes_modes nodes_truenodeids nodes_falsenodeids "
         "target_treeids target_nodeids target_ids".split()}
    values, weights = [], []
    for t, (columns, thresholds, modes, leaf_values) in enumerate(forest):
        for i in range(splits + leaves):
            a["nodes_treeids"].append(t)
            a["nodes_nodeids"].append(i)
            is_leaf = i >= splits
            a["nodes_featureids"].append(0 if is_leaf else int(columns[i]))
            a["nodes_modes"].append("LEAF" if is_leaf else modes[i])
            a["nodes_truenodeids"].append(0 if is_leaf else 2 * i + 1)
            a["nodes_falsenodeids"].append(0 if is_leaf else 2 * i + 2)
            values.append(0.0 if is_leaf else float(thresholds[i]))
            if is_leaf:
                a["target_treeids"].append(t)
                a["target_nodeids"].append(i)
                a["target_ids"].append(0)
                weights.append(float(leaf_values[i - splits]))
    if doubles:
        a["nodes_values_as_tensor"] = helper.make_tensor("v", TensorProto.DOUBLE, [len(values)], values)
        a["target_weights_as_tensor"] = helper.make_tensor("w", TensorProto.DOUBLE, [len(weights)], weights)
    else:
        a["nodes_values"], a["target_weights"] = values, weights
    return helper.make_node("TreeEnsembleRegressor", inputs, output, domain="ai.onnx.ml", n_targets=1, **a, **more)


def ensemble(forest, inputs, output):
    """The newer operator."""
    codes = {"BRANCH_LEQ": 0, "BRANCH_LT": 1, "BRANCH_GTE": 2, "BRANCH_GT": 3}
    columns, thresholds, modes, true, false, true_leaf, false_leaf, weights, roots = [], [], [], [], [], [], [], [], []
    for own_columns, own_thresholds, own_modes, leaf_values in forest:
        start, first_leaf = len(columns), len(weights)
        roots.append(start)
        for i in range(splits):
            columns.append(int(own_columns[i]))
            thresholds.append(float(own_thresholds[i]))
            modes.append(codes[own_modes[i]])
            for child, ids, flags in ((2 * i + 1, true, true_leaf), (2 * i + 2, false, false_leaf)):
                flags.append(int(child >= splits))
                ids.append(first_leaf + child - splits if child >= splits else start + child)
        weights += [float(v) for v in leaf_values]
    return helper.make_node(
        "TreeEnsemble", inputs, output, domain="ai.onnx.ml", n_targets=1, aggregate_function=1, post_transform=0,
        tree_roots=roots, nodes_featureids=columns, nodes_truenodeids=true, nodes_falsenodeids=false,
        nodes_trueleafs=true_leaf, nodes_falseleafs=false_leaf, leaf_targetids=[0] * len(weights),
        nodes_splits=helper.make_tensor("s", TensorProto.FLOAT, [len(thresholds)], thresholds),
        nodes_modes=helper.make_tensor("m", TensorProto.UINT8, [len(modes)], bytes(modes), raw=True),
        leaf_weights=helper.make_tensor("w", TensorProto.FLOAT, [len(weights)], weights))


def save(name, nodes, inputs=None, output="y", ml=3, initializers=()):
    inputs = inputs or [("x", 4, TensorProto.FLOAT)]
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info(n, t, [None, c]) for n, c, t in inputs],
                              [helper.make_tensor_value_info(output, TensorProto.FLOAT, [None, 1])], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", ml)])
    model.ir_version = 8
    open(f"{here}/{name}.onnx", "wb").write(model.SerializeToString())


offset = [np.float32(v) for v in x.mean(0)]
scale = [np.float32(1 / v) for v in x.std(0)]
scaled = lambda v: ((v - np.array(offset)) * np.array(scale)).astype(np.float32)
four = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"]
forests = {name: draw([mode]) for name, mode in zip(["leq", "lt", "gte", "gt"], four)}
forests |= {"average": draw(four[:1]), "scaler": draw(four[:1], scaled), "concat": draw(four[1:2]), "add": draw(four[:1]),
            "ensemble": draw(four), "doubles": draw(four[:1])}
for name in ("leq", "lt", "gte", "gt"):
    save(name, [regressor(forests[name], ["x"], ["y"], base_values=[0.5])])
save("average", [regressor(forests["average"], ["x"], ["y"], aggregate_function="AVERAGE", base_values=[-2.0])])
save("scaler", [helper.make_node("Scaler", ["x"], ["s"], domain="ai.onnx.ml", offset=offset, scale=scale),
                regressor(forests["scaler"], ["s"], ["y"])])
save("concat", [helper.make_node("Concat", [n for n in problem.names], ["c"], axis=1),
                helper.make_node("Identity", ["c"], ["x"]), regressor(forests["concat"], ["x"], ["y"])],
     [(n, 1, TensorProto.FLOAT) for n in problem.names])
save("add", [regressor(forests["add"], ["x"], ["t"]), helper.make_node("Add", ["t", "b"], ["u"]),
             helper.make_node("Cast", ["u"], ["y"], to=TensorProto.FLOAT)],
     initializers=[helper.make_tensor("b", TensorProto.FLOAT, [1], [3.25])])
save("ensemble", [ensemble(forests["ensemble"], ["x"], ["y"])], ml=5)
save("doubles", [helper.make_node("Cast", ["x"], ["d"], to=TensorProto.DOUBLE),
                 regressor(forests["doubles"], ["d"], ["y"], doubles=True)])

pairs = [(int(c), t) for name, forest in forests.items() if name != "scaler" for cs, ts, _, _ in forest for c, t in zip(cs, ts)]
# Where a scaled threshold lies in the predictor itself, give or take a rounding.
pairs += [(int(c), np.float32(t / scale[c] + offset[c])) for cs, ts, _, _ in forests["scaler"] for c, t in zip(cs, ts)]
cells = problem.cells(pairs, n=60)
predicted = {}
for name in forests:
    session = onnxruntime.InferenceSession(f"{here}/{name}.onnx", providers=["CPUExecutionProvider"])
    feed = {n: cells[:, i:i + 1] for i, n in enumerate(problem.names)} if name == "concat" else {"x": cells}
    predicted[name] = session.run(None, feed)[0].ravel()
problem.write_cells(here + "/cells.csv", cells, predicted)

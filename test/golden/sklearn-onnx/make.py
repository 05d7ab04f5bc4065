"""forest.onnx, boosting.onnx: models of scikit-learn as ONNX, laid out as sklearn-onnx lays them out (leaf values divided by
the number of trees, thresholds rounded so that float32 inputs compare as before), written with the onnx package's own
classes. cells.csv: what scikit-learn itself predicts.
Made with scikit-learn 1.2.1, onnx 1.12.0, numpy 1.24.2 (Debian 12). Run: python3 make.py"""
import os
import sys

import numpy as np
from onnx import TensorProto, checker, helper
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import problem


def threshold(value):
    """The highest float32 that is <= value."""
    near = np.float32(value)
    return near if near <= value else np.nextafter(near, np.float32(-np.inf))


def to_onnx(trees, weight, base):
    a = {k: [] for k in "nodes_treeids nodes_nodeids nodes_featureids nodes_values nodes_modes nodes_truenodeids "
         "nodes_falsenodeids nodes_hitrates nodes_missing_value_tracks_true target_treeids target_nodeids target_ids "
         "target_weights".split()}
    for t, tree in enumerate(trees):
        for i in range(tree.node_count):
            is_leaf = tree.children_left[i] < 0
            a["nodes_treeids"].append(t)
            a["nodes_nodeids"].append(i)
            a["nodes_hitrates"].append(1.0)
            a["nodes_missing_value_tracks_true"].append(0)
            a["nodes_featureids"].append(0 if is_leaf else int(tree.feature[i]))
            a["nodes_values"].append(0.0 if is_leaf else float(threshold(tree.threshold[i])))
            a["nodes_modes"].append("LEAF" if is_leaf else "BRANCH_LEQ")
            a["nodes_truenodeids"].append(0 if is_leaf else int(tree.children_left[i]))
            a["nodes_falsenodeids"].append(0 if is_leaf else int(tree.children_right[i]))
            if is_leaf:
                a["target_treeids"].append(t)
                a["target_nodeids"].append(i)
                a["target_ids"].append(0)
                a["target_weights"].append(float(tree.value[i].ravel()[0] * weight))
    if base is not None:
        a["base_values"] = [base]
    node = helper.make_node("TreeEnsembleRegressor", ["input"], ["variable"], domain="ai.onnx.ml", n_targets=1,
                            post_transform="NONE", **a)
    graph = helper.make_graph([node], "trees",
                              [helper.make_tensor_value_info("input", TensorProto.FLOAT, [None, 4])],
                              [helper.make_tensor_value_info("variable", TensorProto.FLOAT, [None, 1])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("ai.onnx.ml", 1), helper.make_opsetid("", 15)])
    checker.check_model(model)
    return model.SerializeToString()


x, y = problem.rows()
forest = RandomForestRegressor(12, min_samples_leaf=4, random_state=1).fit(x, y)
boosting = GradientBoostingRegressor(n_estimators=25, max_depth=3, learning_rate=0.2, random_state=1).fit(x, y)
trees = [e.tree_ for e in forest.estimators_]
steps = [e.tree_ for e in boosting.estimators_[:, 0]]
open(here + "/forest.onnx", "wb").write(to_onnx(trees, 1 / 12, None))
open(here + "/boosting.onnx", "wb").write(to_onnx(steps, 0.2, float(boosting.init_.constant_.ravel()[0])))
splits = [(t.feature[i], t.threshold[i]) for t in trees + steps for i in range(t.node_count) if t.feature[i] >= 0]
cells = problem.cells(splits)
problem.write_cells(here + "/cells.csv", cells,
                    {"forest": forest.predict(cells), "boosting": boosting.predict(cells)})

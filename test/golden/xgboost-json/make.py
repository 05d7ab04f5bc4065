"""boosting.json: Booster.save_model of 25 rounds. forest.json: a random forest of xgboost (XGBRFRegressor).
stopped.json: XGBRegressor after early stopping, whose predict() uses the best iteration only.
cells.csv: what xgboost itself predicts.
Made with xgboost 1.7.4, numpy 1.24.2 (Debian 12). Run: python3 make.py"""
import json
import os
import sys

import numpy as np
import xgboost

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import problem

x, y = problem.rows()
common = {"seed": 1, "nthread": 1}
data = xgboost.DMatrix(x, y, feature_names=problem.names)
boosting = xgboost.train({**common, "max_depth": 4, "eta": 0.2, "base_score": 0.25, "tree_method": "exact"}, data, 25)
boosting.save_model(here + "/boosting.json")
forest = xgboost.XGBRFRegressor(n_estimators=8, max_depth=5, tree_method="hist", random_state=1, n_jobs=1).fit(x, y)
forest.save_model(here + "/forest.json")
held = problem.rows(200, 9)
stopped = xgboost.XGBRegressor(n_estimators=60, max_depth=3, learning_rate=0.3, tree_method="hist", random_state=1, n_jobs=1,
                               early_stopping_rounds=5).fit(x, y, eval_set=[held], verbose=False)
assert stopped.best_iteration + 6 <= stopped.get_booster().num_boosted_rounds()
stopped.save_model(here + "/stopped.json")

splits = []
for name in ("boosting", "forest", "stopped"):
    for tree in json.load(open(f"{here}/{name}.json"))["learner"]["gradient_booster"]["model"]["trees"]:
        for left, column, value in zip(tree["left_children"], tree["split_indices"], tree["split_conditions"]):
            if left >= 0:
                splits.append((column, value))
cells = problem.cells(splits)
problem.write_cells(here + "/cells.csv", cells, {
    "boosting": boosting.predict(xgboost.DMatrix(cells, feature_names=problem.names)),
    "forest": forest.predict(cells),
    "stopped": stopped.predict(cells),
})

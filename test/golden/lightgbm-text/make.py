"""boosting.txt: 25 rounds of boosting. forest.txt: LightGBM's random forest (average_output). l1.txt: 12 rounds with absolute error.
cells.csv: what LightGBM itself predicts.
Made with lightgbm 4.7.0, numpy 2.4.6. Run: python3 make.py"""
import os
import sys

import lightgbm

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import problem

x, y = problem.rows()
common = {"verbose": -1, "seed": 1, "num_threads": 1, "deterministic": True, "num_leaves": 12, "min_data_in_leaf": 5}


def train(rounds, **settings):
    return lightgbm.train({**common, **settings}, lightgbm.Dataset(x, y, feature_name=problem.names), rounds)


models = {
    "boosting": train(25, learning_rate=0.2),
    "forest": train(8, boosting="rf", bagging_fraction=0.6, bagging_freq=1),
    "l1": train(12, objective="regression_l1"),
}
splits = []
for name, model in models.items():
    model.save_model(f"{here}/{name}.txt")
    for line in open(f"{here}/{name}.txt"):
        key, _, rest = line.strip().partition("=")
        if key == "split_feature":
            columns = [int(v) for v in rest.split()]
        elif key == "threshold":
            splits += list(zip(columns, [float(v) for v in rest.split()]))
cells = problem.cells(splits)
problem.write_cells(here + "/cells.csv", cells, {name: model.predict(cells) for name, model in models.items()})

"""cells.csv: what onnxruntime makes of the .onnx files beside this script, which Loam exported (with "golden" for its version):
sum.onnx from xgboost-json/boosting.json, mean.onnx from lightgbm-text/forest.txt. Their inputs are the cells of both cases.
Made with onnxruntime 1.30.0, onnx 1.12.0 (its checker), numpy 1.24.2. Run: python3 make.py"""
import os
import sys

import numpy as np
import onnxruntime
from onnx import checker, load

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(here))
import problem

cells = np.concatenate([np.loadtxt(f"{here}/../{case}/cells.csv", np.float32, delimiter=",", skiprows=1)[:, :4]
                        for case in ("xgboost-json", "lightgbm-text")])
predicted = {}
for name in ("sum", "mean"):
    checker.check_model(load(f"{here}/{name}.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(f"{here}/{name}.onnx", providers=["CPUExecutionProvider"])
    predicted[name] = session.run(["prediction"], {"predictors": cells})[0].ravel()
problem.write_cells(here + "/cells.csv", cells, predicted)

#!/usr/bin/env python3
"""The study's own way to a daily map: scikit-learn and whole arrays. Trains on IN/train.csv, then times file to file: read the
stack, predict the whole day, mask, write a tiled DEFLATE GeoTIFF.  peer_map.py IN OUT.tif TREES LEAF JOBS   prints JSON."""
import json, resource, sys, time
import numpy as np, pandas as pd
from osgeo import gdal
from sklearn.ensemble import RandomForestRegressor
gdal.UseExceptions()
folder, out, trees, leaf, jobs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
table = pd.read_csv(folder + '/train.csv')
X, y = table.iloc[:, :10].to_numpy('f4'), table['SM'].to_numpy('f4')
cut = int(len(X) * .8)
forest = RandomForestRegressor(n_estimators=trees, min_samples_leaf=leaf, n_jobs=jobs, random_state=0).fit(X[:cut], y[:cut])
start = time.time()
source = gdal.Open(folder + '/predictors.tif')
stack = source.ReadAsArray()
height, width = stack.shape[1:]
missing = np.isnan(stack).any(axis=0)
cells = np.nan_to_num(stack.reshape(10, -1).T, nan=0.0).astype('f4')
read = time.time() - start
values = forest.predict(cells).astype('f4').reshape(height, width)
predicted = time.time() - start
values[missing] = np.nan
made = gdal.GetDriverByName('GTiff').Create(out, width, height, 1, gdal.GDT_Float32, ['TILED=YES', 'COMPRESS=DEFLATE', 'PREDICTOR=3'])
made.SetGeoTransform(source.GetGeoTransform()); made.SetProjection(source.GetProjection())
made.GetRasterBand(1).SetNoDataValue(float('nan')); made.GetRasterBand(1).WriteArray(values)
made = None
print(json.dumps(dict(seconds=time.time() - start, read_s=read, predict_s=predicted - read,
    peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)))

#!/usr/bin/env python3
"""From one stack of make_problem.py makes several days: soil and slow vegetation stay, rain, radar and temperatures change.
make_days.py IN/predictors.tif OUT DAYS  writes OUT/day01.tif ... laid out like the first."""
import os, sys
import numpy as np
from osgeo import gdal
gdal.UseExceptions()
DYNAMIC = {'GRD': .3, 'preci': 2.0, 'LST_day': 1.5, 'LST_night': 1.0}
source, out, days = gdal.Open(sys.argv[1]), sys.argv[2], int(sys.argv[3])
os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(5)
for day in range(days):
    path = os.path.join(out, f'day{day + 1:02d}.tif')
    made = gdal.GetDriverByName('GTiff').Create(path, source.RasterXSize, source.RasterYSize, source.RasterCount, gdal.GDT_Float32,
        ['TILED=YES', 'COMPRESS=DEFLATE', 'PREDICTOR=3', 'ZLEVEL=1', 'INTERLEAVE=BAND', 'NUM_THREADS=2', 'BIGTIFF=IF_SAFER'])
    made.SetGeoTransform(source.GetGeoTransform()); made.SetProjection(source.GetProjection())
    for b in range(1, source.RasterCount + 1):
        name, values = source.GetRasterBand(b).GetDescription(), source.GetRasterBand(b).ReadAsArray()
        if name in DYNAMIC and day > 0:
            values = np.roll(values, (37 * day, 91 * day), axis=(0, 1)) + np.float32(DYNAMIC[name] * rng.standard_normal())
        band = made.GetRasterBand(b)
        band.SetDescription(name); band.SetNoDataValue(float('nan')); band.WriteArray(values)
    made = None

-- A project of version 1, as Loam 0.1.0 wrote it. Frozen: it says what old files look like.
CREATE TABLE info (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL, created_at INTEGER NOT NULL, loam_version TEXT NOT NULL
) STRICT;

CREATE TABLE grids (
  id INTEGER PRIMARY KEY,
  crs TEXT NOT NULL,
  a0 REAL NOT NULL, a1 REAL NOT NULL, a2 REAL NOT NULL, a3 REAL NOT NULL, a4 REAL NOT NULL, a5 REAL NOT NULL,
  row_count INTEGER NOT NULL, col_count INTEGER NOT NULL,
  UNIQUE (crs, a0, a1, a2, a3, a4, a5, row_count, col_count)
) STRICT;
CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  grid INTEGER NOT NULL REFERENCES grids,
  date_rule TEXT NOT NULL, notes TEXT NOT NULL, added_at INTEGER NOT NULL
) STRICT;
CREATE TABLE dataset_files (
  dataset INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE, position INTEGER NOT NULL,
  path TEXT NOT NULL, bytes INTEGER NOT NULL, modified_ms REAL NOT NULL, sha256 TEXT NOT NULL,
  PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE dataset_variables (
  dataset INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, scale REAL NOT NULL, offset REAL NOT NULL,
  nodata TEXT NOT NULL, valid_min REAL, valid_max REAL, description TEXT NOT NULL,
  PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE scenes (
  dataset INTEGER NOT NULL REFERENCES datasets ON DELETE CASCADE, position INTEGER NOT NULL,
  variable INTEGER NOT NULL, day TEXT, file INTEGER NOT NULL, subdataset TEXT NOT NULL, band INTEGER NOT NULL,
  PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE station_sets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  crs TEXT NOT NULL, daily TEXT NOT NULL, sources TEXT NOT NULL, notes TEXT NOT NULL, flag_texts TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;
CREATE TABLE stations (
  station_set INTEGER NOT NULL REFERENCES station_sets ON DELETE CASCADE, position INTEGER NOT NULL,
  id TEXT NOT NULL, name TEXT NOT NULL, x REAL, y REAL, elevation REAL,
  PRIMARY KEY (station_set, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE station_variables (
  station_set INTEGER NOT NULL REFERENCES station_sets ON DELETE CASCADE, position INTEGER NOT NULL,
  name TEXT NOT NULL, unit TEXT NOT NULL, depth_from REAL, depth_to REAL,
  PRIMARY KEY (station_set, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  station_set INTEGER NOT NULL REFERENCES station_sets ON DELETE CASCADE,
  station INTEGER NOT NULL, variable INTEGER NOT NULL,
  UNIQUE (station_set, station, variable)
) STRICT;
CREATE TABLE observations (
  series INTEGER NOT NULL REFERENCES series ON DELETE CASCADE,
  observed_at INTEGER NOT NULL, repeat INTEGER NOT NULL,
  value REAL, flag INTEGER NOT NULL,
  PRIMARY KEY (series, observed_at, repeat)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipes (
  hash TEXT PRIMARY KEY, name TEXT NOT NULL, json TEXT NOT NULL, added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL, recipe TEXT NOT NULL REFERENCES recipes, plan_id TEXT NOT NULL, folder TEXT NOT NULL,
  state TEXT NOT NULL, message TEXT NOT NULL,
  created_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER, estimate TEXT, versions TEXT NOT NULL
) STRICT;
CREATE TABLE steps (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, step TEXT NOT NULL,
  state TEXT NOT NULL, total INTEGER NOT NULL, reused INTEGER NOT NULL, computed INTEGER NOT NULL, seconds REAL NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE scores (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, position INTEGER NOT NULL,
  validation TEXT NOT NULL, subject TEXT NOT NULL, part TEXT NOT NULL, measured INTEGER NOT NULL,
  n INTEGER NOT NULL, group_count INTEGER NOT NULL, p_value REAL, measures TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE artefacts (
  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, path TEXT NOT NULL,
  kind TEXT NOT NULL, hash TEXT NOT NULL, day TEXT, bytes INTEGER NOT NULL,
  PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;
INSERT INTO info VALUES (1, 'Old farm', 1543000000000, '0.1.0');
INSERT INTO grids VALUES (1, 'EPSG:32633', 399960, 30, 0, 5000040, 0, -30, 12, 7);
INSERT INTO datasets VALUES (1, 'dem', 1, 'none', '["a note"]', 1543000000000);
INSERT INTO dataset_files VALUES (1, 0, 'data/dem.tif', 4, 1000, '07b14e8f0db6da9a3ab2abb9bfb9b63b1e0e5fe6bb3a0d4bd5a8bf5e0c8ef6b8');
INSERT INTO dataset_variables VALUES (1, 0, 'height', 'm', 'continuous', 1, 0, '[-9999]', NULL, NULL, '');
INSERT INTO scenes VALUES (1, 0, 0, NULL, 0, '', 1);
INSERT INTO station_sets VALUES (1, 'hills', 'EPSG:4326',
  '{"statistic":"mean","minCount":1,"flags":null,"timeZone":"+00:00"}', '[]', '[]', '[""]', 1543000000000);
INSERT INTO stations VALUES (1, 0, 'R1', 'Ridge', 15, 45, NULL);
INSERT INTO station_variables VALUES (1, 0, 'sm', 'm3 m-3', 0, 0.05);
INSERT INTO series VALUES (1, 1, 0, 0);
INSERT INTO observations VALUES (1, 1530403200000, 0, 0.25, 0), (1, 1530489600000, 0, NULL, 0);
PRAGMA application_id = 1282367853;
PRAGMA user_version = 1;

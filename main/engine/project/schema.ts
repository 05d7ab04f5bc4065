import Database from 'better-sqlite3'

/** 'Loam' in ASCII: marks a SQLite file as a Loam project. */
export const applicationId = 0x4c6f616d

/** What turns version n − 1 of the project file into version n, from an empty file on. Never edit a step that has been
 *  released: add one. Times are UTC milliseconds since 1970; paths are relative to the project's folder with `/`. */
export const schemaSteps: readonly string[] = [
  `
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
`,
  `
CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  noted_at INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
`,
  `
CREATE TABLE workspace_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL, revision INTEGER NOT NULL
) STRICT;
CREATE TABLE workspace_steps (
  position INTEGER PRIMARY KEY,
  label TEXT NOT NULL, merge_key TEXT, document TEXT NOT NULL, made_at INTEGER NOT NULL
) STRICT;
`,
]

export const currentVersion = schemaSteps.length

/** One line of `sqlite_schema`. */
export interface SchemaObject {
  readonly type: string
  readonly name: string
  readonly tbl_name: string
  readonly sql: string | null
}

/** Everything a database defines, in a fixed order. */
export function schemaOf(db: Database.Database): SchemaObject[] {
  return db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all() as SchemaObject[]
}

/** Brings a database from version `from` to `to`, one transaction a step. */
export function applySteps(db: Database.Database, from: number, to: number): void {
  for (let version = from + 1; version <= to; version++) {
    db.transaction(() => {
      db.exec(schemaSteps[version - 1])
      db.pragma(`user_version = ${version}`)
    })()
  }
}

const schemas = new Map<number, SchemaObject[]>()

/** What `schemaOf` finds in a sound project of that version. */
export function expectedSchema(version: number): SchemaObject[] {
  const known = schemas.get(version)
  if (known) return known
  const db = new Database(':memory:')
  try {
    applySteps(db, 0, version)
    const schema = schemaOf(db)
    schemas.set(version, schema)
    return schema
  } finally {
    db.close()
  }
}

import Database from 'better-sqlite3'
import { constants, existsSync, statSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { publish } from '../files/index.ts'
import { closeWriter, connect, isOnNetwork, isReadOnlyPlace, prepareForWriting } from './connect.ts'
import { writeEmptyProject } from './empty-project.ts'
import { projectFault } from './faults.ts'
import { migrateFile, migrateProject } from './migrate.ts'
import { privateCopy } from './private-copy.ts'
import { Project } from './project.ts'
import { currentVersion } from './schema.ts'
import { realPlace } from './stored-path.ts'
import { vetProject } from './vet.ts'
import { heldBy, lockForWriting } from './writer-lock.ts'

export interface OpenOptions {
  readonly mode: 'write' | 'read'
  /** What the project is opened for, as another user is told when it is locked: `run r0003`. Default `Loam`. */
  readonly what?: string
}

/** Makes an empty project and opens it for writing.
 *  @param path ends in `.loam`; its folder exists
 *  @throws name_taken when there is a file already; bad_input; not_found; disk_full; io_failed */
export async function createProject(path: string, options: { name: string; what?: string }): Promise<Project> {
  const target = resolve(path)
  if (!target.endsWith('.loam') || basename(target) === '.loam')
    throw new LoamError(
      'bad_input',
      `${path} is not a name for a project; it has to end in .loam, such as farm.loam.`,
      {
        path,
      },
    )
  if (!existsSync(dirname(target)))
    throw new LoamError(
      'not_found',
      `The folder ${dirname(target)} is not there. Make it, then create the project in it.`,
      {
        path,
      },
    )
  if (existsSync(target)) throw taken(target)
  if (!(await isWritable(dirname(target))))
    throw new LoamError('io_failed', `The folder ${dirname(target)} is write-protected. Choose a folder of yours.`, {
      path,
    })
  // Under the lock: of two that create at once, one finds the other's.
  const lock = await lockForWriting(target, options.what ?? 'Loam').catch((thrown: unknown) => {
    throw projectFault(target, thrown)
  })
  try {
    if (existsSync(target)) throw taken(target)
    await publish(target, async (temporary) => writeEmptyProject(temporary, options.name))
  } catch (thrown) {
    throw projectFault(target, thrown)
  } finally {
    await lock.release()
  }
  return openProject(target, { mode: 'write', what: options.what })
}

/** Opens a project. Reading works beside a writer and on a write-protected medium; `heldBy` then names the writer.
 *  @throws not_found; bad_project; newer_version; project_locked when another process writes; io_failed when it is to be
 *  written where nothing may be written */
export async function openProject(path: string, options: OpenOptions): Promise<Project> {
  const given = resolve(path)
  if (!isFile(given)) {
    const meant = [`${given}.loam`, given.replace(/(-runs|-store)([\\/].*)?$/, '.loam')].find(isFile)
    const wayOut = meant ? `Did you mean ${meant}?` : 'Check the path, or create the project.'
    throw new LoamError('not_found', `There is no project ${given}. ${wayOut}`, { path: given })
  }
  if (statSync(given).size === 0)
    throw new LoamError(
      'bad_project',
      `${given} is an empty file, not a project. Remove it, then create the project.`,
      {
        path: given,
      },
    )
  const target = realPlace(given)
  try {
    return options.mode === 'write' ? await openWriter(target, options.what ?? 'Loam') : await openReader(target)
  } catch (thrown) {
    throw projectFault(target, thrown)
  }
}

async function openWriter(path: string, what: string): Promise<Project> {
  if (await isReadOnlyPlace(path))
    throw new LoamError(
      'io_failed',
      `${path} cannot be written there. Open it for reading, or copy it to a folder of yours.`,
      {
        path,
      },
    )
  const lock = await lockForWriting(path, what)
  let db: Database.Database | null = null
  try {
    db = connect(path, { readonly: false })
    const version = vetProject(db, path)
    if (version < currentVersion) {
      db.close()
      await migrateProject(path, version)
      db = connect(path, { readonly: false })
      vetProject(db, path)
    }
    const onNetwork = isOnNetwork(dirname(path))
    prepareForWriting(db, onNetwork)
    const writer = db
    return new Project({
      db,
      path,
      mode: 'write',
      heldBy: null,
      warnings: onNetwork ? [networkWarning] : [],
      async release() {
        try {
          closeWriter(writer)
        } finally {
          await lock.release()
        }
      },
    })
  } catch (thrown) {
    db?.close()
    await lock.release()
    throw thrown
  }
}

async function openReader(path: string): Promise<Project> {
  const holder = await heldBy(path)
  const inPlace = isOnNetwork(dirname(path)) ? null : openInPlace(path)
  if (inPlace)
    return new Project({
      db: inPlace,
      path,
      mode: 'read',
      heldBy: holder,
      warnings: [],
      async release() {
        inPlace.close()
      },
    })
  const copy = await privateCopy(path)
  let db: Database.Database | null = null
  try {
    // Writable, because a log that a crashed writer left is replayed into the copy.
    db = connect(copy.path, { readonly: false })
    const version = vetProject(db, path)
    if (version < currentVersion) {
      db.close()
      migrateFile(copy.path, version)
      db = connect(copy.path, { readonly: false })
    }
    db.pragma('query_only = ON')
    const reader = db
    return new Project({
      db,
      path,
      mode: 'read',
      heldBy: holder,
      warnings: [],
      async release() {
        reader.close()
        await copy.remove()
      },
    })
  } catch (thrown) {
    db?.close()
    await copy.remove()
    throw thrown
  }
}

/** Null where the file cannot be read in its place: an older version, or a log that may not be replayed there.
 *  @throws bad_project, newer_version */
function openInPlace(path: string): Database.Database | null {
  const db = connect(path, { readonly: true })
  try {
    if (vetProject(db, path) === currentVersion) return db
  } catch (thrown) {
    const code = thrown instanceof Database.SqliteError ? thrown.code : ''
    if (!/^SQLITE_(CANTOPEN|READONLY|IOERR)/.test(code)) {
      db.close()
      throw thrown
    }
  }
  db.close()
  return null
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function taken(path: string): LoamError {
  return new LoamError('name_taken', `There is already a file ${path}. Open it, or choose another name.`, { path })
}

const networkWarning =
  'The project is on a network drive: saving is slower there, and only one computer should use it at a time.'

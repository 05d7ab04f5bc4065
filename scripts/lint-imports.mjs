// npm run lint: holds every import in main/, preload/ and renderer/ against the table of rooms in docs/architecture.md.
// Prints `file:line: what is wrong` and exits 1. An argument names another repository to look at (for the tests).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'

/** Rooms that may use less of main/ than the table's order allows. */
const usesOnly = {
  'preload/': ['main/contract/'],
  // Its rooms may use each other, in the table's order.
  'renderer/': ['main/contract/', 'renderer/'],
  'main/desktop/': ['main/contract/'],
  'main/contract/': [],
  'main/native/': [],
}
/** Folders whose packages are their own affair: they are no part of the engine. */
const ownPackages = ['preload/', 'renderer/', 'main/desktop/', 'main/server/']
/** Rooms that are pure data: not even Node's own modules. */
const withoutNode = ['main/contract/']
/** Rooms whose files may be imported one by one: pages are small and their styles travel with them. */
const withoutDoors = ['renderer/']
/** Files outside the rooms that any room may read. */
const everybodys = ['package.json']

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
const rooms = roomsOf(readFileSync(join(root, 'docs/architecture.md'), 'utf8'))
const faults = ['main', 'preload', 'renderer'].flatMap(sourcesIn).flatMap(faultsIn)
for (const fault of faults) console.log(fault)
process.exit(faults.length > 0 ? 1 : 0)

/** Rows of the table under "The rooms", from the top down.
 *  @returns {{ place: string, owns: string[] }[]} place ends in `/` for a folder; owns are packages, or rooms, that only
 *  this one may use */
function roomsOf(text) {
  const rows = text.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim().replaceAll('`', ''))
    return cells.length === 5 && /^(main|preload|renderer)\//.test(cells[1]) ? [cells] : []
  })
  if (rows.length === 0) throw new Error('docs/architecture.md has no table of rooms')
  return rows.map(([, place, , owner]) => ({
    place,
    owns: owner
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
  }))
}

/** Paths of all sources below a folder, relative to the root, with `/`. */
function sourcesIn(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'build' ? [] : sourcesIn(path)
    return /\.(ts|tsx|mts|js|mjs)$/.test(entry.name) ? [path] : []
  })
}

function faultsIn(file) {
  const text = readFileSync(join(root, file), 'utf8')
  const room = roomOf(file)
  if (!room) return [`${file}:1: is in no room of docs/architecture.md; add a row to its table, or move the file`]
  return namesIn(text, file).flatMap(({ name, start, isPath }) => {
    const fault = isPath ? binaryFault(room) : importFault(file, room, name)
    const line = text.slice(0, start).split('\n').length
    return fault ? [`${file}:${line}: "${name}" ${fault}`] : []
  })
}

/** The room a file lies in; the longest place wins. Fronts that have no row yet are rooms of their own. */
function roomOf(path) {
  const named = rooms.filter(({ place }) => (place.endsWith('/') ? path.startsWith(place) : path === place))
  const front = Object.keys(usesOnly).find((place) => path.startsWith(place))
  const longest = named.sort((a, b) => b.place.length - a.place.length)[0]
  return longest ?? (front ? { place: front, owns: [] } : undefined)
}

function importFault(file, room, name) {
  if (!name.startsWith('.')) return packageFault(room, name)
  const target = posix.normalize(posix.join(posix.dirname(file), name))
  if (everybodys.includes(target)) return null
  const other = roomOf(target)
  if (!other) return 'is in no room of docs/architecture.md'
  if (other.place === room.place) return null
  const only = usesOnly[Object.keys(usesOnly).find((place) => room.place.startsWith(place))]
  if (only && !only.some((place) => other.place.startsWith(place)))
    return `may not be used here: ${room.place} uses ${only.join(', ') || 'no other room'}`
  if (rooms.indexOf(other) < rooms.indexOf(room))
    return `is in ${other.place}, which docs/architecture.md lists above ${room.place}`
  const place = other.place.replace(/\/$/, '')
  const owner = rooms.find(({ owns }) => owns.includes(place))
  if (owner && !room.owns.includes(place)) return `may be used by ${owner.place} only`
  if (withoutDoors.some((place) => other.place.startsWith(place))) return null
  const door = other.place.endsWith('/') ? `${other.place}index.ts` : other.place
  return target === door ? null : `goes past the door of ${other.place}; use its index.ts`
}

function packageFault(room, name) {
  if (isBuiltin(name))
    return withoutNode.includes(room.place) ? `may not be used here: ${room.place} is pure data` : null
  const parts = name.split('/')
  const packageName = name.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
  if (room.owns.includes(packageName)) return null
  const owner = rooms.find(({ owns }) => owns.includes(packageName))
  if (!owner && ownPackages.some((place) => room.place.startsWith(place))) return null
  return owner ? `may be used by ${owner.place} only` : 'belongs to no room of docs/architecture.md'
}

function binaryFault(room) {
  if (room.owns.includes('the binary')) return null
  return `is a native binary, which ${rooms.find(({ owns }) => owns.includes('the binary'))?.place} loads only`
}

/** Everything a source imports, requires, or names as a `.node` file, with the place in the text. */
function namesIn(text, file) {
  const found = []
  const add = (literal) => {
    if (typeof literal?.value === 'string') found.push({ name: literal.value, start: literal.start, isPath: false })
  }
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return
    if (Array.isArray(node)) return node.forEach(visit)
    if (/^(Import|ExportNamed|ExportAll)Declaration$|^ImportExpression$|^TSImportType$/.test(node.type))
      add(node.source)
    if (node.type === 'TSExternalModuleReference') add(node.expression)
    if (node.type === 'CallExpression' && /^require(\.resolve)?$/.test(calleeName(node.callee))) add(node.arguments[0])
    const words = node.type === 'TemplateElement' ? node.value.cooked : node.type === 'Literal' ? node.value : null
    if (typeof words === 'string' && words.endsWith('.node'))
      found.push({ name: words, start: node.start, isPath: true })
    for (const key of Object.keys(node)) if (key !== 'type') visit(node[key])
  }
  visit(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file).body)
  return found
}

function calleeName(callee) {
  if (callee.type === 'Identifier') return callee.name
  return callee.type === 'MemberExpression' ? `${callee.object.name}.${callee.property.name}` : ''
}

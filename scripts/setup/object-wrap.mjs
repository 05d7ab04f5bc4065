// Headers of Node 24.19 and later 24.x hold an ObjectWrap whose destructor asks for an environment that need not be there
// while the garbage collector runs: "Assertion failed: (env) != nullptr", and the process is gone. better-sqlite3 12 wraps
// its objects with it, and what counts are the headers it was built with. So it is built with that header as it was before.
// Source: nodejs/node issue 65446. Goes when better-sqlite3 can be 13 (Node 22 and later).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { outFolder } from './places.mjs'

const hooks = /\b(Add|Remove)EnvironmentCleanupHook\(v8::Isolate::GetCurrent\(\), CleanupHook, this\);/g

/** Settings for the environment of a build: {} where the header of the running Node is sound. */
export function soundObjectWrap() {
  const header = `${dirname(dirname(process.execPath))}/include/node/node_object_wrap.h`
  const text = existsSync(header) ? readFileSync(header, 'utf8') : ''
  if (text.search(hooks) < 0) return {}
  const sound = `${outFolder}/headers/node_object_wrap.h`
  mkdirSync(dirname(sound), { recursive: true })
  writeFileSync(sound, text.replace(hooks, ''))
  // Read before all else, it leaves its include guard behind, so that the header of Node is passed over.
  return { CXXFLAGS: `${process.env.CXXFLAGS ?? ''} -include ${sound}`.trim() }
}

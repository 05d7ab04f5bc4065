import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepWindowState, placeWindow, readWindowState } from '../../main/desktop/window-state.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const main = { x: 0, y: 25, width: 1920, height: 1055 }
const left = { x: -1280, y: 0, width: 1280, height: 1024 }
const state = { x: -1200, y: 40, width: 1000, height: 700, isMaximised: false }

test('a window opens where it was, also on a second screen', () => {
  expect(placeWindow(state, [main, left])).toEqual(state)
  expect(placeWindow({ ...state, isMaximised: true }, [main, left])).toEqual({ ...state, isMaximised: true })
})

test('a window that could not be seen or held opens in the middle of the main screen, in its size', () => {
  const centred = { x: 460, y: 203, width: 1000, height: 700, isMaximised: false }
  expect(placeWindow(state, [main])).toEqual(centred)
  expect(placeWindow({ ...state, x: 1900, y: 100 }, [main])).toEqual(centred)
  expect(placeWindow({ ...state, x: 100, y: 0 }, [main])).toEqual(centred)
  expect(placeWindow({ ...state, x: 100, y: 1070 }, [main])).toEqual(centred)
})

test('damaged, absent or unfit settings give the usual size, no larger than the screen', () => {
  const usual = { x: 240, y: 103, width: 1440, height: 900, isMaximised: false }
  for (const kept of [null, 1, 'x', {}, { ...state, x: 'a' }, { ...state, width: Infinity }, { ...state, width: 10 }])
    expect(placeWindow(kept, [main])).toEqual(usual)
  expect(placeWindow(null, [{ x: 0, y: 0, width: 800, height: 600 }])).toMatchObject({
    x: 0,
    y: 0,
    width: 800,
    height: 600,
  })
})

test('the place is kept and read again; a damaged file is as none', () => {
  const path = join(temporaryFolder(), 'settings', 'window.json')
  expect(readWindowState(path)).toBeNull()
  keepWindowState(path, state)
  expect(readWindowState(path)).toEqual(state)
  writeFileSync(path, '{"x": 1')
  expect(readWindowState(path)).toBeNull()
})

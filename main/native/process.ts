import { binary, checkCount } from './binary.ts'

interface ProcessBinary {
  setParentDeathSignal(): boolean
  limitDataBytes(bytes: number): boolean
  crashForTest(): void
}

/** Has the system kill this process when its parent dies, also during a native call. Linux only; elsewhere nothing happens.
 *  @returns whether it is set */
export function setParentDeathSignal(): boolean {
  return binary<ProcessBinary>().setParentDeathSignal()
}

/** Limits heap and private memory of this process; allocations beyond fail.
 *  @returns whether it is set; false on Windows */
export function limitDataBytes(bytes: number): boolean {
  checkCount(bytes, 1, 'bytes')
  return binary<ProcessBinary>().limitDataBytes(bytes)
}

/** Dies as native code dies, if the environment has LOAM_FAULT=crash; else does nothing. */
export function crashForTest(): void {
  binary<ProcessBinary>().crashForTest()
}

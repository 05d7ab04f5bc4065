import { crashForTest, setParentDeathSignal } from '../../native/index.ts'

/** For child processes: the system ends this process when its parent dies, even in the midst of a native call, which an IPC
 *  `disconnect` cannot do. Linux only; elsewhere the child has to watch `disconnect`.
 *  With LOAM_FAULT=crash in the environment the process dies here, as native code dies. */
export function leaveWithParent(): void {
  setParentDeathSignal()
  crashForTest()
}

import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'

/** Numbers that are too many for memory, for a while: a file that is gone when it is closed, and where the system allows it
 *  as soon as the process ends, however it ends. Its cells are zero until they are written. */
export class ScratchFile {
  readonly #path: string
  readonly #handle: number

  /** @param path where no file is; see `temporaryPathFor` */
  constructor(path: string) {
    this.#path = path
    this.#handle = openSync(path, 'wx+', 0o600)
    // Windows removes no file that is open.
    if (process.platform !== 'win32') rmSync(path)
  }

  /** Fills `bytes` from a position; beyond what was written with zeros. */
  read(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.#handle, bytes, done, bytes.length - done, position + done)
      if (count === 0) {
        bytes.fill(0, done)
        return
      }
      done += count
    }
  }

  /** @throws the system's fault when the disk is full */
  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#handle, bytes, done, bytes.length - done, position + done)
  }

  close(): void {
    closeSync(this.#handle)
    rmSync(this.#path, { force: true })
  }
}

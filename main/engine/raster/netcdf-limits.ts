import { LoamError } from '../../contract/index.ts'

/** What lays out or encodes a classic NetCDF file, which has limits of size.
 *  @throws too_large when it goes beyond them */
export function withinNetcdfLimits<T>(path: string, make: () => T): T {
  try {
    return make()
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault
    throw new LoamError(
      'too_large',
      `${path} cannot be written as NetCDF: ${fault.message}. Write fewer days a file.`,
      { path },
    )
  }
}

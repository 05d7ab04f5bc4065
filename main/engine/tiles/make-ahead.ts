import { setPriority } from 'node:os'
import type { RasterDataset } from '../../contract/index.ts'

/** Rasters below this many cells are averaged faster than a process starts. */
const manyCells = 4_000_000
/** As little of the machine as there is. */
const leastPriority = 19

/** Variables worth averaging ahead of need: large, without dates, so that every view and every preview uses them. Those with dates
 *  are too many; they are averaged when a day is looked at. */
export function largeStatics(datasets: readonly RasterDataset[]): { dataset: string; variable: string }[] {
  return datasets
    .filter(({ grid }) => grid.rows * grid.cols >= manyCells)
    .flatMap(({ name, variables, scenes }) =>
      variables.flatMap((variable, i) =>
        scenes.some((scene) => scene.variable === i && scene.day === null)
          ? [{ dataset: name, variable: variable.name }]
          : [],
      ),
    )
}

/** Lets a process have what others leave; where that cannot be set it works as any other. */
export function yieldToOthers(pid: number | null): void {
  try {
    if (pid !== null) setPriority(pid, leastPriority)
  } catch {
    // Not allowed on this machine.
  }
}

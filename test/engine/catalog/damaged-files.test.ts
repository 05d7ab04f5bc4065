import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeFile } from '../../../main/engine/catalog/index.ts'
import { LoamError } from '../../../main/contract/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { bundleScript } from '../../bundle.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { tinyFolder } from './tiny-series.ts'

const script = fileURLToPath(new URL('../../../main/engine/catalog/describe-process.ts', import.meta.url))

describeWithSharedData('damaged files', () => {
  let child: Awaited<ReturnType<typeof bundleScript>>
  beforeAll(async () => {
    child = await bundleScript(script)
  })
  afterAll(() => child.remove())

  it.each([
    'cookfarm/grids/dem.tif',
    'format_samples/netcdf_misc/timeseries.nc',
    'format_samples/satellite/LIS_HIST_201704010000.d01.nc',
    'format_samples/improper/improper_lprm_datacube_ascending.nc',
  ])('%s with random bytes changed or cut off is described or refused, never our fault', async (file) => {
    const random = new Random(5)
    const folder = tinyFolder()
    const whole = readFileSync(sharedData(file))
    for (let round = 0; round < 12; round++) {
      const bytes = Buffer.from(whole)
      // Headers are where decoders go wrong.
      const reach = round % 2 === 0 ? bytes.length : Math.min(bytes.length, 3000)
      for (let change = 0; change < 8; change++) bytes[random.below(reach)] = random.below(256)
      const path = join(folder, `${round}_${basename(file)}`)
      writeFileSync(path, bytes.subarray(0, round % 5 === 4 ? random.below(bytes.length) : bytes.length))
      const outcome = await describeFile(path, { child: child.path }).catch((fault: unknown) => fault)
      if (!(outcome instanceof LoamError)) continue
      expect({ path, code: outcome.code, message: outcome.message }).not.toMatchObject({ code: 'internal' })
      expect(outcome.message).toContain(`${round}_`)
    }
  })
})

import { expect, it } from 'vitest'
import {
  krige,
  leaveOneOut,
  parseVariogram,
  solveKriging,
  variogramPart,
} from '../../../main/engine/geostatistics/index.ts'
import type { KrigingOptions, VariogramModel } from '../../../main/engine/geostatistics/index.ts'
import { describeWithSharedData } from '../../shared-data.ts'
import { juraCadmium, largestRelative, meuseLogZinc, referenceMap, referenceTable } from './reference-points.ts'

function meuseModel(): VariogramModel {
  const { psill, range } = referenceTable('meuse/log_zinc_variogram_fit.csv')
  return [
    variogramPart({ shape: 'nug', partialSill: psill[0] }),
    variogramPart({ shape: 'sph', partialSill: psill[1], range: range[1] }),
  ]
}

// The maps are read as float32 (6e-8 relative); the issue asks for 1e-6.
describeWithSharedData('kriging beside gstat', () => {
  it.each([
    { name: 'points', prediction: 'log_zinc_ok_pred', variance: 'log_zinc_ok_var', options: {} },
    {
      name: '40 m blocks',
      prediction: 'log_zinc_block40_pred',
      variance: 'log_zinc_block40_var',
      options: { block: [40, 40] },
    },
  ] as { name: string; prediction: string; variance: string; options: KrigingOptions }[])(
    'meuse log zinc, $name',
    async ({ prediction, variance, options }) => {
      const [value, spread] = [await referenceMap(prediction), await referenceMap(variance)]
      const found = await krige(await solveKriging(meuseLogZinc(), meuseModel(), options), value)
      expect(value.values.length).toBeGreaterThan(3000)
      expect(largestRelative(found.prediction, value.values)).toBeLessThan(1e-6)
      expect(largestRelative(found.variance!, spread.values)).toBeLessThan(1e-6)
    },
  )

  it('meuse log zinc, stations left out', async () => {
    const scores = await leaveOneOut(meuseLogZinc(), meuseModel())
    const reference = referenceTable('meuse/log_zinc_ok_loocv.csv')
    expect(largestRelative(scores.prediction, reference['var1.pred'])).toBeLessThan(1e-9)
    expect(largestRelative(scores.variance, reference['var1.var'])).toBeLessThan(1e-9)
    expect(Math.abs(scores.rmse - 0.3918)).toBeLessThan(1e-4)
    expect(scores.meanSquaredZ).toBeCloseTo(0.8185, 4)
  })

  it('jura Cd, nested model', async () => {
    const { Xloc, Yloc, pred, var: spread } = referenceTable('jura/Cd_ok_grid.csv')
    const model = parseVariogram('nug(0.3)+sph(0.3,0.2)+sph(0.26,1.3)')
    const found = await krige(await solveKriging(juraCadmium(), model), { x: Xloc, y: Yloc })
    expect(largestRelative(found.prediction, pred)).toBeLessThan(1e-6)
    expect(largestRelative(found.variance!, spread)).toBeLessThan(1e-6)
  })
})

import type { DatasetRow, LayerSource } from '../../../main/contract/index.ts'

/** Elevation of the project that a shade can be made of: metres, without dates; null when there is none. */
export function elevationOf(rows: readonly DatasetRow[]): { dataset: string; variable: string } | null {
  for (const { name, variables, firstDay } of rows)
    for (const variable of variables)
      if (
        firstDay === null &&
        variable.kind === 'continuous' &&
        /^(m|metres?|meters?)$/i.test(variable.unit.trim()) &&
        /dem|dtm|elev|altitude|height|terrain/i.test(`${name} ${variable.name}`)
      )
        return { dataset: name, variable: variable.name }
  return null
}

const half = Math.SQRT1_2

/** The light a surface gets from the north-west, 45° above the horizon, 0 to 1; level ground has 0.71.
 *  Source: Horn (1981), Proceedings of the IEEE 69, 14–47: reflectance of a surface that scatters light evenly. */
export function hillshadeSource({ dataset, variable }: { dataset: string; variable: string }): LayerSource {
  const elevation = { series: dataset, variable }
  // cos 45° · cos slope + sin 45° · sin slope · cos(315° − aspect), with the aspect as its northness and eastness.
  const slope = `(slope * ${Math.PI / 180})`
  const formula = `max(0, ${half} * cos${slope} + ${half} * sin${slope} * ${half} * (north - east))`
  return {
    of: 'field',
    name: 'Shade of the terrain',
    fields: {},
    expression: {
      formula,
      inputs: {
        slope: { terrain: 'slope', elevation },
        north: { terrain: 'northness', elevation },
        east: { terrain: 'eastness', elevation },
      },
      unit: '1',
    },
  }
}

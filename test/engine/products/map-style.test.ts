import { expect, test } from 'vitest'
import { rampBytes } from '../../../main/contract/index.ts'
import { qmlStyle, sldStyle, styleOfQuantity } from '../../../main/engine/products/index.ts'

test('styles for other programs have the colours of the window at the values of its range', () => {
  const style = styleOfQuantity('soil moisture', 'm3 m-3', null)
  expect(style).toMatchObject({ ramp: 'moisture', range: [0, 0.5] })
  const bytes = rampBytes('moisture')
  const hex = (step: number): string =>
    `#${[...bytes.subarray(4 * step, 4 * step + 3)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  const qml = [...qmlStyle(style).matchAll(/<item value="([^"]+)" label="[^"]+" color="(#\w{6})"/g)]
  expect(qml).toHaveLength(33)
  expect([qml[0].slice(1, 3), qml.at(-1)!.slice(1, 3)]).toEqual([
    ['0', hex(0)],
    ['0.5', hex(255)],
  ])
  expect(Number(qml[16][1])).toBeCloseTo(0.25, 10)
  const sld = [...sldStyle(style).matchAll(/<ColorMapEntry color="(#\w{6})" quantity="([^"]+)"/g)]
  expect(sld.map(([, colour, value]) => [value, colour])).toEqual(qml.map(([, value, colour]) => [value, colour]))
  expect(sldStyle(styleOfQuantity('a < b & "c"', '1', [2, 3]))).toContain('<Title>a &lt; b &amp; &quot;c&quot;</Title>')
  expect(styleOfQuantity('soil moisture, standard deviation', 'm3 m-3', null)).toMatchObject({
    ramp: 'uncertainty',
    range: [0, 0.1],
  })
  expect(styleOfQuantity('wells', 'm', [2, 3])).toMatchObject({ ramp: 'viridis', range: [2, 3] })
})

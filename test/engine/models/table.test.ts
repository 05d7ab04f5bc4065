import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyToTable, readModelFile, trainFromTable } from '../../../main/engine/models/index.ts'

const settings = { type: 'forest', treeCount: 10, minLeafSize: 2, maxDepth: 64, sampleFraction: 1 } as const
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-table-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function train(text: string, more: { predictors?: string[]; target?: string } = {}) {
  const tablePath = join(folder, 'table.csv')
  const out = join(folder, 'm.loammodel')
  await writeFile(tablePath, text)
  return trainFromTable({ tablePath, target: 'SM', settings, seed: 1, threads: 1, out, ...more })
}

const plain = ['x,"name, odd",SM', ...Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${i < 20 ? 0.1 : 0.4}`)].join(
  '\n',
)

describe('trainFromTable and applyToTable', () => {
  it('trains on named columns and leaves out incomplete rows, counted', async () => {
    const trained = await train(plain + '\n41,NA,0.4\n42,3,\n')
    expect(trained).toMatchObject({
      rows: 40,
      excluded: 2,
      info: { predictors: ['x', 'name, odd'], settings: { predictorsPerSplit: 2 } },
    })
    expect(trained.info.importance.impurity[0]).toBeGreaterThan(0.95)
  })

  it('reads the same from a table with semicolons, decimal commas, quotes, CRLF and a byte order mark', async () => {
    await train(plain)
    const model = (await readModelFile(join(folder, 'm.loammodel'))).encode()
    const european = plain
      .split('\n')
      .map((line, i) =>
        i === 0 ? 'x;"name, odd";SM' : line.replaceAll(',', ';').replace('.', ',').replace(/^\d+/, '"$&"'),
      )
    await train('\ufeff' + european.join('\r\n') + '\r\n')
    expect((await readModelFile(join(folder, 'm.loammodel'))).encode()).toEqual(model)
  })

  it('writes every row with its prediction, in any order of columns, empty where a predictor is missing', async () => {
    await train(plain)
    const tablePath = join(folder, 'new.csv')
    const out = join(folder, 'out.csv')
    await writeFile(tablePath, 'place,"name, odd",x\n"A ""1""",2,3\nB,2,\n"C,D",2,35\n')
    const done = await applyToTable({ modelPath: join(folder, 'm.loammodel'), tablePath, out })
    expect(done).toEqual({ rows: 3, predicted: 2 })
    const lines = (await readFile(out, 'utf8')).split('\n')
    expect(lines[0]).toBe('place,"name, odd",x,prediction')
    expect(lines[1]).toMatch(/^"A ""1""",2,3,0\.1\d*$/)
    expect(lines[2]).toBe('B,2,,')
    expect(Number(lines[3].split(',').at(-1))).toBeCloseTo(0.4, 1)
    expect(lines.length).toBe(5)
  })

  it('names what is wrong with a table', async () => {
    await expect(train(plain, { predictors: ['x', 'NDVI'] })).rejects.toMatchObject({
      code: 'missing_predictor',
      message: expect.stringMatching(/no column "NDVI"\. It has: x, name, odd, SM/),
    })
    await expect(train(plain, { target: 'x', predictors: ['x'] })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(train('a,SM\n1,2\nlow,3\n')).rejects.toMatchObject({
      code: 'bad_table',
      message: expect.stringMatching(/line 3, column "a": "low"/),
    })
    await expect(train('a,SM\n1,2\n1,2,3\n')).rejects.toMatchObject({
      code: 'bad_table',
      message: expect.stringMatching(/line 3/),
    })
    await expect(train('a,a,SM\n1,2,3\n')).rejects.toMatchObject({ code: 'bad_table' })
    await expect(train('a,SM\n1,\n')).rejects.toMatchObject({ code: 'too_few_rows' })
    await expect(train('')).rejects.toMatchObject({ code: 'bad_table' })
  })
})

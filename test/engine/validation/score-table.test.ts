import { describe, expect, it } from 'vitest'
import { dayNumber } from '../../../main/contract/index.ts'
import type { Day, ScoreRow } from '../../../main/contract/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { formatScores, isSmall, score, scoreTable, scoresToCsv } from '../../../main/engine/validation/index.ts'

/** Five stations, 100 days from 2018-06-15, as plain columns; station 3 has 5 days only. */
function madePairs() {
  const random = new Random(12)
  const predicted: number[] = []
  const observed: number[] = []
  const group: number[] = []
  const day: number[] = []
  for (let station = 0; station < 5; station++)
    for (let d = 0; d < (station === 3 ? 5 : 100); d++) {
      const truth = 0.2 + 0.05 * random.normal()
      observed.push(truth)
      predicted.push(truth + 0.02 * random.normal())
      group.push(station)
      day.push(dayNumber('2018-06-15' as Day) + d)
    }
  return { predicted, observed, group, day, groupNames: ['R2', 'R10', 'R1', 'R3', 'R4'] }
}

const options = { validation: 'raam', subject: 'fine map', measured: true, seed: 1, resamples: 100 }

describe('scoreTable', () => {
  const pairs = madePairs()
  const rows = scoreTable(pairs, options)

  it('has a row overall, per station by name, per month in time', () => {
    expect(rows.map((row) => row.part)).toEqual([
      'overall',
      'station:R1',
      'station:R10',
      'station:R2',
      'station:R3',
      'station:R4',
      'month:2018-06',
      'month:2018-07',
      'month:2018-08',
      'month:2018-09',
    ])
    expect(rows.every((row) => row.validation === 'raam' && row.subject === 'fine map' && row.measured)).toBe(true)
  })

  it('parts add up to the whole, and each equals the score of its pairs', () => {
    const count = (kind: string) =>
      rows.filter((row) => row.part.startsWith(kind)).reduce((sum, row) => sum + row.scores.n, 0)
    expect([count('overall'), count('station'), count('month')]).toEqual([405, 405, 405])
    const july = [...pairs.day.keys()].filter(
      (i) => pairs.day[i] >= dayNumber('2018-07-01' as Day) && pairs.day[i] <= dayNumber('2018-07-31' as Day),
    )
    const take = (from: number[]) => july.map((i) => from[i])
    expect(rows.find((row) => row.part === 'month:2018-07')!.scores).toEqual(
      score(take(pairs.predicted), take(pairs.observed), take(pairs.group), options),
    )
  })

  it('one station is resampled by its months', () => {
    const scores = rows.find((row) => row.part === 'station:R1')!.scores
    expect(scores.groups).toBe(4)
    expect(scores.measures.rmse.low).not.toBeNull()
    const short = rows.find((row) => row.part === 'station:R3')!
    expect([short.scores.groups, short.scores.measures.rmse.low, isSmall(short)]).toEqual([1, null, true])
  })

  it('scores only what the pairs allow and what is asked for', () => {
    const { predicted, observed, group } = pairs
    expect(scoreTable({ predicted, observed, group }, options).map((row) => row.part)).toEqual(['overall'])
    expect(scoreTable(pairs, { ...options, by: ['month'] }).length).toBe(4)
    const silent = { ...pairs, predicted: pairs.predicted.map((value, i) => (pairs.group[i] === 3 ? NaN : value)) }
    expect(scoreTable(silent, options).some((row) => row.part === 'station:R3')).toBe(false)
    expect(() => scoreTable({ ...pairs, day: [1] }, options)).toThrow(/a day per pair/)
  })
})

describe('formatScores', () => {
  const pairs = madePairs()
  const overall = (validation: string, subject: string, measured = true): ScoreRow =>
    scoreTable(pairs, { ...options, validation, subject, measured, by: ['overall'] })[0]

  it('puts subjects side by side, the hardest split first, the coarse product always there', () => {
    const text = formatScores([
      overall('crossValidation', 'random folds'),
      overall('crossValidation', 'place folds'),
      overall('raam', 'coarse product'),
      overall('raam', 'fine map'),
    ])
    const lines = text.split('\n')
    expect(lines[0]).toBe('Accuracy by cross-validation')
    expect(lines[1]).toMatch(/^ +place folds +random folds +coarse product$/)
    expect(lines[2]).toMatch(/^n \(groups\) +405 \(5\) +405 \(5\) +not given$/)
    expect(text).toMatch(/Optimism of random folds against place folds: RMSE 0\.0000, R 0\.000/)
    expect(text).toMatch(/Accuracy against raam\n +fine map +coarse product\n/)
  })

  it('shows each value with its interval, aligned, no line ending in spaces', () => {
    const row = overall('raam', 'fine map')
    const text = formatScores([row])
    const { value, low, high } = row.scores.measures.rmse
    expect(text).toContain(`RMSE        ${value.toFixed(4)} [${low!.toFixed(4)}, ${high!.toFixed(4)}]`)
    expect(text).toMatch(/p of R = 0 +< 0\.001/)
    const starts = text
      .split('\n')
      .slice(2, 13)
      .map((line) => line.indexOf(line.slice(11).trim().split(' ')[0], 11))
    expect(new Set(starts)).toEqual(new Set([12]))
    expect(text.split('\n').filter((line) => line !== line.trimEnd())).toEqual([])
  })

  it('says consistency, not accuracy, when the reference is modelled', () => {
    const text = formatScores([overall('cgls', 'fine map', false)])
    expect(text).toMatch(/^Consistency with cgls \(the reference is itself modelled\)/)
    expect(text).not.toMatch(/accuracy/i)
  })

  it('marks few pairs and lists parts when asked', () => {
    const rows = scoreTable(pairs, options)
    expect(formatScores(rows)).not.toContain('station:R3')
    expect(formatScores(rows)).not.toContain('fewer than 20')
    const text = formatScores(rows, { parts: true })
    expect(text).toMatch(/station:R3 +fine map +5\* /)
    expect(text).toContain('* fewer than 20 pairs')
    expect(formatScores([])).toBe('There are no scores.')
  })

  it('shows a dash for what has no value, also after a trip through JSON', () => {
    const flat = scoreTable({ ...pairs, predicted: pairs.predicted.map(() => 0.2) }, { ...options, by: ['overall'] })
    for (const rows of [flat, JSON.parse(JSON.stringify(flat)) as ScoreRow[]])
      expect(formatScores(rows)).toMatch(/\nR +– +–\n/)
  })

  it('chooses decimals by the size of the numbers', () => {
    const percent = {
      ...pairs,
      predicted: pairs.predicted.map((v) => v * 1000),
      observed: pairs.observed.map((v) => v * 1000),
    }
    expect(formatScores(scoreTable(percent, { ...options, by: ['overall'] }))).toMatch(/RMSE +\d\d\.\d \[/)
  })
})

describe('scoresToCsv', () => {
  const pairs = madePairs()

  it('keeps all digits and reads back', () => {
    const rows = scoreTable(pairs, options)
    const [head, ...body] = scoresToCsv(rows)
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','))
    expect(body.length).toBe(rows.length)
    body.forEach((cells, i) => {
      expect(cells.length).toBe(head.length)
      expect(Number(cells[head.indexOf('rmse')])).toBe(rows[i].scores.measures.rmse.value)
      expect(cells[head.indexOf('rmse_low')]).toBe(String(rows[i].scores.measures.rmse.low ?? ''))
    })
    expect(body.filter((cells) => cells[head.indexOf('few_pairs')] === 'true').map((cells) => cells[2])).toEqual([
      'station:R3',
    ])
  })

  it('guards text that a spreadsheet would run, and quotes; negative numbers stay numbers', () => {
    const evil = (validation: string) =>
      scoresToCsv(scoreTable(pairs, { ...options, validation, by: ['overall'] })).split('\r\n')[1]
    for (const start of ['=', '+', '-', '@', '\t']) expect(evil(`${start}cmd`)).toMatch(/^'/)
    expect(evil('=HYPERLINK("x",1)')).toMatch(/^"'=HYPERLINK\(""x"",1\)",fine map/)
    const dry = { ...pairs, predicted: pairs.predicted.map((value) => value - 1) }
    expect(scoresToCsv(scoreTable(dry, { ...options, by: ['overall'] }))).toMatch(/,-0\.99\d+,/)
  })
})

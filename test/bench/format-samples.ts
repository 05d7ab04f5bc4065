import { formatSurvey, surveyFolder } from '../../main/engine/catalog/index.ts'
import { sharedData } from '../shared-data.ts'
import type { BenchRow } from './row.ts'

/** What Loam says of every real and every bad file of the format samples. */
export async function bench(): Promise<BenchRow[]> {
  const rows = await surveyFolder(sharedData('format_samples'))
  console.log(formatSurvey(rows))
  const refused = rows.filter((row) => row.code !== null)
  return [
    {
      figure: 'format samples',
      loam: `${rows.length} files: ${rows.length - refused.length} understood, ${refused.length} refused with a reason, ${rows.filter((row) => row.code === 'native_crash' || row.code === 'internal').length} crashed`,
    },
  ]
}

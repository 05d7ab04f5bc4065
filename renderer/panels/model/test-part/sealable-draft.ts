import { TestPart } from '../../../../main/contract/index.ts'
import type { Draft } from '../../../../main/contract/index.ts'
import { partAt, withPart } from '../../../state/draft.ts'

/** The draft without a test part that holds nothing yet or is half typed: grid, stations and calendar are known all the same, and it is
 *  from them that a test part is chosen. */
export function sealableDraft(draft: Draft): Draft {
  const test = partAt(draft, 'split.test')
  return test === undefined || TestPart.safeParse(test).success ? draft : withPart(draft, 'split.test', undefined)
}

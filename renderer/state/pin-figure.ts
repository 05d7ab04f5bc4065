import { endpoints } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { say, sayFault } from './notices.ts'
import { session } from './session.ts'
import { editWorkspace, newId } from './workspace.ts'

interface FigureToPin {
  readonly title: string
  readonly caption: string
  readonly kind: 'svg' | 'png'
  readonly picture: Blob
}

/** Keeps a picture in the project and puts it into the report. */
export async function pinFigure({ title, caption, kind, picture }: FigureToPin): Promise<void> {
  try {
    const { file } = await call(endpoints.keepPicture, { query: { kind }, stream: picture })
    const figure = { id: newId('f'), title, caption, file, madeAtMs: Date.now() }
    editWorkspace(`Pin ${title}`, (document) => ({ ...document, figures: [...document.figures, figure] }))
    say('good', `${title} is pinned to the report.`, {
      title: 'Show report',
      run: () => session().set({ place: 'report' }),
    })
  } catch (thrown) {
    sayFault(thrown)
  }
}

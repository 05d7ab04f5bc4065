import type { RefusedFile } from '../../../../main/contract/index.ts'
import { Icon } from '../../../widgets/Icon.tsx'
import { counted, inWindowWords } from '../words.ts'

const mostShown = 200

/** Files that make no dataset, each with its reason; last, because nothing is lost by them. */
export function RefusedFiles({ files }: { readonly files: readonly RefusedFile[] }) {
  return (
    <section className="import-refused" aria-label="Refused files">
      <h3>{counted(files.length, 'file')} refused</h3>
      <ul>
        {files.slice(0, mostShown).map(({ path, message }) => (
          <li key={path}>
            <Icon name="error" size={14} />
            <span className="import-refused-name" title={path}>
              {path.replace(/^.*[\\/]/, '')}
            </span>
            <span className="text-2">{inWindowWords(message)}</span>
          </li>
        ))}
      </ul>
      {files.length > mostShown && <p className="text-2">and {counted(files.length - mostShown, 'more file')}</p>}
    </section>
  )
}

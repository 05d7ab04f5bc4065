import { dismiss, useNotices } from '../state/notices.ts'
import { IconButton } from '../widgets/Button.tsx'
import { Strip } from '../widgets/PanelState.tsx'
import { Button } from '../widgets/Button.tsx'
import './notices.css'

/** What was said last, in the lower right corner. */
export function Notices() {
  const { all, shown } = useNotices()
  return (
    <div className="notices" role="region" aria-label="Messages" aria-live="polite">
      {all
        .filter(({ id }) => shown.includes(id))
        .map(({ id, tone, text, action }) => (
          <div key={id} className="notice">
            <Strip tone={tone} action={action && <Button onPress={action.run}>{action.title}</Button>}>
              {text}
            </Strip>
            <IconButton icon="close" label="Dismiss" onPress={() => dismiss(id)} />
          </div>
        ))}
    </div>
  )
}

import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { endpoints } from '../../../main/contract/index.ts'
import type { RunEvent } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { onServerEvent } from '../../api/events.ts'
import { say, sayFault } from '../../state/notices.ts'
import { session } from '../../state/session.ts'
import { pace } from '../../widgets/pace.ts'
import { addRunLayers, hasRunLayers } from './run-layers.ts'
import { shareAt, stepTitles } from './run-words.ts'

/** Follows runs wherever the user is: tells screen readers, the taskbar, and when one ends; the first one's maps go on the map. */
export function RunFollower() {
  const [words, setWords] = useState('')
  /** The end of each run that was told: its process and the queue both say it. */
  const told = useRef(new Map<string, string>())
  useEffect(() => {
    const mayTell = pace()
    const tell = (text: string, isUrgent: boolean) => {
      if (!mayTell(isUrgent, Date.now())) return
      // Two states that come close upon each other would be drawn as one, and the first never be said.
      if (isUrgent) flushSync(() => setWords(text))
      else setWords(text)
    }
    const stop = onServerEvent((event) => {
      if (event.type !== 'run') return
      const { run, event: news } = event
      if (news.event === 'progress') {
        const share = shareAt(news)
        window.loam?.setProgress(share)
        tell(
          `Run ${run}: ${stepTitles[news.step]} ${news.done} of ${news.total}, ${Math.round(100 * share)} % of all`,
          false,
        )
      }
      if (news.event === 'state') {
        const isOver = !['running', 'waiting', 'pausing', 'cancelling'].includes(news.state)
        if (!isOver) told.current.delete(run)
        else if (told.current.get(run) === news.state) return
        tell(`Run ${run} is ${news.state.replaceAll('_', ' ')}`, true)
        if (!isOver) return
        told.current.set(run, news.state)
        window.loam?.setProgress(null)
        void ended(run, news)
      }
    })
    return () => {
      stop()
      window.loam?.setProgress(null)
    }
  }, [])
  return (
    <div className="visually-hidden run-words" role="status" aria-live="polite">
      {words}
    </div>
  )
}

async function ended(run: string, { state, message }: Extract<RunEvent, { event: 'state' }>): Promise<void> {
  const open = { title: 'Show', run: () => session().set({ place: 'runs', selection: { kind: 'run', run } }) }
  if (state === 'failed' || state === 'interrupted') return say('bad', `Run ${run}: ${message}`, open)
  if (state !== 'done' && state !== 'done_with_warnings') return
  say(state === 'done' ? 'good' : 'warn', `Run ${run} is done.`, open)
  notify(`Run ${run} is done`)
  if (hasRunLayers()) return
  try {
    addRunLayers(await call(endpoints.showRun, { params: { run } }))
  } catch (thrown) {
    sayFault(thrown)
  }
}

/** A notification of the system, only while nobody looks and only where it was allowed. */
function notify(text: string): void {
  if (document.hidden && typeof Notification !== 'undefined' && Notification.permission === 'granted') {
    const notice = new Notification('Loam', { body: text })
    notice.addEventListener('click', () => window.focus())
  }
}

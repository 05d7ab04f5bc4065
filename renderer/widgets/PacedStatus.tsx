import { useEffect, useRef, useState } from 'react'
import { pace } from './pace.ts'

/** Progress that everybody sees at once and a screen reader hears at most every 10 s. */
export function PacedStatus({ words }: { readonly words: string }) {
  const [said, setSaid] = useState('')
  const mayTell = useRef(pace())
  useEffect(() => {
    if (mayTell.current(false, Date.now())) setSaid(words)
  }, [words])
  return (
    <>
      <span aria-hidden="true">{words}</span>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  )
}

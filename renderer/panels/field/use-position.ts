import { useEffect, useState } from 'react'

export interface Position {
  readonly longitude: number
  readonly latitude: number
  /** Radius in metres in which the place lies with 95 %, as the receiver says. */
  readonly accuracy: number
  readonly atMs: number
}

export interface PositionState {
  readonly position: Position | null
  /** Why there is none, in words; null while it is waited for or when it is there. */
  readonly fault: string | null
}

/** The position the system's receiver gives, followed while the caller is there. Nothing is asked from a network by Loam. */
export function usePosition(isWanted: boolean): PositionState {
  const [state, setState] = useState<PositionState>({ position: null, fault: null })
  useEffect(() => {
    if (!isWanted || !hasReceiver) return
    const watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) =>
        setState({
          position: {
            longitude: coords.longitude,
            latitude: coords.latitude,
            accuracy: coords.accuracy,
            atMs: timestamp,
          },
          fault: null,
        }),
      ({ code }) => setState((before) => ({ ...before, fault: faults[code] ?? 'No position.' })),
      { enableHighAccuracy: true, maximumAge: 5000 },
    )
    return () => navigator.geolocation.clearWatch(watch)
  }, [isWanted])
  return hasReceiver ? state : { position: null, fault: 'This machine gives no position.' }
}

const hasReceiver = 'geolocation' in navigator

const faults: Record<number, string> = {
  1: 'The position may not be read here. Allow it for this page, or log at the middle of the map.',
  2: 'The receiver finds no position yet.',
  3: 'The receiver takes long. It is asked on.',
}

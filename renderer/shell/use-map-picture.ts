import { useEffect, useMemo, useRef } from 'react'
import type { RefObject } from 'react'
import { endpoints } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import type { MapStageHandle } from '../map/MapStage.tsx'
import { useMapReadings } from '../map/readings.ts'
import { useSession } from '../state/session.ts'
import { useWorkspaceStore } from '../state/workspace.ts'

/** The map rests when nothing was changed for so long. */
const restMs = 2500
/** Of the picture in the list of recent projects, at twice its size there. */
const width = 240
const height = 150

/** Keeps a small picture of the map with the project whenever the map rests: the list of recent projects shows it. */
export function useMapPicture(stage: RefObject<MapStageHandle | null>, isShown: boolean): void {
  const { camera, day, compare } = useSession()
  const layers = useWorkspaceStore((state) => state.document.layers)
  const isReadOnly = useWorkspaceStore((state) => state.isReadOnly)
  const isLoading = useMapReadings((state) => state.isLoading)
  const hasPicture = useMapReadings((state) => state.shown.length > 0)
  const scene = useMemo(() => ({ camera, day, layers }), [camera, day, layers])
  const kept = useRef<object | null>(null)
  useEffect(() => {
    if (!isShown || isReadOnly || isLoading || !hasPicture || compare.mode !== 'single') return
    if (kept.current === scene) return
    const timer = setTimeout(() => {
      kept.current = scene
      void keep(stage.current)
    }, restMs)
    return () => clearTimeout(timer)
  }, [stage, isShown, isReadOnly, isLoading, hasPicture, scene, compare.mode])
}

/** The middle of the map, as large as fits, made small. */
async function keep(stage: MapStageHandle | null): Promise<void> {
  try {
    const bitmap = await stage?.snapshot()
    if (!bitmap) return
    const canvas = new OffscreenCanvas(width, height)
    const scale = Math.max(width / bitmap.width, height / bitmap.height)
    const [w, h] = [bitmap.width * scale, bitmap.height * scale]
    canvas.getContext('2d')?.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h)
    bitmap.close()
    await call(endpoints.keepMapPicture, { stream: await canvas.convertToBlob({ type: 'image/png' }) })
  } catch {
    // A picture for a list: the next rest makes another, and nothing is lost without it.
  }
}

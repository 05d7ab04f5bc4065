import { useEffect } from 'react'
import { runCommand, useAllCommands } from '../state/commands.ts'
import { openProject } from './project-actions.ts'

/** Ties the page to the desktop window: the native menu is made from the command table, and its rows run commands. Nothing in a
 *  browser. */
export function useDesktop(): void {
  const commands = useAllCommands()
  useEffect(() => {
    window.loam?.setMenu(
      commands.map(({ id, title, group, keys, unavailable }) => ({
        id,
        title,
        group,
        keys: keys?.[0] ?? null,
        isEnabled: !unavailable?.(),
      })),
    )
  }, [commands])
  useEffect(() => {
    const bridge = window.loam
    if (!bridge) return
    const stops = [bridge.onCommand(runCommand), bridge.onOpenProject((path) => void openProject(path))]
    return () => stops.forEach((stop) => stop())
  }, [])
}

import { create } from 'zustand'

export interface ChooseOptions {
  readonly title: string
  /** `save`: a name that need not exist yet. */
  readonly kind: 'file' | 'files' | 'folder' | 'save'
  /** `*.tif,*.nc` */
  readonly glob?: string
  /** Words of the button: "Add 3 files". */
  readonly action?: string
  readonly defaultName?: string
}

export interface Asked extends ChooseOptions {
  readonly answer: (paths: string[] | null) => void
}

/** What the in-page chooser is asked at the moment. */
export const useAsked = create<{ readonly asked: Asked | null }>(() => ({ asked: null }))

/** Lets the user choose files or folders of the machine the engine runs on: by the system's own dialog on the desktop, by a
 *  sheet in a browser. @returns absolute paths, null when it was closed */
export async function chooseFiles(options: ChooseOptions): Promise<string[] | null> {
  const bridge = window.loam
  if (bridge) return bridge.chooseFiles(options)
  return new Promise((resolve) => {
    useAsked.setState({
      asked: {
        ...options,
        answer: (paths) => {
          useAsked.setState({ asked: null })
          resolve(paths)
        },
      },
    })
  })
}

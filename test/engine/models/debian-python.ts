import { execFileSync } from 'node:child_process'

/** The system's Python where it has scikit-learn (Debian: python3-sklearn), to hold our numbers against; null elsewhere. */
export const debianPython: string | null = (() => {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import sklearn'], { stdio: 'ignore' })
    return '/usr/bin/python3'
  } catch {
    return null
  }
})()

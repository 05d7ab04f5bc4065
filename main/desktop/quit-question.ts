/** What is to happen to a run when the window closes. */
export type QuitAnswer = 'keep running' | 'pause and quit' | 'stay'

export interface QuitQuestion {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
  readonly defaultId: number
  readonly cancelId: number
}

const answers: readonly QuitAnswer[] = ['keep running', 'pause and quit', 'stay']

/** Asked once, and only while runs wait or go on.
 *  @returns null when there is nothing to ask */
export function quitQuestion(underWay: number): QuitQuestion | null {
  if (underWay === 0) return null
  return {
    message: underWay === 1 ? 'A run is under way' : `${underWay} runs are under way`,
    detail:
      'Keep running closes the window and goes on in the background until the runs have ended. Pause and quit keeps what is finished; resume goes on there.',
    buttons: ['Keep running', 'Pause and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  }
}

/** @param button its place in the question's buttons; anything else is no answer */
export function quitAnswer(button: number): QuitAnswer {
  return answers[button] ?? 'stay'
}

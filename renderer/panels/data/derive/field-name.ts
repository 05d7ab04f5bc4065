/** Why a field cannot be called so; null when it can. */
export function fieldNameFault(name: string, isTaken: boolean): string | null {
  if (!/^(?!__proto__$)[A-Za-z_]\w*$/.test(name)) return 'Letters, digits and _ only, not starting with a digit.'
  return isTaken ? `There is a field ${name} already.` : null
}

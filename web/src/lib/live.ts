/** Whether changes concern what a page shows. */

interface Told {
  everything: boolean
  changes: readonly { kind: string; id?: string | null }[]
}

/** An assignment's id begins with its schedule's; a notice without id may be about anything of its kind. */
export function about(told: Told, kinds: readonly string[], ids?: readonly (string | undefined)[]): boolean {
  if (told.everything) return true
  return told.changes.some(({ kind, id }) => kinds.includes(kind) && (!id || !ids || ids.some((one) => one !== undefined && (id === one || id.startsWith(`${one}/`)))))
}

/** A moment of the interface in the stations' time. */
export function moment(iso: string | null | undefined): string {
  if (!iso) return '—'
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(new Date(iso))
}

/** What is free of a shared resource; the server decides, this shows it before one asks. */

export const RESOURCE_KINDS = ['venue', 'vehicle', 'equipment', 'goods', 'fund'] as const
export const BASES = ['study', 'partyActivities', 'health', 'cultureSports'] as const

interface Use {
  resource: string
  date: string
  startMinute: number
  endMinute: number
  quantity: number
  status: string
}

/** Bookings of a resource that overlap a time. */
export function overlapping<B extends Use>(bookings: readonly B[], resource: string, date: string, start: number, end: number): B[] {
  return bookings.filter((one) => one.status === 'booked' && one.resource === resource && one.date === date && one.startMinute < end && start < one.endMinute)
}

/** The most that is in use at any moment of the time. */
export function peak(bookings: readonly Use[], start: number): number {
  const moments = [start, ...bookings.map((one) => Math.max(start, one.startMinute))]
  return Math.max(0, ...moments.map((at) => bookings.filter((one) => one.startMinute <= at && at < one.endMinute).reduce((sum, one) => sum + one.quantity, 0)))
}

/** Whether a resource is withdrawn on a day. */
export function withdrawnOn(resource: { withdrawnFrom?: string | null; withdrawnTo?: string | null }, date: string): boolean {
  return Boolean(resource.withdrawnFrom && resource.withdrawnFrom <= date && (!resource.withdrawnTo || date <= resource.withdrawnTo))
}

/** What speaks against a booking, as far as the bookings at hand say. */
export function clash(resource: { id?: string | null; kind: string; quantity: number }, bookings: readonly Use[], wanted: { date: string; startMinute: number; endMinute: number; quantity: number }): { overlaps: Use[]; used: number; kind: 'none' | 'taken' | 'pool' } {
  const overlaps = overlapping(bookings, resource.id ?? '', wanted.date, wanted.startMinute, wanted.endMinute)
  // Stock and money are used up by every booking; how much is left in all only the server knows.
  if (resource.kind === 'goods' || resource.kind === 'fund') return { overlaps: [], used: 0, kind: 'none' }
  const used = peak(overlaps, wanted.startMinute)
  if (resource.kind === 'venue') return { overlaps, used, kind: overlaps.length ? 'taken' : 'none' }
  return { overlaps, used, kind: used + wanted.quantity > resource.quantity ? 'pool' : 'none' }
}

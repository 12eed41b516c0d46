import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { about } from '@/lib/live'
import { useLive, type Changes } from '@/stores/live'

const told = (kind: string, id: string | null = null) => ({ everything: false, changes: [{ kind, id }] })

test('a page is read anew for its kinds, and for its own things when it shows single ones', () => {
  expect(about(told('case', 'ca-1'), ['case'])).toBe(true)
  expect(about(told('case', 'ca-1'), ['schedule'])).toBe(false)
  expect(about(told('case', 'ca-1'), ['case'], ['ca-2'])).toBe(false)
  expect(about(told('case', 'ca-2'), ['case'], ['ca-2'])).toBe(true)
  expect(about(told('case'), ['case'], ['ca-2'])).toBe(true)
})

test('an assignment belongs to its schedule', () => {
  expect(about(told('assignment', 'sc-1/7'), ['assignment'], ['sc-1'])).toBe(true)
  expect(about(told('assignment', 'sc-12/7'), ['assignment'], ['sc-1', undefined])).toBe(false)
})

test('after too much to be listed every page is read anew', () => {
  expect(about({ everything: true, changes: [] }, ['case'], ['ca-1'])).toBe(true)
})

/** What a browser does with a stream, by hand. */
class Stream extends EventTarget {
  static readonly CLOSED = 2
  static last: Stream
  readyState = 0
  constructor(readonly url: string) {
    super()
    Stream.last = this
  }
  close(): void {
    this.readyState = Stream.CLOSED
  }
  fire(kind: string): void {
    this.dispatchEvent(new Event(kind))
  }
}

function listening() {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Stream)
  const live = useLive()
  const told: Changes[] = []
  live.listen((changes) => told.push(changes))
  live.start()
  Stream.last.fire('open')
  return { live, told }
}
beforeEach(() => void setActivePinia(createPinia()))
afterEach(() => {
  useLive().stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('the regular end of a stream is no fault, a second failure is, and afterwards everything is read anew', () => {
  const { live, told } = listening()
  Stream.last.fire('error')
  expect(live.broken).toBe(false)
  Stream.last.fire('open')
  Stream.last.fire('error')
  expect(live.broken).toBe(false)
  Stream.last.fire('error')
  expect(live.broken).toBe(true)
  expect(told).toEqual([])
  Stream.last.fire('open')
  expect(live.broken).toBe(false)
  expect(told).toEqual([{ last: 0, everything: true, changes: [] }])
})

test('a stream that falls silent is dead, and one that gives signs of life is not', () => {
  const { live } = listening()
  const first = Stream.last
  for (let at = 0; at < 6; at += 1) {
    vi.advanceTimersByTime(15_000)
    first.fire('alive')
  }
  expect([live.broken, first.readyState]).toEqual([false, 0])
  vi.advanceTimersByTime(60_000)
  expect([live.broken, first.readyState]).toEqual([true, Stream.CLOSED])
  expect(Stream.last).not.toBe(first)
})

/** What others change, while a page lies open: one event stream for the whole app, with kinds and ids only. Pages read anew what they show. */
import { defineStore } from 'pinia'
import { client, unwrap, type Schemas } from '@/api/client'

export type Changes = Schemas['Changes']
type Hear = (changes: Changes) => void

/** After a refusal or a broken server, the stream is tried again so much later. */
const AGAIN_MS = 5000

export const useLive = defineStore('live', () => {
  const listeners = new Set<Hear>()
  let wanted = false
  let stream: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: number | null = null

  function hear(changes: Changes): void {
    last = changes.last
    if (changes.everything || changes.changes.length > 0) for (const tell of [...listeners]) tell(changes)
  }

  function connect(): void {
    // Browsers keep few connections to a server: only windows that are looked at have one, and ask afterwards what they missed.
    if (!wanted || stream || document.visibilityState === 'hidden') return
    const now = new EventSource(`/api/v1/changes${last === null ? '' : `?after=${last}`}`)
    stream = now
    now.addEventListener('changes', (event) => hear(JSON.parse((event as MessageEvent<string>).data) as Changes))
    now.addEventListener('error', () => {
      if (now.readyState === EventSource.CLOSED) later()
    })
  }

  function disconnect(): void {
    clearTimeout(timer)
    stream?.close()
    stream = null
  }

  /** The browser gives up where the server refuses. Asking once more, plainly, tells the app whether the session has ended. */
  function later(): void {
    disconnect()
    timer = setTimeout(async () => {
      const query = last === null ? {} : { after: String(last) }
      const missed = await unwrap(client.GET('/api/v1/changes', { params: { query } })).catch(() => null)
      if (!wanted) return
      if (!missed) return later()
      hear(missed)
      connect()
    }, AGAIN_MS)
  }

  const seen = () => (document.visibilityState === 'hidden' ? disconnect() : connect())

  function start(): void {
    if (wanted) return
    wanted = true
    document.addEventListener('visibilitychange', seen)
    connect()
  }

  /** What somebody was told is no beginning for the next one. */
  function stop(): void {
    wanted = false
    last = null
    document.removeEventListener('visibilitychange', seen)
    disconnect()
  }

  function listen(tell: Hear): () => void {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }

  return { start, stop, listen }
})

/** What others change, while a page lies open: one event stream for the whole app, with kinds and ids only. Pages read anew what they show. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { client, unwrap, type Schemas } from '@/api/client'

export type Changes = Schemas['Changes']
type Hear = (changes: Changes) => void

/** After a refusal or a broken server, the stream is tried again so much later. */
const AGAIN_MS = 5000
/** The server says at least every 15 seconds that it is there; a stream that is silent longer than this is dead, as after a change of networks. */
const SILENT_MS = 40_000

export const useLive = defineStore('live', () => {
  const listeners = new Set<Hear>()
  let wanted = false
  let stream: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: number | null = null
  let watchdog: ReturnType<typeof setTimeout> | undefined
  let ended = false
  /** What others change does not arrive, and what is shown may be out of date. */
  const broken = ref(false)

  function hear(changes: Changes): void {
    last = changes.last
    if (changes.everything || changes.changes.length > 0) for (const tell of [...listeners]) tell(changes)
  }

  /** The server has been heard of. */
  function alive(): void {
    ended = false
    clearTimeout(watchdog)
    watchdog = setTimeout(() => {
      broken.value = true
      disconnect()
      connect()
    }, SILENT_MS)
    if (!broken.value) return
    broken.value = false
    // Pages that could not be read meanwhile show an error or old figures, whatever was changed.
    for (const tell of [...listeners]) tell({ last: last ?? 0, everything: true, changes: [] })
  }

  function connect(): void {
    // Browsers keep few connections to a server: only windows that are looked at have one, and ask afterwards what they missed.
    if (!wanted || stream || document.visibilityState === 'hidden') return
    const now = new EventSource(`/api/v1/changes${last === null ? '' : `?after=${last}`}`)
    stream = now
    now.addEventListener('open', alive)
    now.addEventListener('alive', alive)
    now.addEventListener('changes', (event) => {
      alive()
      hear(JSON.parse((event as MessageEvent<string>).data) as Changes)
    })
    now.addEventListener('error', () => {
      if (stream !== now) return
      // Every stream ends after some minutes, and the browser comes back at once; only a second failure is one.
      if (ended || !navigator.onLine) broken.value = true
      ended = true
      if (now.readyState === EventSource.CLOSED) later()
    })
  }

  function disconnect(): void {
    clearTimeout(timer)
    clearTimeout(watchdog)
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
      if (!missed) {
        broken.value = true
        return later()
      }
      hear(missed)
      connect()
    }, AGAIN_MS)
  }

  const seen = () => (document.visibilityState === 'hidden' ? disconnect() : connect())

  const lost = () => {
    if (document.visibilityState !== 'hidden') broken.value = true
  }

  function start(): void {
    if (wanted) return
    wanted = true
    document.addEventListener('visibilitychange', seen)
    window.addEventListener('offline', lost)
    connect()
  }

  /** What somebody was told is no beginning for the next one. */
  function stop(): void {
    wanted = false
    last = null
    ended = false
    broken.value = false
    document.removeEventListener('visibilitychange', seen)
    window.removeEventListener('offline', lost)
    disconnect()
  }

  function listen(tell: Hear): () => void {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }

  return { broken, start, stop, listen }
})

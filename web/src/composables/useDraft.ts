/** A form's unsaved state that survives a reload of the page. */
import { computed, ref, watch, type Ref } from 'vue'

const PREFIX = 'paiban.draft.'

export interface Draft<T> {
  value: Ref<T>
  /** True when the value came from an earlier visit. */
  restored: Ref<boolean>
  /** Something is entered that is not saved. */
  dirty: Readonly<Ref<boolean>>
  /** Starts from a saved state; an unsaved one of the same key and version comes back. */
  start: (saved: T, version?: number | null) => void
  discard: () => void
}

interface Kept<T> {
  version: number | null
  value: T
}

export function useDraft<T extends object>(key: () => string, blank: T): Draft<T> {
  const value = ref(structuredClone(blank)) as Ref<T>
  const restored = ref(false)
  const savedText = ref(JSON.stringify(blank))
  let savedVersion: number | null = null
  let keyNow = ''

  function start(from: T, version: number | null = null): void {
    keyNow = PREFIX + key()
    savedVersion = version
    const clone = JSON.parse(JSON.stringify(from)) as T
    savedText.value = JSON.stringify(clone)
    const kept = read<T>(keyNow)
    restored.value = kept !== null && kept.version === version && JSON.stringify(kept.value) !== savedText.value
    value.value = restored.value && kept ? kept.value : clone
  }

  function discard(): void {
    store(keyNow, null)
    value.value = JSON.parse(savedText.value) as T
    restored.value = false
  }

  watch(
    value,
    (now) => {
      if (!keyNow) return
      const changed = JSON.stringify(now) !== savedText.value
      store(keyNow, changed ? { version: savedVersion, value: now } : null)
    },
    { deep: true },
  )
  const dirty = computed(() => JSON.stringify(value.value) !== savedText.value)
  return { value, restored, dirty, start, discard }
}

function read<T>(key: string): Kept<T> | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as Kept<T> | null
  } catch {
    return null
  }
}

function store(key: string, kept: unknown): void {
  try {
    if (kept === null) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(kept))
  } catch {
    // Without storage a reload loses the draft.
  }
}

/** Takes every draft away: the next one at this screen is somebody else. */
export function dropDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
  } catch {
    // Storage that is off holds none.
  }
}

/** What a browser remembers of its user: language, appearance, and until there are accounts whose week "mine" is. No secrets. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { setApiLanguage } from '@/api/client'
import { i18n, LANGUAGES, type Language } from '@/i18n'

const KEY = 'paiban.prefs'
type Look = 'auto' | 'light' | 'dark'

interface Kept {
  language: Language
  look: Look
  me: string | null
}

function read(): Kept {
  const kept: Kept = { language: 'zh-CN', look: 'auto', me: null }
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>
    if (LANGUAGES.includes(stored.language as Language)) kept.language = stored.language as Language
    if (stored.look === 'light' || stored.look === 'dark') kept.look = stored.look
    if (typeof stored.me === 'string') kept.me = stored.me
  } catch {
    // Storage that is off or spoilt costs the preferences, nothing else.
  }
  return kept
}

export const usePrefs = defineStore('prefs', () => {
  const kept = read()
  const language = ref<Language>(kept.language)
  const look = ref<Look>(kept.look)
  const me = ref<string | null>(kept.me)
  const system = window.matchMedia?.('(prefers-color-scheme: dark)')
  const systemDark = ref(system?.matches ?? false)
  system?.addEventListener('change', (event) => (systemDark.value = event.matches))
  const dark = computed(() => look.value === 'dark' || (look.value === 'auto' && systemDark.value))

  watch(
    language,
    (tag) => {
      i18n.global.locale.value = tag
      document.documentElement.lang = tag
      setApiLanguage(tag)
    },
    { immediate: true, flush: 'sync' },
  )
  watch(dark, (on) => document.documentElement.classList.toggle('dark', on), { immediate: true })
  watch([language, look, me], () => {
    try {
      localStorage.setItem(KEY, JSON.stringify({ language: language.value, look: look.value, me: me.value }))
    } catch {
      // As above.
    }
  })
  return { language, look, me, dark }
})

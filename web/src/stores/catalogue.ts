/** The catalogue of rules, fetched once. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { rules, type Rule } from '@/api/planning'
import { usePrefs } from './prefs'

export const useCatalogue = defineStore('catalogue', () => {
  const prefs = usePrefs()
  const list = shallowRef<Rule[]>([])
  let asked: Promise<void> | null = null
  function ensure(): Promise<void> {
    asked ??= rules.catalogue().then(
      (all) => {
        list.value = all
      },
      (error: unknown) => {
        asked = null
        throw error
      },
    )
    return asked
  }
  const find = (code: string) => list.value.find((rule) => rule.code === code)
  const sentence = (code: string) => {
    const rule = find(code)
    return rule ? (prefs.language === 'en' ? rule.en : rule.zh) : code
  }
  return { list, ensure, find, sentence }
})

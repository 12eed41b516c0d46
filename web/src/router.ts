import { createRouter, createWebHistory, type Router } from 'vue-router'
import { i18n } from './i18n'
import { pages } from './pages'
import { useScope } from './stores/scope'

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', redirect: '/board' },
      ...pages.map((page) => ({ path: page.path, name: page.name, component: page.component, meta: { page } })),
      { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
    ],
    scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  })

  // An empty database leads to the guided start; everything else would be an empty page.
  router.beforeEach(async (to) => {
    const scope = useScope()
    try {
      await scope.boot()
    } catch {
      // The frame says that the server does not answer, and asks again.
      return true
    }
    if (scope.empty && to.name !== 'welcome' && to.name !== 'stations') return { name: 'welcome' }
    if (scope.empty === false && to.name === 'welcome') return { name: 'board' }
    return true
  })
  router.afterEach((to) => {
    const { t } = i18n.global
    const name = String(to.name ?? 'missing')
    document.title = `${t(`page.${name}`)} · ${t('app.name')}`
  })
  return router
}

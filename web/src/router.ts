import { ElMessage } from 'element-plus'
import { createRouter, createWebHistory, type Router } from 'vue-router'
import { i18n } from './i18n'
import { setDoorkeeper } from './api/client'
import { backTo } from './lib/rights'
import { pages } from './pages'
import { useScope } from './stores/scope'
import { useSession } from './stores/session'

/** Pages that make sense without any unit. */
const BEFORE_DATA = new Set(['welcome', 'stations', 'password', 'accounts', 'keys', 'audit', 'calendars', 'tables'])

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      ...pages.map((page) => ({ path: page.path, name: page.name, component: page.component, meta: { page } })),
      { path: '/:rest(.*)*', name: 'missing', component: () => import('./pages/MissingPage.vue') },
    ],
    scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  })

  router.beforeEach(async (to) => {
    const scope = useScope()
    const session = useSession()
    try {
      await session.boot()
      if (!session.current) return to.name === 'sign-in' ? true : { name: 'sign-in', query: { back: to.path === '/' ? undefined : to.fullPath } }
      if (session.current.mustChangePassword) return to.name === 'password' ? true : { name: 'password', query: { back: to.query.back ?? to.fullPath } }
      await scope.boot()
    } catch {
      // The frame says that the server does not answer, and asks again.
      return true
    }
    if (to.name === 'sign-in') return backTo(to.query.back) ?? session.home
    // An empty database leads to the guided start; everything else would be an empty page.
    if (scope.empty && !BEFORE_DATA.has(String(to.name))) return { name: 'welcome' }
    if (to.path === '/' || (scope.empty === false && to.name === 'welcome')) return session.home
    return true
  })
  router.afterEach((to) => {
    const { t } = i18n.global
    const name = String(to.name ?? 'missing')
    document.title = `${t(`page.${name}`)} · ${t('app.name')}`
  })
  keepDoor(router)
  keepTrying(router)
  return router
}

/** A page that cannot be fetched says so, and opens once there is a connection again. */
function keepTrying(router: Router): void {
  let stop = () => {}
  router.onError((_error, to) => {
    stop()
    const message = ElMessage({ type: 'error', message: i18n.global.t('state.offline'), duration: 0, showClose: true })
    const again = () => void router.push(to.fullPath)
    window.addEventListener('online', again, { once: true })
    stop = () => {
      message.close()
      window.removeEventListener('online', again)
    }
  })
  router.afterEach((_to, _from, failure) => {
    if (!failure) stop()
  })
}

/** Leads to signing in when the session has ended, and back afterwards. */
function keepDoor(router: Router): void {
  const away = (name: string) => {
    const at = router.currentRoute.value
    if (at.name !== name) void router.push({ name, query: { back: at.fullPath } })
  }
  setDoorkeeper({
    signedOut() {
      useSession().lost()
      away('sign-in')
    },
    passwordDue: () => away('password'),
    renew: () => useSession().ask().catch(() => null),
  })
}

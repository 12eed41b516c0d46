/**
 * Every page of the app, in the order of the menu. A page joins by one entry here and one component;
 * the router and the menus are made from this list.
 */
import { Avatar, Bell, Calendar, ChatLineSquare, Collection, Connection, Place, Switch, DataAnalysis, Document, EditPen, Flag, Grid, Key, List, MapLocation, Message, Notebook, OfficeBuilding, Present, Service, SetUp, Stamp, Tickets, Upload, User, UserFilled } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { Right } from '@/lib/rights'

export interface Page {
  name: string
  path: string
  component: () => Promise<unknown>
  /** In the menu, under this heading. */
  group?: 'planning' | 'service' | 'network' | 'rules' | 'own' | 'administration'
  icon?: Component
  /** On the phone's bar at the bottom, the lowest numbers first, as many as fit. */
  bar?: number
  /** Shows unit and week in the head of the page. */
  scope?: 'both' | 'unit' | 'week'
  /** Without menus around it. */
  bare?: boolean
  /** Only for those whose roles give this right; everybody who is signed in without it. */
  right?: Right
  /** Only for accounts that are somebody's. */
  own?: boolean
}

export const pages: readonly Page[] = [
  { name: 'sign-in', path: '/sign-in', component: () => import('./SignInPage.vue'), bare: true },
  { name: 'password', path: '/password', component: () => import('./PasswordPage.vue'), bare: true },
  { name: 'board', path: '/board', component: () => import('./BoardPage.vue'), group: 'planning', icon: Grid, bar: 1, scope: 'both', right: 'inspect' },
  { name: 'plans', path: '/plans', component: () => import('./PlansPage.vue'), group: 'planning', icon: Document, scope: 'both', right: 'inspect' },
  { name: 'plan', path: '/plans/:id', component: () => import('./PlanPage.vue'), right: 'inspect' },
  { name: 'compare', path: '/compare', component: () => import('./ComparePage.vue'), right: 'inspect' },
  { name: 'map', path: '/map', component: () => import('./MapPage.vue'), group: 'planning', icon: MapLocation, bar: 6, scope: 'both', right: 'inspect' },
  { name: 'reports', path: '/reports', component: () => import('./ReportsPage.vue'), group: 'planning', icon: DataAnalysis, scope: 'both', right: 'inspect' },
  { name: 'swaps', path: '/swaps', component: () => import('./SwapsPage.vue'), group: 'planning', icon: Switch, scope: 'unit', right: 'inspect' },
  { name: 'print', path: '/print', component: () => import('./PrintPage.vue'), bare: true, right: 'inspect' },
  { name: 'my-week', path: '/my-week', component: () => import('./MyWeekPage.vue'), group: 'own', icon: UserFilled, bar: 2, scope: 'week', own: true },
  { name: 'cases', path: '/cases', component: () => import('./CasesPage.vue'), group: 'service', icon: ChatLineSquare, bar: 3, scope: 'unit', right: 'follow' },
  { name: 'case-new', path: '/cases/new', component: () => import('./CaseNewPage.vue'), group: 'service', icon: EditPen, bar: 7, right: 'register' },
  { name: 'case', path: '/cases/:id', component: () => import('./CasePage.vue'), right: 'follow' },
  { name: 'receptions', path: '/receptions', component: () => import('./ReceptionsPage.vue'), group: 'service', icon: Service, bar: 4, scope: 'unit' },
  { name: 'reception', path: '/receptions/:id', component: () => import('./ReceptionPage.vue') },
  { name: 'notice', path: '/receptions/:id/notice', component: () => import('./NoticePage.vue'), bare: true },
  { name: 'visits', path: '/visits', component: () => import('./VisitsPage.vue'), group: 'service', icon: Place, scope: 'both', right: 'inspect' },
  { name: 'resources', path: '/resources', component: () => import('./ResourcesPage.vue'), group: 'service', icon: Tickets, scope: 'both', right: 'inspect' },
  { name: 'activities', path: '/activities', component: () => import('./ActivitiesPage.vue'), group: 'service', icon: Flag, scope: 'unit' },
  { name: 'needs', path: '/needs', component: () => import('./NeedsPage.vue'), group: 'service', icon: Present, scope: 'unit' },
  { name: 'people', path: '/people', component: () => import('./PeoplePage.vue'), group: 'network', icon: User, bar: 5, scope: 'unit', right: 'inspect' },
  { name: 'person', path: '/people/:id', component: () => import('./PersonPage.vue'), right: 'inspect' },
  { name: 'stations', path: '/stations', component: () => import('./StationsPage.vue'), group: 'network', icon: OfficeBuilding, right: 'inspect' },
  { name: 'demand', path: '/demand', component: () => import('./DemandPage.vue'), group: 'network', icon: List, scope: 'both', right: 'inspect' },
  { name: 'lists', path: '/lists', component: () => import('./ListsPage.vue'), group: 'network', icon: Collection, right: 'inspect' },
  { name: 'tables', path: '/tables', component: () => import('./TablesPage.vue'), group: 'network', icon: Upload, right: 'inspect' },
  { name: 'calendars', path: '/calendars', component: () => import('./CalendarsPage.vue'), group: 'rules', icon: Calendar, right: 'inspect' },
  { name: 'profiles', path: '/profiles', component: () => import('./ProfilesPage.vue'), group: 'rules', icon: SetUp, right: 'inspect' },
  { name: 'accounts', path: '/accounts', component: () => import('./AccountsPage.vue'), group: 'administration', icon: Avatar, right: 'administer' },
  { name: 'keys', path: '/api-keys', component: () => import('./KeysPage.vue'), group: 'administration', icon: Key },
  { name: 'policies', path: '/policies', component: () => import('./PoliciesPage.vue'), group: 'rules', icon: Bell, scope: 'unit', right: 'inspect' },
  { name: 'channels', path: '/channels', component: () => import('./ChannelsPage.vue'), group: 'administration', icon: Connection, right: 'edit' },
  { name: 'deliveries', path: '/deliveries', component: () => import('./DeliveriesPage.vue'), group: 'administration', icon: Message, right: 'edit' },
  { name: 'audit', path: '/audit', component: () => import('./AuditPage.vue'), group: 'administration', icon: Stamp, right: 'administer' },
  { name: 'welcome', path: '/welcome', component: () => import('./WelcomePage.vue'), bare: true },
  { name: 'help', path: '/help', component: () => import('./HelpPage.vue'), group: 'rules', icon: Notebook },
]

export const GROUPS = ['planning', 'own', 'service', 'network', 'rules', 'administration'] as const

/** Whether somebody with these rights meets the page in a menu, and is shown it. */
export function isFor(page: Page, who: { may: (right: Right) => boolean; person: string | null; open: boolean }): boolean {
  if (page.own && !who.person && !who.open) return false
  return !page.right || who.may(page.right)
}

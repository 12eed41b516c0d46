/**
 * Every page of the app, in the order of the menu. A page joins by one entry here and one component;
 * the router and the menus are made from this list.
 */
import { Calendar, Collection, DataAnalysis, Document, Grid, List, MapLocation, OfficeBuilding, SetUp, User, UserFilled, Notebook } from '@element-plus/icons-vue'
import type { Component } from 'vue'

export interface Page {
  name: string
  path: string
  component: () => Promise<unknown>
  /** In the menu, under this heading. */
  group?: 'planning' | 'network' | 'rules' | 'own'
  icon?: Component
  /** On the phone's bar at the bottom. */
  bar?: boolean
  /** Shows unit and week in the head of the page. */
  scope?: 'both' | 'unit' | 'week'
  /** Without menus around it. */
  bare?: boolean
}

export const pages: readonly Page[] = [
  { name: 'board', path: '/board', component: () => import('./BoardPage.vue'), group: 'planning', icon: Grid, bar: true, scope: 'both' },
  { name: 'plans', path: '/plans', component: () => import('./PlansPage.vue'), group: 'planning', icon: Document, scope: 'both' },
  { name: 'plan', path: '/plans/:id', component: () => import('./PlanPage.vue') },
  { name: 'compare', path: '/compare', component: () => import('./ComparePage.vue') },
  { name: 'map', path: '/map', component: () => import('./MapPage.vue'), group: 'planning', icon: MapLocation, bar: true, scope: 'both' },
  { name: 'reports', path: '/reports', component: () => import('./ReportsPage.vue'), group: 'planning', icon: DataAnalysis, scope: 'both' },
  { name: 'print', path: '/print', component: () => import('./PrintPage.vue'), bare: true },
  { name: 'my-week', path: '/my-week', component: () => import('./MyWeekPage.vue'), group: 'own', icon: UserFilled, bar: true, scope: 'week' },
  { name: 'people', path: '/people', component: () => import('./PeoplePage.vue'), group: 'network', icon: User, bar: true, scope: 'unit' },
  { name: 'person', path: '/people/:id', component: () => import('./PersonPage.vue') },
  { name: 'stations', path: '/stations', component: () => import('./StationsPage.vue'), group: 'network', icon: OfficeBuilding },
  { name: 'demand', path: '/demand', component: () => import('./DemandPage.vue'), group: 'network', icon: List, scope: 'both' },
  { name: 'lists', path: '/lists', component: () => import('./ListsPage.vue'), group: 'network', icon: Collection },
  { name: 'calendars', path: '/calendars', component: () => import('./CalendarsPage.vue'), group: 'rules', icon: Calendar },
  { name: 'profiles', path: '/profiles', component: () => import('./ProfilesPage.vue'), group: 'rules', icon: SetUp },
  { name: 'welcome', path: '/welcome', component: () => import('./WelcomePage.vue'), bare: true },
  { name: 'help', path: '/help', component: () => import('./HelpPage.vue'), group: 'rules', icon: Notebook },
]

export const GROUPS = ['planning', 'own', 'network', 'rules'] as const

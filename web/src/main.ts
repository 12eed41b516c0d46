import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-message.css'
import 'element-plus/theme-chalk/el-message-box.css'
import 'element-plus/theme-chalk/el-overlay.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './styles/tokens.css'
import './styles/app.css'
import App from './App.vue'
import { i18n } from './i18n'
import { makeRouter } from './router'

createApp(App).use(createPinia()).use(i18n).use(makeRouter()).mount('#app')
